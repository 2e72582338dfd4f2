package verify_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// archiving is a signature with a time-stamp, and who can archive it.
type archiving struct {
	*authority
	content []byte
	signed  signedParts
	lasting *pkitest.Entity // a time-stamping authority that outlives the others
}

func newArchiving(t testing.TB) *archiving {
	t.Helper()
	a := &archiving{authority: newAuthority(t), content: []byte("what was agreed")}
	a.signed = takeApart(t, a.authority.signed(t, a.content, epoch, cms.TemplateOptions{}))
	a.signed.crls = [][]byte{a.crl(t, epoch.Add(time.Hour), time.Time{})}
	a.lasting = pkitest.Issue(t, pkitest.Spec{Name: "Lasting time-stamping", Issuer: a.root, EKU: []pki.OID{pki.EKUTimeStamping}, EKUCrit: true,
		NotAfter: epoch.AddDate(9, 0, 0)})
	return a
}

func (a *archiving) spec() atsSpec {
	return atsSpec{tsa: a.lasting, at: epoch.Add(2 * time.Hour), content: a.content}
}

func TestArchiveTimestamp(t *testing.T) {
	a := newArchiving(t)
	spec := func(change func(*atsSpec)) signedParts {
		s := a.spec()
		change(&s)
		return a.signed.archived(t, s)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other := pkitest.Issue(t, pkitest.Spec{Name: "P-384 time-stamping", Issuer: a.root, Key: p384, EKU: []pki.OID{pki.EKUTimeStamping}, EKUCrit: true, NotAfter: epoch.AddDate(9, 0, 0)})
	stranger := pkitest.TSA(t, newAuthority(t).root)
	once := spec(func(*atsSpec) {})
	renewal := a.spec()
	renewal.at = epoch.AddDate(0, 6, 0)
	changed := func(p signedParts, change func(*signedParts)) signedParts {
		change(&p)
		return p
	}
	short := spec(func(s *atsSpec) { s.tsa = a.tsa })
	refreshed := changed(short, func(p *signedParts) {
		p.crls = append(p.crls[:1:1], a.crl(t, renewal.at.Add(-time.Hour), time.Time{}))
	})
	soon, later := epoch.Add(3*time.Hour), epoch.AddDate(3, 0, 0)
	const lt, lta = "CAdES-B-LT", "CAdES-B-LTA"
	const constraints = verify.SubSigConstraints
	for _, v := range []struct {
		name   string
		doc    signedParts
		at     time.Time
		format string
		want   verify.Verdict
		sub    verify.SubIndication
		says   string
	}{
		{name: "without, soon", doc: a.signed, at: soon, format: lt, want: verify.Passed},
		{name: "without, when all has ended", doc: a.signed, at: later, format: lt, want: verify.Indeterminate},
		{name: "soon", doc: once, at: soon, format: lta, want: verify.Passed},
		{name: "when all has ended", doc: once, at: later, format: lta, want: verify.Passed},
		{name: "another hash", doc: spec(func(s *atsSpec) { s.tsa, s.hash = other, asn1x.MustOID("2.16.840.1.101.3.4.2.2") }), at: later, format: lta, want: verify.Passed},
		{name: "hash left out", doc: spec(func(s *atsSpec) { s.index = func(x *atsIndex) { x.alg = nil } }), at: later, format: lta, want: verify.Passed},
		{name: "certificate added later", doc: changed(once, func(p *signedParts) { p.certs = append(p.certs[:len(p.certs):len(p.certs)], other.DER) }), at: soon, format: lta, want: verify.Passed},
		{name: "ended too", doc: short, at: later, format: lt, want: verify.Indeterminate},
		{name: "renewed", doc: refreshed.archived(t, renewal), at: later, format: lta, want: verify.Passed},
		{name: "renewed, not covering the first", doc: refreshed.archived(t, atsSpec{tsa: a.lasting, at: renewal.at, content: a.content,
			index: func(x *atsIndex) { x.values = a.signed.index(t, pki.OIDSHA256).values }}), at: later, format: lt, want: verify.Indeterminate, says: "OUT_OF_BOUNDS_NO_POE"},

		{name: "imprint of other content", doc: spec(func(s *atsSpec) { s.content = []byte("what was not agreed") }), at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "imprint"},
		{name: "another order of fields", doc: spec(func(s *atsSpec) {
			s.message = func(f [4][]byte) []byte {
				return append(append(append(append([]byte{}, f[1]...), f[0]...), f[2]...), f[3]...)
			}
		}), at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "imprint"},
		{name: "imprint without the index", doc: spec(func(s *atsSpec) {
			s.message = func(f [4][]byte) []byte { return append(append(append([]byte{}, f[0]...), f[1]...), f[2]...) }
		}), at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "imprint"},
		{name: "imprint of content itself", doc: spec(func(s *atsSpec) {
			s.message = func(f [4][]byte) []byte {
				return append(append(append(append([]byte{}, f[0]...), a.content...), f[2]...), f[3]...)
			}
		}), at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "imprint"},
		{name: "index without a certificate", doc: spec(func(s *atsSpec) { s.index = func(x *atsIndex) { x.certs = x.certs[1:] } }),
			at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "does not cover the signer's certificate"},
		{name: "index without the time-stamp", doc: spec(func(s *atsSpec) { s.index = func(x *atsIndex) { x.values = nil } }),
			at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "is not covered"},
		{name: "index with an unknown certificate", doc: spec(func(s *atsSpec) { s.index = func(x *atsIndex) { x.certs = append(x.certs, x.sum(other.DER)) } }),
			at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "no certificate has the digest"},
		{name: "index with an unknown attribute", doc: spec(func(s *atsSpec) { s.index = func(x *atsIndex) { x.values = append(x.values, x.sum([]byte("x"))) } }),
			at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "no unsigned attribute has the digest"},
		{name: "CRL taken out", doc: changed(once, func(p *signedParts) { p.crls = [][]byte{a.crl(t, epoch.Add(90*time.Minute), time.Time{})} }),
			at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "no CRL has the digest"},
		{name: "index in the order of another list", doc: spec(func(s *atsSpec) { s.index = func(x *atsIndex) { x.certs, x.values = x.values, x.certs } }),
			at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "no certificate has the digest"},
		{name: "no index", doc: spec(func(s *atsSpec) { s.attrs = func([]byte) [][]byte { return nil } }), at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "absent"},
		{name: "two indexes", doc: spec(func(s *atsSpec) {
			s.attrs = func(x []byte) [][]byte {
				return [][]byte{cms.EncodeAttribute(cms.OIDATSHashIndexV3, x), cms.EncodeAttribute(cms.OIDATSHashIndexV3, append([]byte{}, x...))}
			}
		}), at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "2 of them"},
		{name: "index cut short", doc: spec(func(s *atsSpec) {
			s.attrs = func(x []byte) [][]byte { return [][]byte{cms.EncodeAttribute(cms.OIDATSHashIndexV3, []byte{0x30, 0})} }
		}), at: soon, format: lt, want: verify.Indeterminate, sub: constraints},
		{name: "index with another hash than the imprint", doc: spec(func(s *atsSpec) { s.tsa = other }), at: soon, format: lt, want: verify.Indeterminate, sub: constraints, says: "the imprint with"},
		{name: "unknown hash", doc: spec(func(s *atsSpec) {
			s.index = func(x *atsIndex) {
				x.alg = asn1x.TLV(asn1x.Sequence, asn1x.MustOID("2.16.840.1.101.3.4.2.99").Encode())
			}
		}), at: soon, format: lt, want: verify.Indeterminate, sub: constraints},
		{name: "older than the time-stamp it covers", doc: spec(func(s *atsSpec) { s.at = epoch.Add(-time.Hour) }), at: soon, format: lt, want: verify.Indeterminate, sub: verify.SubTimestampOrder},
		{name: "from the future", doc: spec(func(s *atsSpec) { s.at = later }), at: soon, format: lt, want: verify.Indeterminate, sub: constraints},
		{name: "of a stranger", doc: spec(func(s *atsSpec) { s.tsa = stranger }), at: soon, format: lt, want: verify.Indeterminate, sub: constraints},
		{name: "of a signer", doc: spec(func(s *atsSpec) { s.tsa = a.signer }), at: soon, format: lt, want: verify.Indeterminate, sub: constraints},
		{name: "not a token", doc: a.signed.with(cms.OIDArchiveTimestampV3, []byte{0x30, 0}), at: soon, format: lt, want: verify.Indeterminate, sub: constraints},
		{name: "version 2, soon", doc: a.signed.with(cms.OIDArchiveTimestampV2, pkitest.Token(t, a.lasting, a.content, epoch.Add(2*time.Hour))), at: soon, format: lt, want: verify.Passed, says: "archive-time-stamp-v2"},
		{name: "version 2, when all has ended", doc: a.signed.with(cms.OIDArchiveTimestampV2, pkitest.Token(t, a.lasting, a.content, epoch.Add(2*time.Hour))), at: later, format: lt, want: verify.Indeterminate, says: "archive-time-stamp-v2"},
	} {
		t.Run(v.name, func(t *testing.T) {
			s, r := a.check(t, v.doc.build(), v.at)
			if _, sub := s.Indication(); s.Format != v.format || r.Verdict() != v.want || v.sub != "" && sub != v.sub {
				t.Errorf("%s, %s %s; want %s, %s %s: %v", s.Format, r.Verdict(), sub, v.format, v.want, v.sub, failing(s))
			}
			if v.want == verify.Passed && !s.ProvenTime.Equal(epoch) {
				t.Errorf("proven %v", s.ProvenTime)
			}
			said := ""
			for _, c := range s.Checks {
				if c.Name == verify.CheckArchiveStamp {
					said += c.Detail
				}
			}
			if !strings.Contains(said, v.says) {
				t.Errorf("%q, without %q", said, v.says)
			}
		})
	}
}

func (a *archiving) check(t testing.TB, sig []byte, at time.Time) (*verify.Signature, *verify.Report) {
	t.Helper()
	opts := a.options()
	opts.RevocationNoneUnsafe, opts.At, opts.Signature = false, at, sig
	if at.After(epoch.AddDate(1, 0, 0)) { // the present is for the present authority to speak of
		opts.CRLs = [][]byte{a.crl(t, at, time.Time{})}
	}
	r := check(t, a.content, opts)
	if len(r.Signatures) != 1 {
		t.Fatal(show(r))
	}
	return &r.Signatures[0], r
}

// TestArchiveEveryByte changes a bit in every byte of an archive time-stamp and
// its index, and in some of what it covers: nothing passes any more. Left out are
// the bytes that nobody signs and that say nothing: version numbers, the list of
// digest algorithms of the token, and the issuer's name beside the serial number,
// as in TestTamperedSignature.
func TestArchiveEveryByte(t *testing.T) {
	a := newArchiving(t)
	der := a.signed.archived(t, a.spec()).build()
	later := epoch.AddDate(3, 0, 0)
	opts := a.options()
	opts.RevocationNoneUnsafe, opts.At, opts.CRLs, opts.Signature = false, later, [][]byte{a.crl(t, later, time.Time{})}, der
	if r := check(t, a.content, opts); r.Verdict() != verify.Passed || r.Signatures[0].Format != "CAdES-B-LTA" {
		t.Fatal(show(r))
	}
	token := archiveOf(t, der)
	start := bytes.Index(der, token)
	sd, err := cms.Parse(token)
	if err != nil {
		t.Fatal(err)
	}
	issuer := func(sd *cms.SignedData, start int) (from, to int) {
		from = start + bytes.Index(sd.Raw, sd.SignerInfos[0].Raw) + bytes.Index(sd.SignerInfos[0].Raw, sd.SignerInfos[0].Issuer)
		return from, from + len(sd.SignerInfos[0].Issuer)
	}
	own, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	from, to := issuer(sd, start)
	ownFrom, ownTo := issuer(own, 0)
	algs := start + bytes.IndexByte(token, asn1x.Set)
	silent := map[int]bool{bytes.IndexByte(der, asn1x.Set) - 1: true, algs - 1: true,
		start + bytes.Index(token, sd.SignerInfos[0].Raw) + bytes.Index(sd.SignerInfos[0].Raw, []byte{asn1x.Integer, 1}) + 2: true}
	for at := range der {
		if silent[at] || algs < at && at < algs+2+int(der[algs+1]) || at < start && at%5 != 0 ||
			from <= at && at < to || ownFrom <= at && at < ownTo {
			continue
		}
		der[at] ^= 1 << (at % 8)
		if r := check(t, a.content, opts); r.ExitCode() == 0 || r.Verdict() == verify.NoSignature {
			t.Errorf("byte %d of %d (%#02x): %s", at, len(der), der[at], r.Verdict())
		}
		der[at] ^= 1 << (at % 8)
	}
}

// archiveOf returns the only archive time-stamp of a message.
func archiveOf(t *testing.T, der []byte) []byte {
	t.Helper()
	sd, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	return sd.SignerInfos[0].ArchiveTimestamps()[0]
}

// TestAttachedArchive: the content may be inside.
func TestAttachedArchive(t *testing.T) {
	a := newArchiving(t)
	tmpl, err := cms.NewTemplate(a.signer.Cert, nil, cms.TemplateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := tmpl.Hash().New()
	d.Write(a.content)
	der, err := tmpl.Sign(t.Context(), a.signer.Key, d.Sum(nil), cms.SignOptions{Content: a.content})
	if err != nil {
		t.Fatal(err)
	}
	p := takeApart(t, der)
	p = p.with(cms.OIDSignatureTimestamp, pkitest.Token(t, a.tsa, p.value, epoch))
	p.crls = a.signed.crls
	opts := a.options()
	opts.RevocationNoneUnsafe, opts.At = false, epoch.Add(3*time.Hour)
	r := check(t, p.archived(t, a.spec()).build(), opts)
	if r.Verdict() != verify.Passed || r.Signatures[0].Format != "CAdES-B-LTA" {
		t.Error(show(r))
	}
	spec := a.spec()
	spec.content = a.content[1:]
	if r := check(t, p.archived(t, spec).build(), opts); r.Verdict() != verify.Indeterminate || r.Signatures[0].Format != "CAdES-B-LT" {
		t.Error(show(r))
	}
}
