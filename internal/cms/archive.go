package cms

import (
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// ErrHashIndex: an ats-hash-index-v3 that is malformed or names what is not
// there (EN 319 122-1 §5.5.2).
var ErrHashIndex = errors.New("cms: hash index of an archive time-stamp")

// ArchiveTimestamps returns the archive-time-stamp-v3 tokens on si
// (EN 319 122-1 §5.5.3).
func (si *SignerInfo) ArchiveTimestamps() [][]byte { return si.Unsigned(OIDArchiveTimestampV3) }

// HashIndex is an ats-hash-index-v3 (EN 319 122-1 §5.5.2): digests of what an
// archive time-stamp covers besides the signature and its content.
type HashIndex struct {
	Raw                            []byte // the value, which is part of the imprint
	Hash                           OID
	Certificates, CRLs, Attributes [][]byte
}

// maxIndex bounds each list of an index: it has as many entries as the signature
// has certificates, CRLs or attribute values.
const maxIndex = maxCertificates

// HashIndex returns the index that a token carries: token is the only SignerInfo
// of an archive time-stamp. Errors are ErrNoAttribute and ErrHashIndex.
func (token *SignerInfo) HashIndex() (HashIndex, error) {
	values := token.Unsigned(OIDATSHashIndexV3)
	switch len(values) {
	case 0:
		return HashIndex{}, absentError(OIDATSHashIndexV3)
	case 1:
	default:
		return HashIndex{}, fmt.Errorf("%w: %d of them", ErrHashIndex, len(values))
	}
	c := asn1x.NewCursor(values[0])
	seq := c.Open("ATSHashIndexV3", asn1x.Sequence)
	x := HashIndex{Raw: values[0], Hash: pki.OIDSHA256}
	if v, _, err := asn1x.Read(seq.Rest()); err == nil && len(v.Body) > 0 && v.Body[0] == asn1x.ObjectID {
		x.Hash = pki.ParseAlgorithm(&seq, "hashIndAlgorithm").OID // SHA-256 where earlier versions leave it out
	}
	for _, k := range []struct {
		name string
		list *[][]byte
	}{{"certificatesHashIndex", &x.Certificates}, {"crlsHashIndex", &x.CRLs}, {"unsignedAttrValuesHashIndex", &x.Attributes}} {
		in := seq.Open(k.name, asn1x.Sequence)
		for in.More() {
			if len(*k.list) == maxIndex {
				in.Fail(k.name, errTooMany)
				break
			}
			*k.list = append(*k.list, in.Next(k.name, asn1x.OctetString).Body)
		}
	}
	seq.End("ATSHashIndexV3")
	c.End("ATSHashIndexV3")
	if c.Err() != nil {
		return HashIndex{}, fmt.Errorf("%w: %w", ErrHashIndex, c.Err())
	}
	return x, nil
}

// Indexed is what a hash index covers of a signature; what it leaves out may
// have been added later.
type Indexed struct {
	Certificates, CRLs [][]byte    // members of the fields, CRLs and OCSP answers both
	Attributes         []Attribute // unsigned ones, with the values that are covered
}

// Indexed finds what the index names. An entry that stands for nothing makes it
// void (EN 319 122-1 §5.5.2): the error is ErrHashIndex, or pki.ErrUnsupported
// for a hash that is not in the table.
func (si *SignerInfo) Indexed(x HashIndex, s *pki.Suites) (Indexed, error) {
	h, err := s.Hash(x.Hash)
	if err != nil {
		return Indexed{}, err
	}
	digest := func(parts ...[]byte) string {
		d := h.New()
		for _, p := range parts {
			d.Write(p)
		}
		return string(d.Sum(nil))
	}
	var out Indexed
	for _, k := range []struct {
		what  string
		index [][]byte
		field []byte
		found *[][]byte
	}{{"certificate", x.Certificates, si.sd.rawCertificates, &out.Certificates}, {"CRL", x.CRLs, si.sd.rawCRLs, &out.CRLs}} {
		entries := newEntries(k.index)
		c := asn1x.NewCursor(k.field)
		for c.More() {
			if member := c.Any(k.what); entries.take(digest(member.Full)) {
				*k.found = append(*k.found, member.Full)
			}
		}
		if err := entries.left(k.what); err != nil {
			return Indexed{}, err
		}
	}
	entries := newEntries(x.Attributes)
	for _, a := range si.UnsignedAttrs {
		covered := Attribute{OID: a.OID}
		for _, v := range a.Values {
			if entries.take(digest(a.OID.Encode(), v)) {
				covered.Values = append(covered.Values, v)
			}
		}
		if covered.Values != nil {
			out.Attributes = append(out.Attributes, covered)
		}
	}
	return out, entries.left("unsigned attribute")
}

// entries are digests of an index and whether something was found for each.
type entries map[string]bool

func newEntries(list [][]byte) entries {
	e := entries{}
	for _, digest := range list {
		e[string(digest)] = false
	}
	return e
}

func (e entries) take(digest string) bool {
	_, ok := e[digest]
	if ok {
		e[digest] = true
	}
	return ok
}

func (e entries) left(what string) error {
	for digest, found := range e {
		if !found {
			return fmt.Errorf("%w: no %s has the digest %x", ErrHashIndex, what, digest)
		}
	}
	return nil
}

// ArchiveMessage returns the octets whose digest is the imprint of an archive
// time-stamp on si (EN 319 122-1 §5.5.3): type and digest of the content, the
// fields of the SignerInfo from version to signature as they stand, and the
// hash index. contentDigest is made with the hash of the imprint.
func (si *SignerInfo) ArchiveMessage(contentDigest []byte, x HashIndex) []byte {
	return concat(si.sd.ContentType.Encode(), contentDigest, si.fixed, x.Raw)
}
