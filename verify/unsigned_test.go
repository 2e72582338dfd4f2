package verify_test

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"slices"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// signedParts is a SignedData with one SignerInfo, taken apart by its elements
// and nothing else, so that what it is built into owes nothing to package cms.
type signedParts struct {
	head        [][]byte // version, digestAlgorithms, encapContentInfo
	contentType []byte
	certs, crls [][]byte
	fixed       []byte // SignerInfo up to signature
	value       []byte // of the signature
	unsigned    [][]byte
}

func takeApart(t testing.TB, der []byte) (p signedParts) {
	t.Helper()
	c := asn1x.NewCursor(der)
	ci := c.Open("ContentInfo", asn1x.Sequence)
	ci.Any("contentType")
	explicit := ci.Open("content", asn1x.ContextC(0))
	sd := explicit.Open("SignedData", asn1x.Sequence)
	for range 3 {
		p.head = append(p.head, sd.Any("head").Full)
	}
	encap := asn1x.NewCursor(p.head[2])
	in := encap.Open("encapContentInfo", asn1x.Sequence)
	p.contentType = in.Any("eContentType").Full
	members := func(id byte) (list [][]byte) {
		if v, ok := sd.Optional("members", id); ok {
			for in := sd.Inside(v.Body); in.More(); {
				list = append(list, in.Any("member").Full)
			}
		}
		return list
	}
	p.certs, p.crls = members(asn1x.ContextC(0)), members(asn1x.ContextC(1))
	set := sd.Open("signerInfos", asn1x.Set)
	si := set.Open("SignerInfo", asn1x.Sequence)
	for si.More() && si.Peek() != asn1x.ContextC(1) {
		v := si.Any("field")
		p.fixed = append(p.fixed, v.Full...)
		p.value = v.Body
	}
	if si.More() {
		for attrs := si.Open("unsignedAttrs", asn1x.ContextC(1)); attrs.More(); {
			p.unsigned = append(p.unsigned, attrs.Any("attribute").Full)
		}
	}
	if c.Err() != nil {
		t.Fatal(c.Err())
	}
	return p
}

func (p signedParts) build() []byte {
	field := func(id byte, list [][]byte) []byte {
		if len(list) == 0 {
			return nil
		}
		return asn1x.SetOf(id, list...)
	}
	si := asn1x.TLV(asn1x.Sequence, p.fixed, field(asn1x.ContextC(1), p.unsigned))
	sd := asn1x.TLV(asn1x.Sequence, slices.Concat(p.head...), field(asn1x.ContextC(0), p.certs), field(asn1x.ContextC(1), p.crls), asn1x.TLV(asn1x.Set, si))
	return asn1x.TLV(asn1x.Sequence, cms.OIDSignedData.Encode(), asn1x.TLV(asn1x.ContextC(0), sd))
}

// with adds unsigned attributes, each with one value.
func (p signedParts) with(oid pki.OID, values ...[]byte) signedParts {
	p.unsigned = slices.Clone(p.unsigned)
	for _, v := range values {
		p.unsigned = append(p.unsigned, cms.EncodeAttribute(oid, v))
	}
	return p
}

// atsIndex is an ATSHashIndexV3 before it is encoded (EN 319 122-1 §5.5.2).
type atsIndex struct {
	alg                 []byte
	certs, crls, values [][]byte
	sum                 func(parts ...[]byte) []byte
}

// index makes the hash index of everything that is there.
func (p signedParts) index(t testing.TB, oid pki.OID) *atsIndex {
	t.Helper()
	hashes := map[pki.OID]func() hash.Hash{pki.OIDSHA256: sha256.New, asn1x.MustOID("2.16.840.1.101.3.4.2.2"): sha512.New384}
	if hashes[oid] == nil {
		t.Fatal(oid)
	}
	x := &atsIndex{alg: asn1x.TLV(asn1x.Sequence, oid.Encode()), sum: func(parts ...[]byte) []byte {
		h := hashes[oid]()
		for _, b := range parts {
			h.Write(b)
		}
		return h.Sum(nil)
	}}
	for _, c := range p.certs {
		x.certs = append(x.certs, x.sum(c))
	}
	for _, c := range p.crls {
		x.crls = append(x.crls, x.sum(c))
	}
	for _, a := range p.unsigned {
		c := asn1x.NewCursor(a)
		in := c.Open("Attribute", asn1x.Sequence)
		attrType := in.Any("attrType").Full
		for set := in.Open("attrValues", asn1x.Set); set.More(); {
			x.values = append(x.values, x.sum(attrType, set.Any("value").Full))
		}
	}
	return x
}

func (x *atsIndex) encode() []byte {
	list := func(digests [][]byte) []byte {
		var b []byte
		for _, d := range digests {
			b = append(b, asn1x.TLV(asn1x.OctetString, d)...)
		}
		return asn1x.TLV(asn1x.Sequence, b)
	}
	return asn1x.TLV(asn1x.Sequence, x.alg, list(x.certs), list(x.crls), list(x.values))
}

// atsSpec says how an archive time-stamp differs from a proper one.
type atsSpec struct {
	tsa     *pkitest.Entity
	at      time.Time
	content []byte
	hash    pki.OID                                // "" = SHA-256
	index   func(x *atsIndex)                      // spoils it
	message func(fields [4][]byte) []byte          // another imprint
	attrs   func(index []byte) (unsigned [][]byte) // instead of one index
}

// archived adds an archive-time-stamp-v3 (EN 319 122-1 §5.5.3).
func (p signedParts) archived(t testing.TB, s atsSpec) signedParts {
	t.Helper()
	if s.hash == "" {
		s.hash = pki.OIDSHA256
	}
	x := p.index(t, s.hash)
	if s.index != nil {
		s.index(x)
	}
	fields := [4][]byte{p.contentType, x.sum(s.content), p.fixed, x.encode()}
	if s.message == nil {
		s.message = func(f [4][]byte) []byte { return slices.Concat(f[:]...) }
	}
	if s.attrs == nil {
		s.attrs = func(index []byte) [][]byte { return [][]byte{cms.EncodeAttribute(cms.OIDATSHashIndexV3, index)} }
	}
	return p.with(cms.OIDArchiveTimestampV3, pkitest.Token(t, s.tsa, s.message(fields), s.at, s.attrs(fields[3])...))
}

// countersignature is a SignerInfo over a signature value (RFC 5652 §11.4).
func countersignature(t testing.TB, e *pkitest.Entity, value []byte, attrs ...[]byte) []byte {
	t.Helper()
	sum := sha256.Sum256(value)
	cert := sha256.Sum256(e.DER)
	attrs = append(attrs, cms.EncodeAttribute(cms.OIDMessageDigest, asn1x.TLV(asn1x.OctetString, sum[:])),
		cms.EncodeAttribute(cms.OIDSigningCertificateV2, asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence,
			asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.OctetString, cert[:]))))))
	signed := sha256.Sum256(asn1x.SetOf(asn1x.Set, attrs...))
	sig, err := e.Key.Sign(rand.Reader, signed[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, []byte{1}),
		asn1x.TLV(asn1x.Sequence, e.Cert.RawIssuer, asn1x.TLV(asn1x.Integer, e.Cert.Serial)),
		asn1x.TLV(asn1x.Sequence, pki.OIDSHA256.Encode()), asn1x.SetOf(asn1x.ContextC(0), attrs...),
		asn1x.TLV(asn1x.Sequence, asn1x.MustOID("1.2.840.10045.4.3.2").Encode()), asn1x.TLV(asn1x.OctetString, sig))
}
