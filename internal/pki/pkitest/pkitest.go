// Package pkitest makes certificates, CRLs and OCSP responses for tests, with
// a knob for everything a hostile or careless authority may get wrong. It
// writes DER itself, so that it can also write what crypto/x509 refuses to.
package pkitest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
)

// Epoch is the time around which everything is valid by default.
var Epoch = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

// Ext is an extension to add.
type Ext struct {
	OID      string
	Critical bool
	Value    []byte
}

// Spec says how a certificate differs from a plain one: an end-entity
// certificate with a fresh P-256 key, valid from one year before Epoch to one
// year after it.
type Spec struct {
	Name      string  // common name
	NameDER   []byte  // instead of Name
	Issuer    *Entity // nil: self-signed
	Key       crypto.Signer
	SPKI      []byte // instead of Key's
	Scheme    string // of the issuer's signature
	Serial    []byte
	NotBefore time.Time
	NotAfter  time.Time
	CA        bool
	PathLen   int // with CA: -1 or 0 for none, use PathLenZero for 0
	KeyUsage  pki.KeyUsage
	NoUsage   bool
	EKU       []pki.OID
	EKUCrit   bool
	NoIDs     bool   // no SKI, no AKI
	AKI       []byte // instead of the right one
	NoBC      bool
	Ext       []Ext
	NoExt     bool
}

// PathLenZero stands for a path length constraint of 0 in Spec.PathLen.
const PathLenZero = -2

// Entity is a certificate with its key.
type Entity struct {
	Cert *pki.Certificate
	Key  crypto.Signer
	DER  []byte
}

var suites = gostpki.Add(pki.DefaultSuites())

var counter atomic.Uint32 // of serial numbers; tests run side by side

// NewKey returns a fresh P-256 key.
func NewKey(t testing.TB) crypto.Signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// CommonName returns a DER Name with one common name.
func CommonName(cn string) []byte {
	atv := asn1x.TLV(asn1x.Sequence, asn1x.MustOID("2.5.4.3").Encode(), asn1x.TLV(asn1x.UTF8String, []byte(cn)))
	return asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Set, atv))
}

// Time returns a Time element.
func Time(t time.Time) []byte {
	if t.Year() < 2050 {
		return asn1x.TLV(asn1x.UTCTime, []byte(t.UTC().Format("060102150405Z")))
	}
	return asn1x.TLV(asn1x.GeneralizedTime, []byte(t.UTC().Format("20060102150405Z")))
}

// Sign returns SEQUENCE{tbs, algorithm, signature} made with the key.
func Sign(t testing.TB, tbs []byte, spki pki.SPKI, key crypto.Signer, scheme string, tail ...[]byte) []byte {
	t.Helper()
	sc, _, err := suites.SchemeFor(spki, scheme)
	if err != nil {
		t.Fatal(err)
	}
	data := tbs
	if !sc.SignsMessage {
		h, err := suites.Hash(sc.Digest)
		if err != nil {
			t.Fatal(err)
		}
		d := h.New()
		d.Write(tbs)
		data = d.Sum(nil)
	}
	sig, err := key.Sign(rand.Reader, data, sc.Opts)
	if err != nil {
		t.Fatal(err)
	}
	parts := append([][]byte{tbs, sc.SignatureAlgorithm, BitString(sig)}, tail...)
	return asn1x.TLV(asn1x.Sequence, parts...)
}

// BitString returns a BIT STRING of whole octets.
func BitString(b []byte) []byte { return asn1x.TLV(asn1x.BitString, []byte{0}, b) }

// Issue makes a certificate.
func Issue(t testing.TB, s Spec) *Entity {
	t.Helper()
	e := &Entity{Key: s.Key}
	if e.Key == nil {
		e.Key = NewKey(t)
	}
	spkiDER := s.SPKI
	if spkiDER == nil {
		spkiDER = SPKI(t, e.Key.Public())
	}
	spki, err := pki.ParseSPKI(spkiDER)
	if err != nil {
		t.Fatal(err)
	}
	name := s.NameDER
	if name == nil {
		name = CommonName(s.Name)
	}
	issuerName, issuerSPKI, issuerKey := name, spki, e.Key
	if s.Issuer != nil {
		issuerName, issuerSPKI, issuerKey = s.Issuer.Cert.RawSubject, s.Issuer.Cert.SPKI, s.Issuer.Key
	}
	if s.Serial == nil {
		n := counter.Add(1)
		s.Serial = []byte{0x10, byte(n >> 8), byte(n)}
	}
	if s.NotBefore.IsZero() {
		s.NotBefore = Epoch.AddDate(-1, 0, 0)
	}
	if s.NotAfter.IsZero() {
		s.NotAfter = Epoch.AddDate(1, 0, 0)
	}
	sc, _, err := suites.SchemeFor(issuerSPKI, s.Scheme)
	if err != nil {
		t.Fatal(err)
	}
	var exts []byte
	if !s.NoExt {
		var list []byte
		for _, x := range s.extensions(spki, issuerSPKI) {
			list = append(list, Extension(x)...)
		}
		exts = asn1x.TLV(asn1x.ContextC(3), asn1x.TLV(asn1x.Sequence, list))
	}
	version := asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.Integer, []byte{2}))
	if s.NoExt {
		version = nil
	}
	tbs := asn1x.TLV(asn1x.Sequence, version, asn1x.TLV(asn1x.Integer, s.Serial), sc.SignatureAlgorithm, issuerName,
		asn1x.TLV(asn1x.Sequence, Time(s.NotBefore), Time(s.NotAfter)), name, spkiDER, exts)
	e.DER = Sign(t, tbs, issuerSPKI, issuerKey, s.Scheme)
	if e.Cert, err = pki.ParseCertificate(e.DER); err != nil {
		t.Fatal(err)
	}
	return e
}

func (s Spec) extensions(own, issuer pki.SPKI) []Ext {
	var out []Ext
	overridden := map[string]bool{}
	for _, x := range s.Ext {
		overridden[x.OID] = true
	}
	add := func(oid string, critical bool, value []byte) {
		if !overridden[oid] {
			out = append(out, Ext{oid, critical, value})
		}
	}
	if !s.NoBC {
		var body []byte
		if s.CA {
			body = asn1x.TLV(asn1x.Boolean, []byte{0xff})
			switch {
			case s.PathLen == PathLenZero:
				body = append(body, asn1x.TLV(asn1x.Integer, []byte{0})...)
			case s.PathLen > 0:
				body = append(body, asn1x.TLV(asn1x.Integer, []byte{byte(s.PathLen)})...)
			}
		}
		add("2.5.29.19", true, asn1x.TLV(asn1x.Sequence, body))
	}
	usage := s.KeyUsage
	if usage == 0 {
		usage = pki.UsageDigitalSignature | pki.UsageContentCommitment
		if s.CA {
			usage = pki.UsageCertSign | pki.UsageCRLSign
		}
	}
	if !s.NoUsage {
		add("2.5.29.15", true, UsageBits(usage))
	}
	if s.EKU != nil {
		var list []byte
		for _, o := range s.EKU {
			list = append(list, o.Encode()...)
		}
		add("2.5.29.37", s.EKUCrit, asn1x.TLV(asn1x.Sequence, list))
	}
	if !s.NoIDs {
		add("2.5.29.14", false, asn1x.TLV(asn1x.OctetString, KeyID(own)))
		aki := s.AKI
		if aki == nil {
			aki = KeyID(issuer)
		}
		add("2.5.29.35", false, asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Context(0), aki)))
	}
	return append(out, s.Ext...)
}

// UsageBits returns a KeyUsage BIT STRING.
func UsageBits(u pki.KeyUsage) []byte {
	var b [2]byte
	last := 0
	for i := range 9 {
		if u&(1<<i) != 0 {
			b[i/8] |= 0x80 >> (i % 8)
			last = i
		}
	}
	return asn1x.TLV(asn1x.BitString, []byte{byte(7 - last%8)}, b[:last/8+1])
}

// Extension returns an Extension element.
func Extension(x Ext) []byte {
	var critical []byte
	if x.Critical {
		critical = asn1x.TLV(asn1x.Boolean, []byte{0xff})
	}
	return asn1x.TLV(asn1x.Sequence, asn1x.MustOID(x.OID).Encode(), critical, asn1x.TLV(asn1x.OctetString, x.Value))
}

// KeyID returns the SHA-1 of the key bits.
func KeyID(s pki.SPKI) []byte {
	h := sha1.Sum(s.Key)
	return h[:]
}
