package cms

import (
	"errors"
	"fmt"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

var (
	// ErrNoAttribute: the attribute is absent.
	ErrNoAttribute = errors.New("cms: attribute is absent")
	// ErrAttribute: an attribute is there but breaks RFC 5652 §5.3 or §11.
	ErrAttribute = errors.New("cms: malformed attribute")
)

// absentError names the attribute that is absent. Most questions for one end so:
// the text is made when somebody reads it.
type absentError OID

func (e absentError) Error() string { return ErrNoAttribute.Error() + ": " + OID(e).String() }
func (e absentError) Unwrap() error { return ErrNoAttribute }

// Signed returns the signed attribute oid, which must not be repeated
// (RFC 5652 §5.3). Errors are ErrNoAttribute and ErrAttribute.
func (si *SignerInfo) Signed(oid OID) (Attribute, error) {
	found := -1
	for i, a := range si.SignedAttrs {
		if a.OID != oid {
			continue
		}
		if found >= 0 {
			return Attribute{}, fmt.Errorf("%w: %s repeated", ErrAttribute, oid)
		}
		found = i
	}
	if found < 0 {
		return Attribute{}, absentError(oid)
	}
	return si.SignedAttrs[found], nil
}

// single returns the only value of a signed attribute.
func (si *SignerInfo) single(oid OID) (asn1x.Value, error) {
	a, err := si.Signed(oid)
	if err != nil {
		return asn1x.Value{}, err
	}
	if len(a.Values) != 1 {
		return asn1x.Value{}, fmt.Errorf("%w: %s with %d values", ErrAttribute, oid, len(a.Values))
	}
	v, _, err := asn1x.Read(a.Values[0])
	if err != nil {
		return asn1x.Value{}, fmt.Errorf("%w: %w", ErrAttribute, err)
	}
	return v, nil
}

// Unsigned returns the values of all unsigned attributes oid.
func (si *SignerInfo) Unsigned(oid OID) [][]byte {
	var out [][]byte
	for _, a := range si.UnsignedAttrs {
		if a.OID == oid {
			out = append(out, a.Values...)
		}
	}
	return out
}

// ContentType returns the content-type attribute (RFC 5652 §11.1).
func (si *SignerInfo) ContentType() (OID, error) {
	v, err := si.single(OIDContentType)
	if err != nil {
		return "", err
	}
	if oid := OID(v.Body); v.ID == asn1x.ObjectID && oid.Valid() {
		return oid, nil
	}
	return "", fmt.Errorf("%w: content-type", ErrAttribute)
}

// MessageDigest returns the message-digest attribute (RFC 5652 §11.2).
func (si *SignerInfo) MessageDigest() ([]byte, error) {
	v, err := si.single(OIDMessageDigest)
	if err != nil {
		return nil, err
	}
	if v.ID != asn1x.OctetString {
		return nil, fmt.Errorf("%w: message-digest", ErrAttribute)
	}
	return v.Body, nil
}

// SigningTime returns the signing-time attribute (RFC 5652 §11.3): what the
// signer claims, proof of nothing.
func (si *SignerInfo) SigningTime() (time.Time, error) {
	v, err := si.single(OIDSigningTime)
	if err != nil {
		return time.Time{}, err
	}
	t, _, err := pki.ParseTime(v)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: signing-time: %w", ErrAttribute, err)
	}
	return t, nil
}

// SignatureTimestamps returns the time-stamp tokens over the signature value
// (EN 319 122-1 §5.3).
func (si *SignerInfo) SignatureTimestamps() [][]byte { return si.Unsigned(OIDSignatureTimestamp) }

// ContentTimestamps returns the signed time-stamp tokens over the content
// (EN 319 122-1 §5.2.8).
func (si *SignerInfo) ContentTimestamps() [][]byte {
	a, err := si.Signed(OIDContentTimestamp)
	if err != nil {
		return nil
	}
	return a.Values
}

// SignaturePolicy is the signature-policy-identifier (EN 319 122-1 §5.2.9).
type SignaturePolicy struct {
	ID   OID // "" for the implied policy
	Hash []byte
}

// SignaturePolicy returns the signature policy attribute.
func (si *SignerInfo) SignaturePolicy() (SignaturePolicy, error) {
	v, err := si.single(OIDSignaturePolicy)
	if err != nil {
		return SignaturePolicy{}, err
	}
	if v.ID == asn1x.Null {
		return SignaturePolicy{}, nil
	}
	c := asn1x.NewCursor(v.Full)
	seq := c.Open("SignaturePolicyId", asn1x.Sequence)
	p := SignaturePolicy{ID: seq.OID("sigPolicyId")}
	if hash, ok := seq.Optional("sigPolicyHash", asn1x.Sequence); ok {
		in := c.Inside(hash.Body)
		pki.ParseAlgorithm(&in, "hashAlgorithm")
		p.Hash = in.Next("hashValue", asn1x.OctetString).Body
	}
	if c.Err() != nil {
		return SignaturePolicy{}, fmt.Errorf("%w: signature policy: %w", ErrAttribute, c.Err())
	}
	return p, nil
}

// ContentHints returns the description in a content-hints attribute and the
// type it names (RFC 2634 §2.9).
func (si *SignerInfo) ContentHints() (description string, contentType OID, err error) {
	v, err := si.single(OIDContentHints)
	if err != nil {
		return "", "", err
	}
	c := asn1x.NewCursor(v.Full)
	seq := c.Open("ContentHints", asn1x.Sequence)
	if d, ok := seq.Optional("contentDescription", asn1x.UTF8String); ok {
		description = string(d.Body)
	}
	contentType = seq.OID("contentType")
	if c.Err() != nil {
		return "", "", fmt.Errorf("%w: content hints: %w", ErrAttribute, c.Err())
	}
	return description, contentType, nil
}

// CertID is an ESSCertID or ESSCertIDv2 (RFC 2634 §5.4.1, RFC 5035 §4).
type CertID struct {
	Hash    OID
	Digest  []byte
	Issuers [][]byte // directory names of issuerSerial; nil when absent
	Serial  []byte
}

// SigningCertificates returns the identifiers in signing-certificate (v1) and
// signing-certificate-v2, each with the signer's own first. v1 and v2 are nil
// when the attribute is absent; the error is ErrAttribute.
func (si *SignerInfo) SigningCertificates() (v1, v2 []CertID, err error) {
	for _, k := range []struct {
		oid OID
		out *[]CertID
		v2  bool
	}{{OIDSigningCertificate, &v1, false}, {OIDSigningCertificateV2, &v2, true}} {
		v, err := si.single(k.oid)
		if errors.Is(err, ErrNoAttribute) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		c := asn1x.NewCursor(v.Full)
		*k.out = readCertIDs(&c, k.v2)
		if c.Err() == nil && len(*k.out) == 0 {
			c.Fail("certs", errors.New("empty"))
		}
		if c.Err() != nil {
			return nil, nil, fmt.Errorf("%w: signing certificate: %w", ErrAttribute, c.Err())
		}
	}
	return v1, v2, nil
}

func readCertIDs(c *asn1x.Cursor, v2 bool) []CertID {
	seq := c.Open("SigningCertificate", asn1x.Sequence)
	list := seq.Open("certs", asn1x.Sequence)
	var out []CertID
	for list.More() {
		if len(out) == maxValues {
			list.Fail("certs", errTooMany)
			break
		}
		in := list.Open("ESSCertID", asn1x.Sequence)
		id := CertID{Hash: pki.OIDSHA1}
		if v2 {
			id.Hash = pki.OIDSHA256
			if in.Peek() == asn1x.Sequence {
				id.Hash = pki.ParseAlgorithm(&in, "hashAlgorithm").OID
			}
		}
		id.Digest = in.Next("certHash", asn1x.OctetString).Body
		if v, ok := in.Optional("issuerSerial", asn1x.Sequence); ok {
			is := in.Inside(v.Body)
			names := is.Open("issuer", asn1x.Sequence)
			id.Issuers = [][]byte{}
			for names.More() {
				if n := names.Any("issuer"); n.ID == asn1x.ContextC(4) {
					id.Issuers = append(id.Issuers, n.Body)
				}
			}
			id.Serial = is.Next("serialNumber", asn1x.Integer).Body
			is.End("issuerSerial")
		}
		in.End("ESSCertID")
		out = append(out, id)
	}
	if _, ok := seq.Optional("policies", asn1x.Sequence); ok {
		seq.End("SigningCertificate")
	}
	return out
}
