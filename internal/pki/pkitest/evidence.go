package pkitest

import (
	"crypto/sha1"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// Revoked is an entry of a CRL.
type Revoked struct {
	Serial []byte
	At     time.Time
	Reason int
	Ext    []Ext
}

// CRLSpec says how a CRL differs from a plain one: issued at Epoch, for a week,
// with number 1.
type CRLSpec struct {
	Issuer       *Entity
	Signer       *Entity // nil: Issuer
	ThisUpdate   time.Time
	NextUpdate   time.Time
	NoNextUpdate bool
	Number       byte
	Base         byte // not 0: a delta for this base
	IDP          []byte
	Ext          []Ext
	Revoked      []Revoked
}

// CRL makes a CRL.
func CRL(t testing.TB, s CRLSpec) *pki.CRL {
	t.Helper()
	signer := s.Signer
	if signer == nil {
		signer = s.Issuer
	}
	if s.ThisUpdate.IsZero() {
		s.ThisUpdate = Epoch
	}
	next := Time(s.ThisUpdate.AddDate(0, 0, 7))
	if !s.NextUpdate.IsZero() {
		next = Time(s.NextUpdate)
	}
	if s.NoNextUpdate {
		next = nil
	}
	if s.Number == 0 {
		s.Number = 1
	}
	sc, _, err := suites.SchemeFor(signer.Cert.SPKI, "")
	if err != nil {
		t.Fatal(err)
	}
	var entries []byte
	for _, r := range s.Revoked {
		x := r.Ext
		if r.Reason != 0 {
			x = append(x, Ext{"2.5.29.21", false, asn1x.TLV(asn1x.Enumerated, []byte{byte(r.Reason)})})
		}
		var exts []byte
		if len(x) > 0 {
			for _, e := range x {
				exts = append(exts, Extension(e)...)
			}
			exts = asn1x.TLV(asn1x.Sequence, exts)
		}
		entries = append(entries, asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, r.Serial), Time(r.At), exts)...)
	}
	if entries != nil {
		entries = asn1x.TLV(asn1x.Sequence, entries)
	}
	list := Extension(Ext{"2.5.29.35", false, asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Context(0), KeyID(signer.Cert.SPKI)))})
	list = append(list, Extension(Ext{"2.5.29.20", false, asn1x.TLV(asn1x.Integer, []byte{s.Number})})...)
	if s.Base != 0 {
		list = append(list, Extension(Ext{"2.5.29.27", true, asn1x.TLV(asn1x.Integer, []byte{s.Base})})...)
	}
	if s.IDP != nil {
		list = append(list, Extension(Ext{"2.5.29.28", true, s.IDP})...)
	}
	for _, x := range s.Ext {
		list = append(list, Extension(x)...)
	}
	tbs := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, []byte{1}), sc.SignatureAlgorithm, s.Issuer.Cert.RawSubject,
		Time(s.ThisUpdate), next, entries, asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.Sequence, list)))
	l, err := pki.ParseCRL(Sign(t, tbs, signer.Cert.SPKI, signer.Key, ""))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// URIPoint returns a DistributionPointName element with one URI.
func URIPoint(uri string) []byte {
	return asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.Context(6), []byte(uri))))
}

// CRLDP returns the cRLDistributionPoints extension with one URI.
func CRLDP(uri string) Ext {
	return Ext{"2.5.29.31", false, asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, URIPoint(uri)))}
}

// AIA returns the authorityInfoAccess extension with an OCSP responder and a
// place of issuer certificates; "" leaves one out.
func AIA(ocsp, issuers string) Ext {
	var list []byte
	for _, d := range []struct{ oid, uri string }{{"1.3.6.1.5.5.7.48.1", ocsp}, {"1.3.6.1.5.5.7.48.2", issuers}} {
		if d.uri != "" {
			list = append(list, asn1x.TLV(asn1x.Sequence, asn1x.MustOID(d.oid).Encode(), asn1x.TLV(asn1x.Context(6), []byte(d.uri)))...)
		}
	}
	return Ext{"1.3.6.1.5.5.7.1.1", false, asn1x.TLV(asn1x.Sequence, list)}
}

// NoCheck is the OCSP no-check extension.
var NoCheck = Ext{"1.3.6.1.5.5.7.48.1.5", false, []byte{asn1x.Null, 0}}

// OCSPSpec says how an OCSP response differs from a plain one: "good", issued
// at Epoch, for a week, signed by the issuer itself, named by key.
type OCSPSpec struct {
	Cert       *Entity
	Issuer     *Entity
	Signer     *Entity // nil: Issuer
	ByName     bool
	Hash       pki.OID // of the CertID; "": SHA-1
	Revoked    time.Time
	Reason     byte
	Unknown    bool
	ThisUpdate time.Time
	ProducedAt time.Time
	NextUpdate time.Time
	NoNext     bool
	Single     []Ext
	Ext        []Ext
	NoCerts    bool
	Serial     []byte // instead of Cert's
}

// OCSP makes a response.
func OCSP(t testing.TB, s OCSPSpec) *pki.OCSPResponse {
	t.Helper()
	r, err := pki.ParseOCSP(OCSPDER(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// OCSPDER makes a response in DER.
func OCSPDER(t testing.TB, s OCSPSpec) []byte {
	t.Helper()
	if s.Signer == nil {
		s.Signer = s.Issuer
	}
	if s.ThisUpdate.IsZero() {
		s.ThisUpdate = Epoch
	}
	if s.ProducedAt.IsZero() {
		s.ProducedAt = s.ThisUpdate
	}
	if s.NextUpdate.IsZero() {
		s.NextUpdate = s.ThisUpdate.AddDate(0, 0, 7)
	}
	if s.Hash == "" {
		s.Hash = pki.OIDSHA1
	}
	if s.Serial == nil {
		s.Serial = s.Cert.Cert.Serial
	}
	h, err := suites.Hash(s.Hash)
	if err != nil {
		t.Fatal(err)
	}
	sum := func(b []byte) []byte {
		d := h.New()
		d.Write(b)
		return asn1x.TLV(asn1x.OctetString, d.Sum(nil))
	}
	general := func(at time.Time) []byte {
		return asn1x.TLV(asn1x.GeneralizedTime, []byte(at.UTC().Format("20060102150405Z")))
	}
	extensions := func(id byte, list []Ext) []byte {
		if len(list) == 0 {
			return nil
		}
		var b []byte
		for _, x := range list {
			b = append(b, Extension(x)...)
		}
		return asn1x.TLV(id, asn1x.TLV(asn1x.Sequence, b))
	}
	id := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, s.Hash.Encode(), []byte{asn1x.Null, 0}),
		sum(s.Issuer.Cert.RawSubject), sum(s.Issuer.Cert.SPKI.Key), asn1x.TLV(asn1x.Integer, s.Serial))
	status := asn1x.TLV(asn1x.Context(0))
	switch {
	case s.Unknown:
		status = asn1x.TLV(asn1x.Context(2))
	case !s.Revoked.IsZero():
		var reason []byte
		if s.Reason != 0 {
			reason = asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.Enumerated, []byte{s.Reason}))
		}
		status = asn1x.TLV(asn1x.ContextC(1), general(s.Revoked), reason)
	}
	var next []byte
	if !s.NoNext {
		next = asn1x.TLV(asn1x.ContextC(0), general(s.NextUpdate))
	}
	single := asn1x.TLV(asn1x.Sequence, id, status, general(s.ThisUpdate), next, extensions(asn1x.ContextC(1), s.Single))
	keyHash := sha1.Sum(s.Signer.Cert.SPKI.Key)
	responder := asn1x.TLV(asn1x.ContextC(2), asn1x.TLV(asn1x.OctetString, keyHash[:]))
	if s.ByName {
		responder = asn1x.TLV(asn1x.ContextC(1), s.Signer.Cert.RawSubject)
	}
	tbs := asn1x.TLV(asn1x.Sequence, responder, general(s.ProducedAt), asn1x.TLV(asn1x.Sequence, single),
		extensions(asn1x.ContextC(1), s.Ext))
	var certs []byte
	if !s.NoCerts && s.Signer != s.Issuer {
		certs = asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.Sequence, s.Signer.DER))
	}
	basic := Sign(t, tbs, s.Signer.Cert.SPKI, s.Signer.Key, "", certs)
	return asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Enumerated, []byte{0}),
		asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.Sequence, asn1x.MustOID("1.3.6.1.5.5.7.48.1.1").Encode(),
			asn1x.TLV(asn1x.OctetString, basic))))
}
