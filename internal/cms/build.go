package cms

import (
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

var (
	// ErrDigestSize: the content digest is not of the template's algorithm.
	ErrDigestSize = errors.New("cms: digest has the wrong length")
	// ErrSignatureSize: a signature value longer than the key allows.
	ErrSignatureSize = errors.New("cms: signature value is too long for the key")
	// ErrSignatureValue: what the key returned is not the certificate's signature
	// of what it was given.
	ErrSignatureValue = errors.New("cms: the key returned a wrong signature value")
	// ErrKeyMismatch: the crypto.Signer's key is not the certificate's.
	ErrKeyMismatch = errors.New("cms: key does not belong to the certificate")
)

// TemplateOptions adjusts NewTemplate. The zero value makes PAdES and CAdES
// baseline signatures with the default scheme of the key.
type TemplateOptions struct {
	Suites *pki.Suites // nil: pki.DefaultSuites()
	// Scheme names a pki.Scheme ("RSA-PSS-SHA256"); "" takes the key's default.
	Scheme string
	// ContentType is the eContentType; "" means id-data.
	ContentType OID
	// KeyIdentifier names the signer by subject key identifier instead of
	// issuer and serial number. The certificate must have one.
	KeyIdentifier bool
	// Signed holds further signed attributes, each a whole Attribute element,
	// such as a signature policy. They must not repeat the ones made here.
	Signed [][]byte
}

// Template is everything in a signature that depends on the signer only,
// encoded once. It is safe for concurrent use.
type Template struct {
	suites      *pki.Suites
	scheme      pki.Scheme
	key         pki.Key
	spki        pki.SPKI
	hash        pki.Hash // of content and signed attributes
	contentType OID

	version, digestAlgs, encap, certs []byte // parts of SignedData
	signerHead                        []byte // version, sid, digestAlgorithm
	attrs                             [][]byte
	attrsLen                          int
}

// NewTemplate prepares signing with the key that signer certifies. chain goes
// into the signature beside signer; leave the root out. Errors are
// pki.ErrUnsupported and pki.ErrKey, for a key that no scheme fits.
func NewTemplate(signer *pki.Certificate, chain []*pki.Certificate, o TemplateOptions) (*Template, error) {
	suites := o.Suites
	if suites == nil {
		suites = pki.DefaultSuites()
	}
	scheme, key, err := suites.SchemeFor(signer.SPKI, o.Scheme)
	if err != nil {
		return nil, err
	}
	t := &Template{suites: suites, scheme: scheme, key: key, spki: signer.SPKI, contentType: o.ContentType}
	if t.hash, err = suites.Hash(scheme.Digest); err != nil {
		return nil, err
	}
	if t.contentType == "" {
		t.contentType = OIDData
	}
	sid := asn1x.TLV(asn1x.Sequence, signer.RawIssuer, asn1x.TLV(asn1x.Integer, signer.Serial))
	siVersion, sdVersion := byte(1), byte(1)
	if o.KeyIdentifier {
		if len(signer.SubjectKeyID) == 0 {
			return nil, errors.New("cms: the certificate has no subject key identifier")
		}
		sid, siVersion = asn1x.TLV(asn1x.Context(0), signer.SubjectKeyID), 3
	}
	if siVersion == 3 || t.contentType != OIDData {
		sdVersion = 3
	}
	digestAlg := asn1x.TLV(asn1x.Sequence, scheme.Digest.Encode(), scheme.DigestParams)
	t.version = asn1x.TLV(asn1x.Integer, []byte{sdVersion})
	t.digestAlgs = asn1x.TLV(asn1x.Set, digestAlg)
	t.encap = asn1x.TLV(asn1x.Sequence, t.contentType.Encode())
	t.signerHead = concat(asn1x.TLV(asn1x.Integer, []byte{siVersion}), sid, digestAlg)

	certs := [][]byte{signer.Raw}
	for _, c := range chain {
		if !c.Equal(signer) {
			certs = append(certs, c.Raw)
		}
	}
	t.certs = asn1x.SetOf(asn1x.ContextC(0), certs...)

	ess, err := signingCertificateV2(signer, suites, scheme)
	if err != nil {
		return nil, err
	}
	t.attrs = append([][]byte{attribute(OIDContentType, t.contentType.Encode()), ess}, o.Signed...)
	for _, a := range t.attrs {
		t.attrsLen += len(a)
	}
	return t, nil
}

// signingCertificateV2 is RFC 5035 §3. SHA-256 is the DEFAULT of hashAlgorithm
// and therefore left out (X.690 §11.5).
func signingCertificateV2(cert *pki.Certificate, suites *pki.Suites, scheme pki.Scheme) ([]byte, error) {
	oid := scheme.CertHash
	if oid == "" {
		oid = pki.OIDSHA256
	}
	h, err := suites.Hash(oid)
	if err != nil {
		return nil, err
	}
	d := h.New()
	d.Write(cert.Raw)
	var alg []byte
	if oid != pki.OIDSHA256 {
		alg = asn1x.TLV(asn1x.Sequence, oid.Encode())
	}
	issuerSerial := asn1x.TLV(asn1x.Sequence,
		asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.ContextC(4), cert.RawIssuer)),
		asn1x.TLV(asn1x.Integer, cert.Serial))
	id := asn1x.TLV(asn1x.Sequence, alg, asn1x.TLV(asn1x.OctetString, d.Sum(nil)), issuerSerial)
	return attribute(OIDSigningCertificateV2, asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, id))), nil
}

// EncodeAttribute returns an Attribute element with one value.
func EncodeAttribute(oid OID, value []byte) []byte { return attribute(oid, value) }

func attribute(oid OID, value []byte) []byte {
	return asn1x.TLV(asn1x.Sequence, oid.Encode(), asn1x.TLV(asn1x.Set, value))
}

func concat(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// Scheme returns how the template signs.
func (t *Template) Scheme() pki.Scheme { return t.scheme }

// Hash returns the algorithm of the content digest that Prepare takes.
func (t *Template) Hash() pki.Hash { return t.hash }

// MaxSize returns an upper bound, in octets, on the size of a detached
// signature with unsigned attributes of extra octets in all; it is what a PDF
// placeholder must hold. For RSA and EdDSA it is the exact size.
func (t *Template) MaxSize(extra int) int {
	// messageDigest and the optional signingTime, whose longest form is
	// GeneralizedTime with 15 octets.
	digest := len(attribute(OIDMessageDigest, asn1x.TLV(asn1x.OctetString, make([]byte, t.hash.Size))))
	return t.size(t.attrsLen+digest, t.scheme.MaxSignature(t.key), extra, len(t.encap))
}

// SigningTimeSize is what a signing-time attribute adds to MaxSize at most.
const SigningTimeSize = 40

// size computes the length of the whole ContentInfo from its parts.
func (t *Template) size(attrs, sig, unsigned, encap int) int {
	l := t.lengths(attrs, sig, unsigned, encap)
	return asn1x.HeaderLen(l.info) + l.info
}

type lengths struct{ signer, data, info int }

func (t *Template) lengths(attrs, sig, unsigned, encap int) (l lengths) {
	l.signer = len(t.signerHead) + asn1x.HeaderLen(attrs) + attrs +
		len(t.scheme.SignatureAlgorithm) + asn1x.HeaderLen(sig) + sig
	if unsigned > 0 {
		l.signer += asn1x.HeaderLen(unsigned) + unsigned
	}
	si := asn1x.HeaderLen(l.signer) + l.signer
	l.data = len(t.version) + len(t.digestAlgs) + encap + len(t.certs) + asn1x.HeaderLen(si) + si
	explicit := asn1x.HeaderLen(l.data) + l.data
	l.info = 2 + len(OIDSignedData) + asn1x.HeaderLen(explicit) + explicit
	return l
}

// PrepareOptions adjusts Prepare.
type PrepareOptions struct {
	// SigningTime adds a signing-time attribute, which CAdES requires and
	// PAdES forbids (EN 319 142-1 §6.3). Zero: none.
	SigningTime time.Time
}

// Prepared is a signature that lacks its value.
type Prepared struct {
	t     *Template
	attrs []byte // SET OF
	sign  []byte
}

// Prepare makes the signed attributes for content with the given digest under
// Hash. The error is ErrDigestSize.
func (t *Template) Prepare(contentDigest []byte, o PrepareOptions) (*Prepared, error) {
	if len(contentDigest) != t.hash.Size {
		return nil, fmt.Errorf("%w: %d octets, %s has %d", ErrDigestSize, len(contentDigest), t.hash.Name, t.hash.Size)
	}
	attrs := make([][]byte, 0, len(t.attrs)+2)
	attrs = append(attrs, t.attrs...)
	attrs = append(attrs, attribute(OIDMessageDigest, asn1x.TLV(asn1x.OctetString, contentDigest)))
	if !o.SigningTime.IsZero() {
		attrs = append(attrs, attribute(OIDSigningTime, EncodeTime(o.SigningTime)))
	}
	p := &Prepared{t: t, attrs: asn1x.SetOf(asn1x.Set, attrs...)}
	p.sign = p.attrs
	if !t.scheme.SignsMessage {
		d := t.hash.New()
		d.Write(p.attrs)
		p.sign = d.Sum(nil)
	}
	return p, nil
}

// EncodeTime returns a Time element: UTCTime through 2049, then
// GeneralizedTime (RFC 5652 §11.3).
func EncodeTime(t time.Time) []byte {
	t = t.UTC()
	if t.Year() >= 1950 && t.Year() < 2050 {
		return asn1x.TLV(asn1x.UTCTime, []byte(t.Format("060102150405Z")))
	}
	return asn1x.TLV(asn1x.GeneralizedTime, []byte(t.Format("20060102150405Z")))
}

// SignedAttrs returns the DER SET OF attributes, the message that is signed.
func (p *Prepared) SignedAttrs() []byte { return p.attrs }

// ToSign returns what crypto.Signer.Sign takes: the digest of SignedAttrs, or
// SignedAttrs itself for EdDSA.
func (p *Prepared) ToSign() []byte { return p.sign }

// Opts returns the options for crypto.Signer.Sign.
func (p *Prepared) Opts() crypto.SignerOpts { return p.t.scheme.Opts }

// FinishOptions adjusts Finish.
type FinishOptions struct {
	// Content is put into the signature; nil leaves it detached.
	Content []byte
	// Timestamp is a time-stamp token over the signature value (EN 319 122-1
	// §5.3), a whole ContentInfo.
	Timestamp []byte
	// Unsigned holds further unsigned attributes, each a whole element.
	Unsigned [][]byte
}

// Finish returns the ContentInfo with the signature value. The error is
// ErrSignatureSize.
func (p *Prepared) Finish(signature []byte, o FinishOptions) ([]byte, error) {
	t := p.t
	if limit := t.scheme.MaxSignature(t.key); len(signature) == 0 || len(signature) > limit {
		return nil, fmt.Errorf("%w: %d octets, at most %d", ErrSignatureSize, len(signature), limit)
	}
	unsigned := append([][]byte(nil), o.Unsigned...)
	if o.Timestamp != nil {
		unsigned = append(unsigned, attribute(OIDSignatureTimestamp, o.Timestamp))
	}
	var unsignedAttrs []byte
	if len(unsigned) > 0 {
		unsignedAttrs = asn1x.SetOf(asn1x.ContextC(1), unsigned...)
	}
	encap := t.encap
	if o.Content != nil {
		encap = asn1x.TLV(asn1x.Sequence, t.contentType.Encode(),
			asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.OctetString, o.Content)))
	}
	_, attrsBody, _ := splitHeader(p.attrs)
	_, unsignedBody, _ := splitHeader(unsignedAttrs)
	l := t.lengths(len(attrsBody), len(signature), len(unsignedBody), len(encap))

	out := make([]byte, 0, asn1x.HeaderLen(l.info)+l.info)
	out = asn1x.AppendHeader(out, asn1x.Sequence, l.info)
	out = asn1x.AppendHeader(out, asn1x.ObjectID, len(OIDSignedData))
	out = append(out, OIDSignedData...)
	out = asn1x.AppendHeader(out, asn1x.ContextC(0), asn1x.HeaderLen(l.data)+l.data)
	out = asn1x.AppendHeader(out, asn1x.Sequence, l.data)
	out = append(out, t.version...)
	out = append(out, t.digestAlgs...)
	out = append(out, encap...)
	out = append(out, t.certs...)
	out = asn1x.AppendHeader(out, asn1x.Set, asn1x.HeaderLen(l.signer)+l.signer)
	out = asn1x.AppendHeader(out, asn1x.Sequence, l.signer)
	out = append(out, t.signerHead...)
	out = asn1x.AppendHeader(out, asn1x.ContextC(0), len(attrsBody))
	out = append(out, attrsBody...)
	out = append(out, t.scheme.SignatureAlgorithm...)
	out = asn1x.AppendHeader(out, asn1x.OctetString, len(signature))
	out = append(out, signature...)
	return append(out, unsignedAttrs...), nil
}

func splitHeader(b []byte) (id byte, body []byte, err error) {
	if len(b) == 0 {
		return 0, nil, nil
	}
	v, _, err := asn1x.Read(b)
	return v.ID, v.Body, err
}

// Check reports whether the certificate's key made the value over SignedAttrs. A
// fault in the computation, or a device that writes values in another form, would
// otherwise go unnoticed until somebody verifies. The error is ErrSignatureValue.
func (p *Prepared) Check(signature []byte) error {
	t := p.t
	c := asn1x.NewCursor(t.scheme.SignatureAlgorithm)
	alg := pki.ParseAlgorithm(&c, "signatureAlgorithm")
	if c.Err() != nil {
		return c.Err()
	}
	key := func() (pki.Key, error) { return t.key, nil }
	if _, err := t.suites.VerifyKey(key, alg, t.scheme.Digest, pki.Signed{Message: p.attrs}, signature); err != nil {
		return fmt.Errorf("%w: %w", ErrSignatureValue, err)
	}
	return nil
}

// SignOptions adjusts Sign.
type SignOptions struct {
	// Rand is handed to the signer; nil means crypto/rand.Reader.
	Rand io.Reader
	// SigningTime: see PrepareOptions.
	SigningTime time.Time
	// Content is put into the signature; nil leaves it detached.
	Content []byte
	// Timestamp returns a time-stamp token over the signature value; nil makes
	// a signature without one.
	Timestamp func(ctx context.Context, signatureValue []byte) ([]byte, error)
	// UncheckedUnsafe leaves out [Prepared.Check]: the caller verifies the result.
	UncheckedUnsafe bool
}

// Sign prepares, signs with key and finishes. Errors are ErrDigestSize,
// ErrKeyMismatch, ErrSignatureValue, what the key and Timestamp return, and
// ctx's.
func (t *Template) Sign(ctx context.Context, key crypto.Signer, contentDigest []byte, o SignOptions) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !t.matches(key.Public()) {
		return nil, ErrKeyMismatch
	}
	p, err := t.Prepare(contentDigest, PrepareOptions{SigningTime: o.SigningTime})
	if err != nil {
		return nil, err
	}
	random := o.Rand
	if random == nil {
		random = rand.Reader
	}
	sig, err := key.Sign(random, p.ToSign(), p.Opts())
	if err != nil {
		return nil, fmt.Errorf("cms: sign: %w", err)
	}
	if !o.UncheckedUnsafe {
		if err := p.Check(sig); err != nil {
			return nil, err
		}
	}
	finish := FinishOptions{Content: o.Content}
	if o.Timestamp != nil {
		if finish.Timestamp, err = o.Timestamp(ctx, sig); err != nil {
			return nil, fmt.Errorf("cms: time-stamp: %w", err)
		}
	}
	return p.Finish(sig, finish)
}

// matches compares public keys of types that can be compared; a key of
// another type is taken at its word, the signature shows it.
func (t *Template) matches(public crypto.PublicKey) bool {
	type comparable interface{ Equal(crypto.PublicKey) bool }
	if own, ok := t.key.Public.(comparable); ok {
		return own.Equal(public)
	}
	return true
}
