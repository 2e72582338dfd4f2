package trustlist

import (
	"crypto/sha1"
	"crypto/sha256"
	"slices"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// index builds what answers look up.
func (l *List) index() {
	l.byKey, l.byID = map[[32]byte][]place{}, map[string][]place{}
	for i := range l.Authorities {
		for j := range l.Authorities[i].Keys {
			k, at := &l.Authorities[i].Keys[j], place{i, j}
			if len(k.ID) > 0 {
				l.byID[string(k.ID)] = append(l.byID[string(k.ID)], at)
			}
			for _, c := range k.Certificates {
				key := sha256.Sum256(c.SPKI.Raw)
				before := l.byKey[key]
				if slices.ContainsFunc(before, func(p place) bool { return p.authority == i }) {
					continue
				}
				if len(before) > 0 {
					l.warn("a key of %s stands under %s as well: where they disagree, neither counts", l.Authorities[before[0].authority].Name, l.Authorities[i].Name)
				}
				l.byKey[key] = append(before, at)
			}
		}
	}
}

// Find returns the entries that a certificate's key stands in; there should be
// one. proven is false where only a key identifier, which the certificate merely
// claims, agrees.
func (l *List) Find(c *pki.Certificate) (found []*Authority, proven bool) {
	add := func(p place) {
		if a := &l.Authorities[p.authority]; !slices.Contains(found, a) {
			found = append(found, a)
		}
	}
	for _, p := range l.byKey[sha256.Sum256(c.SPKI.Raw)] {
		add(p)
	}
	for _, id := range keyDigests(c) {
		for _, p := range l.byID[string(id)] {
			if len(l.key(p).Certificates) == 0 {
				add(p)
			}
		}
	}
	if proven = len(found) > 0; !proven && len(c.SubjectKeyID) > 0 {
		for _, p := range l.byID[string(c.SubjectKeyID)] {
			add(p)
		}
	}
	return found, proven
}

func (l *List) key(at place) *Key { return &l.Authorities[at.authority].Keys[at.key] }

// keyDigests are the key identifiers that are made from the key: of the BIT
// STRING's content (RFC 5280 §4.2.1.2 (1)), and of the OCTET STRING's inside it,
// as some Russian software has it.
func keyDigests(c *pki.Certificate) [][]byte {
	out := [][]byte{c.KeyHash()}
	if v, rest, err := asn1x.Read(c.SPKI.Key); err == nil && len(rest) == 0 && v.ID == asn1x.OctetString {
		h := sha1.Sum(v.Body)
		out = append(out, h[:])
	}
	return out
}
