// Package tsp reads, checks and asks for RFC 3161 time-stamp tokens.
//
//	tok, err := tsp.Parse(der)
//	res := tok.Verify(ctx, tsp.VerifyOptions{Digest: digestOfStampedBytes, Path: pki.PathOptions{…}})
//	if res.Status() == pki.OK { … res.Time … }
//
// A token proves something only if its own signer's path validates: Status is
// OK only then.
package tsp

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

var (
	// ErrToken: no time-stamp token.
	ErrToken = errors.New("tsp: malformed time-stamp token")
	// ErrStatus: the authority refused (RFC 3161 §2.4.2 PKIStatus).
	ErrStatus = errors.New("tsp: request was not granted")
	// ErrMismatch: a token that answers another request.
	ErrMismatch = errors.New("tsp: token does not answer the request")
)

// Token is a TimeStampToken: SignedData over a TSTInfo (RFC 3161 §2.4.2).
type Token struct {
	Raw  []byte
	CMS  *cms.SignedData
	Info Info
}

// Info is TSTInfo.
type Info struct {
	Raw       []byte
	Policy    pki.OID
	Hash      pki.OID // of MessageImprint
	Imprint   []byte
	Serial    []byte
	Time      time.Time // genTime
	Accuracy  time.Duration
	Ordering  bool
	Nonce     []byte // content of the INTEGER; nil: absent
	TSA       []byte // GeneralName; nil: absent
	Critical  []pki.OID
	Warnings  []pki.Warning
	imprintOK bool // parameters of the hash are absent or NULL
}

// Parse reads a token. What follows it must be zero octets. The error is
// ErrToken.
func Parse(der []byte) (*Token, error) {
	sd, err := cms.Parse(der)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if sd.TrailingData {
		return nil, fmt.Errorf("%w: data after it", ErrToken)
	}
	if sd.ContentType != cms.OIDTSTInfo || !sd.Attached {
		return nil, fmt.Errorf("%w: content is not TSTInfo", ErrToken)
	}
	for _, w := range sd.Warnings {
		if w.Code == cms.WarnContent {
			return nil, fmt.Errorf("%w: %s", ErrToken, w.Detail)
		}
	}
	t := &Token{Raw: sd.Raw, CMS: sd}
	if err := t.Info.parse(sd.Content); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	return t, nil
}

func (i *Info) parse(der []byte) error {
	c := asn1x.NewCursor(der)
	v := c.Next("TSTInfo", asn1x.Sequence)
	c.End("TSTInfo")
	i.Raw = v.Full
	in := c.Inside(v.Body)
	if ver := in.Next("version", asn1x.Integer); c.Err() == nil && !bytes.Equal(ver.Body, []byte{1}) {
		return errors.New("TSTInfo is not version 1")
	}
	i.Policy = in.OID("policy")
	mi := in.Open("messageImprint", asn1x.Sequence)
	alg := pki.ParseAlgorithm(&mi, "hashAlgorithm")
	i.Hash, i.imprintOK = alg.OID, alg.NoParams()
	i.Imprint = mi.Next("hashedMessage", asn1x.OctetString).Body
	mi.End("messageImprint")
	i.Serial = in.Next("serialNumber", asn1x.Integer).Body
	gen := in.Next("genTime", asn1x.GeneralizedTime)
	if c.Err() == nil {
		t, strict, err := pki.ParseTime(gen)
		if err != nil {
			c.Fail("genTime", err)
		}
		if !strict {
			i.Warnings = append(i.Warnings, pki.Warning{Code: pki.WarnTime, Detail: "genTime " + string(gen.Body)})
		}
		i.Time = t
	}
	if a, ok := in.Optional("accuracy", asn1x.Sequence); ok {
		ac := in.Inside(a.Body)
		for _, part := range []struct {
			id   byte
			unit time.Duration
		}{{asn1x.Integer, time.Second}, {asn1x.Context(0), time.Millisecond}, {asn1x.Context(1), time.Microsecond}} {
			if n, ok := ac.Optional("accuracy", part.id); ok {
				i.Accuracy += time.Duration(number(n.Body)) * part.unit
			}
		}
		ac.End("accuracy")
	}
	if o, ok := in.Optional("ordering", asn1x.Boolean); ok {
		i.Ordering = len(o.Body) == 1 && o.Body[0] != 0
	}
	if n, ok := in.Optional("nonce", asn1x.Integer); ok {
		i.Nonce = n.Body
	}
	if t, ok := in.Optional("tsa", asn1x.ContextC(0)); ok {
		i.TSA = t.Body
	}
	if x, ok := in.Optional("extensions", asn1x.ContextC(1)); ok {
		ext := in.Inside(x.Body)
		for ext.More() {
			e := ext.Open("extension", asn1x.Sequence)
			oid := e.OID("extnID")
			if crit, ok := e.Optional("critical", asn1x.Boolean); ok && len(crit.Body) == 1 && crit.Body[0] != 0 {
				i.Critical = append(i.Critical, oid)
			}
			e.Next("extnValue", asn1x.OctetString)
		}
	}
	in.End("TSTInfo")
	return c.Err()
}

// number reads a small non-negative INTEGER; anything else is 0, which claims
// no accuracy.
func number(b []byte) int64 {
	if len(b) == 0 || len(b) > 4 || b[0]&0x80 != 0 {
		return 0
	}
	var n int64
	for _, o := range b {
		n = n<<8 | int64(o)
	}
	return n
}

// Request returns a TimeStampReq for a digest under h. nonce, if not nil, is
// taken as a number; certReq asks for the authority's certificate.
func Request(h pki.Hash, digest, nonce []byte, certReq bool) ([]byte, error) {
	if len(digest) != h.Size {
		return nil, fmt.Errorf("tsp: digest of %d octets, %s has %d", len(digest), h.Name, h.Size)
	}
	imprint := asn1x.TLV(asn1x.Sequence,
		asn1x.TLV(asn1x.Sequence, h.OID.Encode(), []byte{asn1x.Null, 0}), asn1x.TLV(asn1x.OctetString, digest))
	parts := [][]byte{asn1x.TLV(asn1x.Integer, []byte{1}), imprint}
	if nonce != nil {
		parts = append(parts, asn1x.TLV(asn1x.Integer, positive(nonce)))
	}
	if certReq {
		parts = append(parts, asn1x.TLV(asn1x.Boolean, []byte{0xff}))
	}
	return asn1x.TLV(asn1x.Sequence, parts...), nil
}

// positive returns the shortest content of a non-negative INTEGER.
func positive(b []byte) []byte {
	b = bytes.TrimLeft(b, "\x00")
	if len(b) == 0 || b[0]&0x80 != 0 {
		return append([]byte{0}, b...)
	}
	return b
}

// ParseResponse reads a TimeStampResp and returns its token. Errors are
// ErrToken and ErrStatus.
func ParseResponse(der []byte) (*Token, error) {
	c := asn1x.NewCursor(der)
	in := c.Open("TimeStampResp", asn1x.Sequence)
	st := in.Open("status", asn1x.Sequence)
	code := st.Next("status", asn1x.Integer).Body
	if err := c.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if len(code) != 1 || code[0] > 1 { // granted, grantedWithMods
		return nil, fmt.Errorf("%w: status %x", ErrStatus, code)
	}
	token := in.Any("timeStampToken")
	in.End("TimeStampResp")
	c.End("TimeStampResp")
	if err := c.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	return Parse(token.Full)
}

// Answers checks that the token is about the digest and carries the nonce that
// were sent. The error is ErrMismatch.
func (t *Token) Answers(h pki.Hash, digest, nonce []byte) error {
	switch {
	case t.Info.Hash != h.OID || !bytes.Equal(t.Info.Imprint, digest):
		return fmt.Errorf("%w: imprint", ErrMismatch)
	case nonce != nil && !bytes.Equal(t.Info.Nonce, positive(nonce)):
		return fmt.Errorf("%w: nonce", ErrMismatch)
	}
	return nil
}
