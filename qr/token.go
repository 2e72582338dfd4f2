package qr

import (
	"bytes"
	"strconv"
	"strings"
)

const (
	scheme = "https://"
	path   = "/c/"

	// domain starts external_aad (RFC 9052 §4.3). The host follows at once: it
	// starts with a letter or digit, so "vidimus/qr/1" and a later "vidimus/qr/2"
	// can't be confused. A future "vidimus/qr/1x" would need a separator.
	domain = "vidimus/qr/1"

	// maxSignature bounds the signature of an algorithm we do not know.
	maxSignature = 128
)

// Labels of the protected header (RFC 9052 §3.1).
const (
	labelAlg   = 1
	labelKeyID = 4
)

// Token is the parsed text of a QR code. That it could be parsed says nothing
// about who made it: see [Token.Verify].
type Token struct {
	host      string
	alg       Algorithm
	keyID     KeyID
	claims    Claims
	protected []byte
	payload   []byte
	signature []byte
}

// Host returns the normalised host that the token is bound to.
func (t *Token) Host() string { return t.host }

// Algorithm returns the signature algorithm; it may be one we do not know.
func (t *Token) Algorithm() Algorithm { return t.alg }

// KeyID returns the hint at the key that signed.
func (t *Token) KeyID() KeyID { return t.keyID }

// Claims returns what the token says.
func (t *Token) Claims() Claims { return t.claims }

// URL returns the text that the token was parsed from or would be drawn as.
func (t *Token) URL() string { return t.url() }

// Parse reads the text of a QR code. It accepts one form only, the one that
// [Signer.Seal] writes; every other is a [*FormatError].
func Parse(url string) (*Token, error) {
	rest, ok := strings.CutPrefix(url, scheme)
	if !ok {
		return nil, &FormatError{Err: ErrScheme}
	}
	slash := strings.IndexByte(rest, '/')
	if slash < 0 || !strings.HasPrefix(rest[slash:], path) {
		return nil, &FormatError{Err: ErrPath}
	}
	host, decimal := rest[:slash], rest[slash+len(path):]
	normal, err := NormalizeHost(host)
	if err != nil {
		return nil, err
	}
	if normal != host {
		return nil, &FormatError{ErrHost, "want " + normal}
	}
	return parseToken(host, decimal)
}

// ParseToken reads the number of a QR code, as a server finds it in the path of
// a request. host is the server's own public name, not the request's Host
// header; upper case and port 443 in it do no harm.
func ParseToken(host, decimal string) (*Token, error) {
	host, err := NormalizeHost(host)
	if err != nil {
		return nil, err
	}
	return parseToken(host, decimal)
}

func parseToken(host, decimal string) (*Token, error) {
	raw, err := parseDecimal(decimal)
	if err != nil {
		return nil, err
	}
	t := &Token{host: host}
	d := decoder{rest: raw}
	parts := d.expect(majorArray)
	t.protected = d.bytes()
	unprotected := d.expect(majorMap)
	if d.err == nil && (parts != 4 || unprotected != 0) {
		return nil, &FormatError{ErrCOSE, "not four parts, or the unprotected header is not empty"}
	}
	t.payload = d.bytes()
	t.signature = d.bytes()
	if err := d.end(); err != nil {
		return nil, &FormatError{ErrCOSE, err.Error()}
	}
	if err := t.parseHeader(); err != nil {
		return nil, err
	}
	if t.claims, err = parseClaims(t.payload); err != nil {
		return nil, err
	}
	size := len(t.signature)
	if s := suiteOf(t.alg); s != nil && size != s.size || size == 0 || size > maxSignature {
		return nil, &FormatError{ErrSignature, strconv.Itoa(size) + " bytes"}
	}
	// The decoder takes the deterministic form only; this holds it to that.
	again := t.appendCOSE(nil)
	if !bytes.Equal(again, raw) || !bytes.Equal(t.claims.append(nil), t.payload) ||
		!bytes.Equal(appendHeader(nil, t.alg, t.keyID), t.protected) {
		return nil, &FormatError{ErrCOSE, "not what would be written again"}
	}
	return t, nil
}

// parseHeader takes alg and kid and nothing else: an unknown parameter might be
// critical (RFC 9052 §3.1, crit), and a token has no room for others.
func (t *Token) parseHeader() error {
	d := decoder{rest: t.protected}
	n := d.expect(majorMap)
	first := d.int()
	t.alg = Algorithm(d.int())
	second := d.int()
	id := d.bytes()
	if err := d.end(); err != nil {
		return &FormatError{ErrHeader, err.Error()}
	}
	if n != 2 || first != labelAlg || second != labelKeyID || len(id) != len(t.keyID) {
		return &FormatError{Err: ErrHeader}
	}
	copy(t.keyID[:], id)
	return nil
}

func appendHeader(dst []byte, alg Algorithm, id KeyID) []byte {
	dst = appendHead(dst, majorMap, 2)
	dst = appendInt(appendInt(dst, labelAlg), int64(alg))
	return appendBytes(appendInt(dst, labelKeyID), id[:])
}

func (t *Token) appendCOSE(dst []byte) []byte {
	dst = appendHead(dst, majorArray, 4)
	dst = appendBytes(dst, t.protected)
	dst = appendHead(dst, majorMap, 0)
	dst = appendBytes(dst, t.payload)
	return appendBytes(dst, t.signature)
}

// message returns the Sig_structure, what is signed (RFC 9052 §4.4).
func (t *Token) message() []byte {
	b := make([]byte, 0, 256)
	b = appendHead(b, majorArray, 4)
	b = appendText(b, "Signature1")
	b = appendBytes(b, t.protected)
	b = appendHead(b, majorBytes, uint64(len(domain)+len(t.host)))
	b = append(append(b, domain...), t.host...)
	return appendBytes(b, t.payload)
}

func (t *Token) url() string {
	b := make([]byte, 0, 512)
	b = append(append(append(b, scheme...), t.host...), path...)
	return string(appendDecimal(b, t.appendCOSE(make([]byte, 0, maxToken))))
}
