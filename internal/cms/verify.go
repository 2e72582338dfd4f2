package cms

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// VerifyOptions says what was signed and with what to check it.
type VerifyOptions struct {
	Suites *pki.Suites // nil: pki.DefaultSuites(), made anew on every call
	// Certificates are further candidates for the signer's certificate.
	Certificates []*pki.Certificate
	// ContentType is the required content type; "" takes the eContentType.
	ContentType OID
	// Content is the detached content. Digest, if set, is asked instead for
	// its digest, so that the content need not be in memory; an error from it
	// leaves integrity unknown. Both are ignored for attached content unless
	// Detached says otherwise.
	Content []byte
	Digest  func(h pki.Hash) ([]byte, error)
	// Head is the beginning, 1,024 octets if there are as many, and Size the
	// length of what Digest stands for. They are asked for where there are no
	// signed attributes; without them such a signature is not judged.
	Head []byte
	Size int64
	// Detached makes attached content count for nothing: what Content or
	// Digest stand for must have been signed (a PDF's ByteRange).
	Detached bool
	// Tries bounds the public-key operations of many calls together; nil: of this
	// call alone.
	Tries *Tries
}

// Check is one step with its outcome.
type Check struct {
	Name   string
	Status pki.Status
	Detail string
}

// Names of the checks, in the order they are made.
const (
	CheckAttributes  = "signed-attributes"   // RFC 5652 §5.3, §11
	CheckDigest      = "message-digest"      // RFC 5652 §5.6: the content is what was signed
	CheckSigner      = "signer-certificate"  // a certificate that the sid names is at hand
	CheckSigningCert = "signing-certificate" // RFC 5035 §4 confirms it
	CheckValue       = "signature-value"     // the key signed the attributes
	CheckAlgorithms  = "algorithms"          // RFC 5652 §5.4: one digest algorithm for content and attributes
)

// Result is the outcome for one SignerInfo. The zero value says that nothing
// was checked.
type Result struct {
	// Signer is the certificate the sid names and, if the attribute is there,
	// signing-certificate confirms; nil if there is none.
	Signer *pki.Certificate
	Checks []Check
	// Uses lists the algorithms relied on, for a pki.Policy.
	Uses []pki.Use
	// Warnings lists what was forgiven.
	Warnings []pki.Warning
}

// Check returns the status of the named check.
func (r Result) Check(name string) pki.Status {
	for _, c := range r.Checks {
		if c.Name == name {
			return c.Status
		}
	}
	return pki.NotChecked
}

// Integrity says whether the content is what was signed: digest, attributes
// and signature value together.
func (r Result) Integrity() pki.Status {
	return worst(r.Check(CheckAttributes), r.Check(CheckDigest), r.Check(CheckValue))
}

// Status is OK only if every check that applies is; Failed if one failed.
func (r Result) Status() pki.Status {
	s := worst(r.Integrity(), r.Check(CheckSigner))
	for _, name := range []string{CheckSigningCert, CheckAlgorithms} {
		if b := r.Check(name); b != pki.NotChecked {
			s = worst(s, b)
		}
	}
	return s
}

// worst orders Failed, Unknown, NotChecked, OK.
func worst(list ...pki.Status) pki.Status {
	out := pki.OK
	for _, s := range list {
		switch {
		case s == pki.Failed:
			return pki.Failed
		case s == pki.Unknown, s == pki.NotChecked && out == pki.OK:
			out = s
		}
	}
	return out
}

func (r *Result) add(name string, s pki.Status, format string, args ...any) {
	r.Checks = append(r.Checks, Check{name, s, fmt.Sprintf(format, args...)})
}

// fail adds a check that ended in err: unknown if an algorithm is missing.
func (r *Result) fail(name string, err error) {
	s := pki.Failed
	if errors.Is(err, pki.ErrUnsupported) || errors.Is(err, ErrContent) || errors.Is(err, errTries) {
		s = pki.Unknown
	}
	r.add(name, s, "%v", err)
}

// ErrContent: the content to check against is not at hand.
var ErrContent = errors.New("cms: no content to check against")

// Verify checks one signer's signature: attributes, content, certificate and
// value. It never returns an error: what could not be checked is Unknown.
func (si *SignerInfo) Verify(o VerifyOptions) Result {
	if o.Suites == nil {
		o.Suites = pki.DefaultSuites()
	}
	var r Result
	content := si.content(o)
	si.checkAttributes(&r, o, content)
	if si.RawSignedAttrs != nil {
		si.checkDigest(&r, o, content)
	} else {
		r.add(CheckDigest, pki.OK, "no signed attributes: the signature value covers the content itself")
	}
	candidates, all := si.candidates(o.Certificates)
	if len(candidates) == 0 {
		r.add(CheckSigner, pki.Unknown, "no certificate that the sid names")
		r.add(CheckSigningCert, pki.NotChecked, "")
		r.add(CheckValue, pki.Unknown, "no key")
		return r
	}
	confirmed, bound, detail := si.bind(candidates, o.Suites)
	if bound == pki.Failed && !all {
		bound = pki.Unknown
	}
	si.checkValue(&r, confirmed, all || bound == pki.OK, content, o)
	si.checkNakedSigner(&r)
	if r.Signer != nil {
		r.add(CheckSigner, pki.OK, "")
		if si.KeyID == nil && !bytes.Equal(si.Issuer, r.Signer.RawIssuer) {
			r.Warnings = append(r.Warnings, pki.Warning{Code: WarnSignerName, Detail: "equal only when letter case and spaces are ignored"})
		}
	} else {
		r.add(CheckSigner, pki.Unknown, "%d certificates fit the sid, none has the key", len(candidates))
	}
	r.add(CheckSigningCert, bound, "%s", detail)
	return r
}

// content is what the signature is about.
func (si *SignerInfo) content(o VerifyOptions) pki.Signed {
	if si.over != nil {
		return pki.Signed{Message: si.over}
	}
	if si.sd.Attached && !o.Detached {
		return pki.Signed{Message: nonNil(si.sd.Content)}
	}
	return pki.Signed{Message: o.Content, Digest: o.Digest}
}

// nonNil keeps empty content apart from content that is absent.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// checkAttributes is RFC 5652 §5.3: content-type and message-digest must be
// there if any signed attribute is, and any must be if the content is not
// id-data.
func (si *SignerInfo) checkAttributes(r *Result, o VerifyOptions, content pki.Signed) {
	if si.over != nil {
		si.checkCounterAttributes(r)
		return
	}
	want := si.sd.ContentType
	if o.ContentType != "" && o.ContentType != want {
		r.add(CheckAttributes, pki.Failed, "eContentType %s, not %s", want, o.ContentType)
		return
	}
	if si.RawSignedAttrs == nil {
		si.checkNaked(r, o, content)
		return
	}
	ct, err := si.ContentType()
	if err != nil {
		r.add(CheckAttributes, pki.Failed, "%v", err)
		return
	}
	if ct != want {
		r.add(CheckAttributes, pki.Failed, "content-type attribute %s, eContentType %s", ct, want)
		return
	}
	si.checkSingle(r)
}

// checkSingle is RFC 5652 §11.2 and §11.3: a message-digest stands once with
// one value, the others at most once, and the protected algorithms are used.
func (si *SignerInfo) checkSingle(r *Result) {
	for _, oid := range []OID{OIDMessageDigest, OIDSigningTime, OIDAlgorithmProtection} {
		if _, err := si.single(oid); err != nil && (oid == OIDMessageDigest || !errors.Is(err, ErrNoAttribute)) {
			r.add(CheckAttributes, pki.Failed, "%v", err)
			return
		}
	}
	if err := si.checkProtection(); err != nil {
		r.add(CheckAttributes, pki.Failed, "%v", err)
		return
	}
	r.add(CheckAttributes, pki.OK, "")
}

// checkProtection compares the CMSAlgorithmProtection attribute, if there is
// one, with the algorithms used (RFC 6211 §3).
func (si *SignerInfo) checkProtection() error {
	v, err := si.single(OIDAlgorithmProtection)
	if err != nil {
		return nil // absent; a malformed one was reported before
	}
	c := asn1x.NewCursor(v.Full)
	seq := c.Open("CMSAlgorithmProtection", asn1x.Sequence)
	digest := pki.ParseAlgorithm(&seq, "digestAlgorithm")
	sig, ok := seq.Optional("signatureAlgorithm", asn1x.ContextC(1))
	if c.Err() != nil || !ok {
		return fmt.Errorf("%w: algorithm protection", ErrAttribute)
	}
	in := c.Inside(sig.Body)
	if digest.OID != si.DigestAlgorithm.OID || in.OID("signatureAlgorithm") != si.SignatureAlgorithm.OID {
		return fmt.Errorf("%w: algorithms are not the protected ones", ErrAttribute)
	}
	return nil
}

func (si *SignerInfo) checkDigest(r *Result, o VerifyOptions, content pki.Signed) {
	want, err := si.MessageDigest()
	if err != nil {
		r.fail(CheckDigest, err)
		return
	}
	h, err := o.Suites.HashFor(si.DigestAlgorithm)
	if err != nil {
		r.fail(CheckDigest, err)
		return
	}
	var got []byte
	switch {
	case content.Digest != nil:
		if got, err = content.Digest(h); err != nil {
			r.add(CheckDigest, pki.Unknown, "%v", err)
			return
		}
	case content.Message != nil:
		d := h.New()
		d.Write(content.Message)
		got = d.Sum(nil)
	default:
		r.fail(CheckDigest, ErrContent)
		return
	}
	r.Uses = append(r.Uses, pki.Use{Hash: h.Name})
	if !bytes.Equal(got, want) {
		r.add(CheckDigest, pki.Failed, "content has %s %x, message-digest is %x", h.Name, got, want)
		return
	}
	r.add(CheckDigest, pki.OK, "%s", h.Name)
}

// checkValue tries the keys of the candidates; there is more than one only if
// certificates share a sid and no attribute decides between them. all says that
// these are all there are.
func (si *SignerInfo) checkValue(r *Result, candidates []*pki.Certificate, all bool, content pki.Signed, o VerifyOptions) {
	s, tries := o.Suites, o.Tries
	if tries == nil {
		tries = new(Tries)
	}
	messages := []pki.Signed{content}
	if si.RawSignedAttrs != nil {
		messages = si.attributeMessages()
	} else if content.Message == nil && content.Digest == nil {
		r.Signer = candidates[0]
		r.fail(CheckValue, ErrContent)
		return
	}
	var outcome error
search:
	for n, cert := range candidates {
		key := sync.OnceValues(func() (pki.Key, error) { return s.ParseKey(cert.SPKI) })
		for i, m := range messages {
			if n+i > 0 && !tries.another() {
				all = false
				break search
			}
			use, err := s.VerifyKey(key, si.SignatureAlgorithm, si.DigestAlgorithm.OID, m, si.Signature)
			if err == nil {
				r.Signer = cert
				r.Uses = append(r.Uses, use)
				detail := ""
				if i > 0 {
					detail = "signed attributes re-encoded in DER"
				}
				r.add(CheckValue, pki.OK, "%s", detail)
				si.checkAlgorithms(r, use, s)
				return
			}
			if outcome == nil || errors.Is(err, pki.ErrUnsupported) {
				outcome = err
			}
			if errors.Is(err, pki.ErrUnsupported) && use.Signature != "" && r.Signer == nil {
				r.Uses = append(r.Uses, use)
			}
		}
	}
	if len(candidates) == 1 { // no doubt whose signature it claims to be
		r.Signer = candidates[0]
	}
	if !all && !errors.Is(outcome, pki.ErrUnsupported) {
		outcome = errTries
	}
	if _, err := s.HashFor(si.DigestAlgorithm); errors.Is(outcome, pki.ErrSignature) && err != nil {
		outcome = err // the value may fit the digest that is meant
	}
	r.fail(CheckValue, outcome)
}

// checkAlgorithms notes a signature algorithm with a digest algorithm of its
// own. The signature may be sound all the same; nobody is obliged to accept it.
func (si *SignerInfo) checkAlgorithms(r *Result, use pki.Use, s *pki.Suites) {
	h, err := s.HashFor(si.DigestAlgorithm)
	switch {
	case use.Hash == "" || err == nil && h.Name == use.Hash:
		r.add(CheckAlgorithms, pki.OK, "")
	case err != nil:
		r.add(CheckAlgorithms, pki.Unknown, "signature with %s, digestAlgorithm %s", use.Hash, si.DigestAlgorithm.OID)
	default:
		r.add(CheckAlgorithms, pki.Unknown, "signature with %s, digestAlgorithm %s", use.Hash, h.Name)
	}
}

// attributeMessages returns the octets that may have been signed: the SET OF
// as written and, if that is not DER, as DER (RFC 5652 §5.4).
func (si *SignerInfo) attributeMessages() []pki.Signed {
	raw := bytes.Clone(si.RawSignedAttrs)
	raw[0] = asn1x.Set
	out := []pki.Signed{{Message: raw}}
	elements := make([][]byte, len(si.SignedAttrs))
	for i, a := range si.SignedAttrs {
		elements[i] = a.Raw
	}
	if der := asn1x.SetOf(asn1x.Set, elements...); !bytes.Equal(der, raw) {
		out = append(out, pki.Signed{Message: der})
	}
	return out
}
