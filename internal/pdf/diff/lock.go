package diff

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/vidimus/vidimus/internal/pdf"
)

// Action says which fields a lock means (ISO 32000-2 tables 236 and 259).
type Action string

// The actions. The zero value locks every field, as does any value that is
// none of these: a lock that is not understood must not open anything.
const (
	LockAll     Action = "All"
	LockInclude Action = "Include"
	LockExclude Action = "Exclude"
)

// Lock is a set of form fields that may not be changed after signing. A name
// stands for the field and all below it.
type Lock struct {
	Action Action
	Fields []string
}

// Locked reports whether the field with this full name is locked.
func (l Lock) Locked(name string) bool {
	switch l.Action {
	case LockInclude:
		return l.lists(name)
	case LockExclude:
		return !l.lists(name)
	}
	return true
}

func (l Lock) lists(name string) bool {
	for _, f := range l.Fields {
		if name == f || strings.HasPrefix(name, f) && name[len(f)] == '.' {
			return true
		}
	}
	return false
}

// Demands is what a signature demands of changes made after it.
type Demands struct {
	DocMDP int // 1 to 3; 0 = none
	Locks  []Lock
}

// maxReferences bounds the signature references of one signature: there is one
// for DocMDP and one for FieldMDP.
const maxReferences = 64

// ReadDemands reads the transform parameters of a signature (ISO 32000-2
// §12.8.2) and the /Lock of its field (§12.7.5.5) as rev shows them; field may
// be nil. The error says that a demand cannot be understood: what it locks is
// not known then, and the demands returned are the strictest.
func ReadDemands(rev *pdf.Revision, sig, field *pdf.Dict) (Demands, error) {
	var d Demands
	err := d.read(rev, sig, field)
	if err != nil {
		return Demands{DocMDP: 1, Locks: []Lock{{Action: LockAll}}}, err
	}
	return d, nil
}

func (d *Demands) read(rev *pdf.Revision, sig, field *pdf.Dict) error {
	refs, err := rev.Array(sig.Get("Reference"))
	if err != nil {
		return err
	}
	if len(refs) > maxReferences {
		return fmt.Errorf("diff: %d signature references", len(refs))
	}
	for _, o := range refs {
		ref, err := rev.Dict(o)
		if err != nil {
			return err
		}
		method, err := rev.Name(ref.Get("TransformMethod"))
		if err != nil {
			return err
		}
		params, err := rev.Dict(ref.Get("TransformParams"))
		if err != nil {
			return err
		}
		switch method {
		case "DocMDP":
			err = d.permission(rev, params)
		case "FieldMDP":
			err = d.lock(rev, params)
		}
		if err != nil {
			return err
		}
	}
	lock, err := rev.Dict(field.Get("Lock"))
	if err != nil || lock == nil {
		return err
	}
	if lock.Has("P") {
		if err := d.permission(rev, lock); err != nil {
			return err
		}
	}
	return d.lock(rev, lock)
}

// permission takes the stricter of /P and what was demanded so far. Table 257:
// without /P it is 2.
func (d *Demands) permission(rev *pdf.Revision, dict *pdf.Dict) error {
	p := int64(2)
	if dict.Has("P") {
		var err error
		if p, err = rev.Int(dict.Get("P")); err != nil {
			return err
		}
	}
	if p < 1 || p > 3 {
		return fmt.Errorf("diff: DocMDP permission %d", p)
	}
	if d.DocMDP == 0 || int(p) < d.DocMDP {
		d.DocMDP = int(p)
	}
	return nil
}

func (d *Demands) lock(rev *pdf.Revision, dict *pdf.Dict) error {
	action, err := rev.Name(dict.Get("Action"))
	if err != nil {
		return err
	}
	l := Lock{Action: Action(action)}
	names, err := rev.Array(dict.Get("Fields"))
	if err != nil {
		return err
	}
	for _, o := range names {
		s, err := rev.Str(o)
		if err != nil {
			return err
		}
		l.Fields = append(l.Fields, text(s))
	}
	d.Locks = append(d.Locks, l)
	return nil
}

// text decodes a text string (ISO 32000-2 §7.9.2.2): UTF-16BE or UTF-8 with
// byte order mark, else PDFDocEncoding.
func text(s pdf.String) string {
	b := string(s)
	switch {
	case strings.HasPrefix(b, "\xfe\xff"):
		b = b[2:]
		u := make([]uint16, 0, len(b)/2)
		for i := 0; i+1 < len(b); i += 2 {
			u = append(u, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(u))
	case strings.HasPrefix(b, "\xef\xbb\xbf"):
		return strings.ToValidUTF8(b[3:], "\ufffd")
	}
	r := make([]rune, len(b))
	for i := range len(b) {
		switch c := b[i]; {
		case c >= 0x18 && c < 0x20:
			r[i] = docAccents[c-0x18]
		case c >= 0x80 && c <= 0xa0:
			r[i] = docPunctuation[c-0x80]
		default:
			r[i] = rune(c)
		}
	}
	return string(r)
}

// The parts of PDFDocEncoding that differ from Latin-1 (ISO 32000-2 annex D.2):
// 0x18 to 0x1F, and 0x80 to 0xA0.
var (
	docAccents     = [8]rune{0x2d8, 0x2c7, 0x2c6, 0x2d9, 0x2dd, 0x2db, 0x2da, 0x2dc}
	docPunctuation = [33]rune{
		0x2022, 0x2020, 0x2021, 0x2026, 0x2014, 0x2013, 0x192, 0x2044, 0x2039, 0x203a, 0x2212, 0x2030, 0x201e, 0x201c, 0x201d, 0x2018,
		0x2019, 0x201a, 0x2122, 0xfb01, 0xfb02, 0x141, 0x152, 0x160, 0x178, 0x17d, 0x131, 0x142, 0x153, 0x161, 0x17e, 0xfffd,
		0x20ac,
	}
)
