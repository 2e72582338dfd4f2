package trustlist

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/c14n"
)

const rootName = "АккредитованныеУдостоверяющиеЦентры"

// Read reads a list. What concerns one certificate or one date and can't be read
// is a warning; data is kept and must not be changed. Errors: those of package
// c14n for what is no XML, ErrFormat, ErrLimit.
func Read(data []byte) (*List, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("%w: more than %d octets", ErrLimit, MaxSize)
	}
	r := &reader{s: c14n.NewScanner(data), l: &List{Digest: sha256.Sum256(data), raw: data}}
	if err := r.root(); err != nil {
		return nil, err
	}
	// The rest of the document must be XML as well: its signature covers it.
	for {
		if _, err := r.s.Next(); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
	}
	if r.l.Version == "" || r.l.Date.IsZero() {
		return nil, fmt.Errorf("%w: no version or no date", ErrFormat)
	}
	if len(r.l.Authorities) == 0 {
		return nil, fmt.Errorf("%w: it names no authority", ErrFormat)
	}
	r.l.index()
	return r.l, nil
}

type reader struct {
	s                     *c14n.Scanner
	l                     *List
	certs, keys, statuses int
	doubled               bool // an element stood twice where it can stand once
}

// fields are what to do with the children of an element, by local name.
type fields map[string]func() error

// element reads the element whose start tag was just read. Children that are not
// named, or that stand in a namespace (the signature does), are skipped.
func (r *reader) element(f fields) error {
	for {
		t, err := r.s.Next()
		if err != nil {
			return noEOF(err)
		}
		switch t.Kind {
		case c14n.EndElement:
			return nil
		case c14n.StartElement:
			do := f[t.Local]
			if do == nil || t.Space != "" {
				do = r.s.Skip
			}
			if err := do(); err != nil {
				return noEOF(err)
			}
		}
	}
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF // the scanner would have said so itself
	}
	return err
}

// content returns the text of the element whose start tag was just read.
func (r *reader) content(limit int) ([]byte, error) {
	var text []byte
	for {
		t, err := r.s.Next()
		if err != nil {
			return nil, noEOF(err)
		}
		switch t.Kind {
		case c14n.EndElement:
			return bytes.TrimSpace(text), nil
		case c14n.StartElement:
			return nil, fmt.Errorf("%w: element %s inside text", ErrFormat, t.Local)
		case c14n.Text:
			if len(text)+len(t.Data) > limit {
				return nil, fmt.Errorf("%w: text of more than %d octets", ErrLimit, limit)
			}
			if text == nil {
				text = t.Data[:len(t.Data):len(t.Data)]
			} else {
				text = append(text, t.Data...)
			}
		}
	}
}

// once notes when do, which reads an element that can stand once, is called again.
func (r *reader) once(do func() error) func() error {
	before := false
	return func() error {
		r.doubled = r.doubled || before
		before = true
		return do()
	}
}

func (r *reader) text(into *string) func() error {
	return r.once(func() error {
		b, err := r.content(maxText)
		*into = string(b)
		return err
	})
}

func (r *reader) moment(into *time.Time, what string) func() error {
	return r.once(func() error {
		b, err := r.content(maxText)
		if err != nil || len(b) == 0 {
			return err
		}
		t, ok := parseMoment(string(b))
		if !ok {
			r.warn("%s: %.40q is no date", what, b)
		}
		*into = t
		return nil
	})
}

func (r *reader) warn(format string, args ...any) { r.l.warn(format, args...) }

func (l *List) warn(format string, args ...any) {
	if len(l.Warnings) == maxWarnings {
		l.Dropped++
		return
	}
	l.Warnings = append(l.Warnings, fmt.Sprintf(format, args...))
}

func (r *reader) root() error {
	for {
		t, err := r.s.Next()
		if err != nil {
			return noEOF(err)
		}
		if t.Kind != c14n.StartElement {
			continue
		}
		if t.Local != rootName || t.Space != "" {
			return fmt.Errorf("%w: the root element is %.60q", ErrFormat, t.Local)
		}
		err = r.element(fields{
			"Версия":              r.text(&r.l.Version),
			"Дата":                r.moment(&r.l.Date, "date of the list"),
			"УдостоверяющийЦентр": r.authority,
		})
		if err == nil && r.doubled {
			err = fmt.Errorf("%w: two versions or two dates", ErrFormat)
		}
		return err
	}
}

func (r *reader) authority() error {
	if len(r.l.Authorities) == maxAuthorities {
		return fmt.Errorf("%w: authorities", ErrLimit)
	}
	var a Authority
	outside := r.doubled
	r.doubled = false
	current := r.once(func() error {
		a.Current = Status{}
		return r.status(&a.Current)
	})
	history := func() error {
		past := func() error {
			a.History = append(a.History, Status{})
			return r.status(&a.History[len(a.History)-1])
		}
		return r.element(fields{"СтатусАккредитации": past, "АккредитацияСтатус": past})
	}
	err := r.element(fields{
		"Название": r.text(&a.Name), "КраткоеНазвание": r.text(&a.ShortName),
		"ИНН": r.text(&a.INN), "ОГРН": r.text(&a.OGRN), "РеестровыйНомер": r.text(&a.Number),
		// The elements have had two names each.
		"СтатусАккредитации": current, "АккредитацияСтатус": current,
		"ИсторияСтатусовАккредитации": history, "АккредитацияСтатусы": history,
		"ПрограммноАппаратныеКомплексы": func() error {
			return r.element(fields{"ПрограммноАппаратныйКомплекс": func() error { return r.complex(&a) }})
		},
	})
	for _, s := range append(a.History[:len(a.History):len(a.History)], a.Current) {
		switch {
		case !s.Said:
		case s.From.IsZero():
			r.warn("%s: status %.40q has no date that can be read", a.Name, s.Word)
		case words[foldWord(s.Word)] == stateUnknown:
			r.warn("%s: status %.40q is not understood", a.Name, s.Word)
		}
	}
	if a.Contradictory, r.doubled = r.doubled, outside; a.Contradictory {
		r.warn("%s: an element stands twice that can stand once: its status is not relied on", a.Name)
	}
	r.l.Authorities = append(r.l.Authorities, a)
	return err
}

func (r *reader) status(s *Status) error {
	if r.statuses++; r.statuses > maxStatuses {
		return fmt.Errorf("%w: statuses", ErrLimit)
	}
	s.Said = true
	return r.element(fields{"Статус": r.text(&s.Word), "ДействуетС": r.moment(&s.From, "status")})
}

func (r *reader) complex(a *Authority) error {
	var alias, class string
	first := len(a.Keys)
	err := r.element(fields{
		"Псевдоним": r.text(&alias), "КлассСредствЭП": r.text(&class),
		"КлючиУполномоченныхЛиц": func() error {
			return r.element(fields{"Ключ": func() error { return r.key(a) }})
		},
	})
	for i := first; i < len(a.Keys); i++ {
		a.Keys[i].Complex, a.Keys[i].Class = alias, class
	}
	return err
}

func (r *reader) key(a *Authority) error {
	if r.keys++; r.keys > maxKeys {
		return fmt.Errorf("%w: keys", ErrLimit)
	}
	var k Key
	var id string
	err := r.element(fields{
		"ИдентификаторКлюча": r.text(&id),
		"АдресаСписковОтзыва": func() error {
			return r.element(fields{"Адрес": func() error {
				var url string
				err := r.text(&url)()
				if len(k.CRLs) < maxAddresses {
					k.CRLs = append(k.CRLs, url)
				}
				return err
			}})
		},
		"Сертификаты": func() error {
			return r.element(fields{"ДанныеСертификата": func() error { return r.certificate(a, &k) }})
		},
	})
	if k.ID = hexID(id); k.ID == nil && id != "" {
		r.warn("%s: key identifier %.60q is not hexadecimal", a.Name, id)
	}
	if k.ID == nil && (k.unread || len(k.Certificates) == 0) {
		r.l.Blind++
	}
	a.Keys = append(a.Keys, k)
	return err
}

// maxAddresses bounds the addresses of revocation lists of a key; two are usual.
const maxAddresses = 20

func (r *reader) certificate(a *Authority, k *Key) error {
	if r.certs++; r.certs > maxCertificates {
		return fmt.Errorf("%w: certificates", ErrLimit)
	}
	var data []byte
	var thumb string
	err := r.element(fields{
		"Отпечаток": r.text(&thumb),
		"Данные": r.once(func() (err error) {
			data, err = r.content(maxCertText)
			return err
		}),
	})
	if err != nil {
		return err
	}
	der := make([]byte, base64.StdEncoding.DecodedLen(len(data)))
	n, err := base64.StdEncoding.Decode(der, bytes.Join(bytes.Fields(data), nil))
	if err != nil {
		r.warn("%s: certificate %.60s is not base64", a.Name, thumb)
		k.unread = true
		return nil
	}
	cert, err := pki.ParseCertificate(der[:n])
	if err != nil {
		r.warn("%s: certificate %.60s: %v", a.Name, thumb, err)
		k.unread = true
		return nil
	}
	if sum := sha1.Sum(cert.Raw); thumb != "" && !bytes.Equal(hexID(thumb), sum[:]) {
		r.warn("%s: certificate %.60s has another thumbprint, %x", a.Name, thumb, sum)
	}
	k.Certificates = append(k.Certificates, cert)
	return nil
}

// hexID reads hexadecimal with or without separators.
func hexID(s string) []byte {
	s = strings.Map(func(r rune) rune {
		if r == ' ' || r == ':' || r == '-' || r == '\n' || r == '\t' {
			return -1
		}
		return r
	}, s)
	b, err := hex.DecodeString(s)
	if err != nil || len(b) == 0 {
		return nil
	}
	return b
}

// moscow is the time zone of the publisher; lists leave it out.
var moscow = time.FixedZone("MSK", 3*60*60)

// parseMoment reads xs:dateTime or xs:date. The result is in the publisher's time
// zone, in which its day is the one that the list means.
func parseMoment(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02", "2006-01-02Z07:00"} {
		if t, err := time.ParseInLocation(layout, s, moscow); err == nil {
			return t.In(moscow), true
		}
	}
	return time.Time{}, false
}
