package subject_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	. "github.com/vidimus/vidimus/internal/pki/subject"
)

func name(pairs ...string) []byte {
	var rdns []byte
	for i := 0; i < len(pairs); i += 2 {
		tag := byte(asn1x.UTF8String)
		if pairs[i][:5] == "1.2.6" {
			tag = asn1x.NumericString // as real certificates have it
		}
		rdns = append(rdns, asn1x.TLV(asn1x.Set, asn1x.TLV(asn1x.Sequence, asn1x.MustOID(pairs[i]).Encode(), asn1x.TLV(tag, []byte(pairs[i+1]))))...)
	}
	return asn1x.TLV(asn1x.Sequence, rdns)
}

func utf8(s string) []byte { return asn1x.TLV(asn1x.UTF8String, []byte(s)) }

func tools(class byte) []pkitest.Ext {
	policy := func(n byte) []byte {
		return asn1x.TLV(asn1x.Sequence, asn1x.MustOID("1.2.643.100.113."+string('0'+n)).Encode())
	}
	var list []byte
	for n := byte(1); n <= class; n++ {
		list = append(list, policy(n)...)
	}
	return []pkitest.Ext{
		{OID: "2.5.29.32", Value: asn1x.TLV(asn1x.Sequence, list)},
		{OID: "1.2.643.100.111", Value: utf8("СКЗИ «Образец CSP» 5.0")},
		{OID: "1.2.643.100.112", Value: asn1x.TLV(asn1x.Sequence, utf8("a"), utf8("b"), utf8("c"), utf8("d"))},
		{OID: "1.2.643.100.114", Value: asn1x.TLV(asn1x.Integer, []byte{3})},
	}
}

const (
	inn, innle, ogrn, ogrnip, snils = "1.2.643.3.131.1.1", "1.2.643.100.4", "1.2.643.100.1", "1.2.643.100.5", "1.2.643.100.3"
	cn, sn, gn, org, title          = "2.5.4.3", "2.5.4.4", "2.5.4.42", "2.5.4.10", "2.5.4.12"
)

func TestRead(t *testing.T) {
	for what, test := range map[string]struct {
		name     []byte
		kind     Kind
		want     Subject
		problems []Problem
	}{
		"legal entity": {name(cn, "ООО «Ромашка»", org, "ООО «Ромашка»", title, "Директор", sn, "Кедров", gn, "Пётр Ильич", innle, "9901234561", ogrn, "1269900000017", snils, "11223344595", inn, "500100732259"),
			LegalEntity, Subject{INN: "500100732259", INNLE: "9901234561", OGRN: "1269900000017", Position: "Директор", Surname: "Кедров", GivenName: "Пётр Ильич"}, nil},
		"old form":     {name(cn, "ООО", inn, "009901234561", ogrn, "1269900000017"), LegalEntity, Subject{INNLE: "9901234561", OGRN: "1269900000017"}, nil},
		"entrepreneur": {name(cn, "Сидоров", sn, "Сидоров", ogrnip, "304500116000157", inn, "500100732259"), Entrepreneur, Subject{INN: "500100732259", OGRNIP: "304500116000157", Surname: "Сидоров"}, nil},
		"person":       {name(cn, "Кедров", sn, "Кедров", snils, "11223344595"), Person, Subject{Surname: "Кедров"}, nil},
		"nobody":       {name(cn, "server.example.org"), "", Subject{}, nil},
		"several numbers": {name(cn, "x", inn, "500100732259", inn, "770708389307", innle, "9901234561", innle, "7707083893", ogrn, "1269900000017", ogrn, "1027700132195", ogrnip, "304500116000157", ogrnip, "304500116000158", snils, "11223344595", snils, "08765430200"),
			LegalEntity, Subject{INN: "500100732259", INNLE: "9901234561", OGRN: "1269900000017", OGRNIP: "304500116000157"},
			[]Problem{ProblemSeveralINN, ProblemSeveralINNLE, ProblemSeveralOGRN, ProblemSeveralOGRNIP, ProblemSeveralSNILS}},
		"one, twice":    {name(cn, "x", ogrn, "1269900000017", ogrn, "1269900000017 "), LegalEntity, Subject{OGRN: "1269900000017"}, nil},
		"wrong numbers": {name(cn, "x", inn, "500100732258", innle, "9901234560", ogrn, "1269900000018", ogrnip, "304500116000158", snils, "11223344596"), LegalEntity, Subject{INN: "500100732258", INNLE: "9901234560", OGRN: "1269900000018", OGRNIP: "304500116000158"}, []Problem{ProblemINN, ProblemINNLE, ProblemOGRN, ProblemOGRNIP, ProblemSNILS}},
	} {
		c := pkitest.Issue(t, pkitest.Spec{NameDER: test.name, Ext: tools(4)}).Cert
		s := Read(c)
		if s.Kind != test.kind || !slices.Equal(s.Problems, test.problems) {
			t.Errorf("%s: %q, problems %q", what, s.Kind, s.Problems)
		}
		if s.INN != test.want.INN || s.INNLE != test.want.INNLE || s.OGRN != test.want.OGRN || s.OGRNIP != test.want.OGRNIP ||
			s.Position != test.want.Position || s.Surname != test.want.Surname || s.GivenName != test.want.GivenName {
			t.Errorf("%s: %+v", what, s)
		}
		if s.Class != "KB1" || s.Tool != "СКЗИ «Образец CSP» 5.0" || s.IssuerTools != (IssuerTools{"a", "b", "c", "d"}) || s.Identification != "system" {
			t.Errorf("%s: %+v", what, s)
		}
	}
}

func TestUnreadableExtensions(t *testing.T) {
	s := Read(pkitest.Issue(t, pkitest.Spec{Name: "x", Ext: []pkitest.Ext{
		{OID: "1.2.643.100.111", Value: asn1x.TLV(asn1x.UTF8String, []byte{0xff})},
		{OID: "1.2.643.100.112", Value: asn1x.TLV(asn1x.Sequence, utf8("a"), utf8("b"), utf8("c"))},
		{OID: "1.2.643.100.114", Value: asn1x.TLV(asn1x.Integer, []byte{9})},
	}}).Cert)
	if want := []Problem{ProblemSubjectTool, ProblemIssuerTool, ProblemIdentification}; !slices.Equal(s.Problems, want) || s.HasIssuerTools || s.Tool != "" || s.Identification != "" {
		t.Errorf("%+v", s)
	}
}

func TestJudge(t *testing.T) {
	ca := pkitest.Issue(t, pkitest.Spec{Name: "Образец УЦ", CA: true})
	testCA := pkitest.Issue(t, pkitest.Spec{Name: `Тестовый  УЦ ООО "КРИПТО-ПРО"`, CA: true})
	under := pkitest.Issue(t, pkitest.Spec{Name: "Подчинённый", CA: true, Issuer: testCA})
	contest := pkitest.Issue(t, pkitest.Spec{Name: "Тестовый УЦентр", CA: true})
	key := func(size int) *gost3410.PrivateKey {
		curves := gost3410.Curves()
		c := curves[slices.IndexFunc(curves, func(c *gost3410.Curve) bool { return c.Size() == size && !c.Test() })]
		k, err := gost3410.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	short, long := key(32), key(64)
	leaf := func(by *pkitest.Entity, ext []pkitest.Ext) *pki.Certificate {
		return pkitest.Issue(t, pkitest.Spec{Name: "Кедров", Issuer: by, Key: short, Ext: ext}).Cert
	}
	full := tools(2)
	with := func(i int, value []byte) []pkitest.Ext {
		x := tools(2)
		x[i].Value = value
		return x
	}
	four := func(a, b, c, d string) []byte { return asn1x.TLV(asn1x.Sequence, utf8(a), utf8(b), utf8(c), utf8(d)) }
	yes := Evidence{Issued: true, Asked: true, Accredited: true}
	for what, test := range map[string]struct {
		c    *pki.Certificate
		over []*pki.Certificate
		e    Evidence
		want Qualification
		why  Reason
	}{
		"qualified":        {leaf(ca, full), nil, yes, Qualified, ReasonAccredited},
		"qualified, 512":   {pkitest.Issue(t, pkitest.Spec{Name: "Кедров", Issuer: ca, Key: long, Ext: full}).Cert, nil, yes, Qualified, ReasonAccredited},
		"no GOST key":      {pkitest.Issue(t, pkitest.Spec{Name: "Кедров", Issuer: ca, Ext: full}).Cert, nil, yes, Unqualified, ReasonForm},
		"blank means":      {leaf(ca, with(1, utf8(" \u00a0"))), nil, yes, Unqualified, ReasonForm},
		"invisible means":  {leaf(ca, with(1, utf8("\u200b –"))), nil, yes, Unqualified, ReasonForm},
		"issuer's empty":   {leaf(ca, with(2, four("", "", "", ""))), nil, yes, Unqualified, ReasonForm},
		"one of them":      {leaf(ca, with(2, four("a", "b", "c", " "))), nil, yes, Unqualified, ReasonForm},
		"no class":         {leaf(ca, full[1:]), nil, yes, Unqualified, ReasonForm},
		"no means":         {leaf(ca, append([]pkitest.Ext{full[0]}, full[2:]...)), nil, yes, Unqualified, ReasonForm},
		"no issuer means":  {leaf(ca, full[:2]), nil, yes, Unqualified, ReasonForm},
		"not accredited":   {leaf(ca, full), nil, Evidence{Issued: true, Asked: true, NotAccredited: true}, Unqualified, ReasonNotAccredited},
		"cannot tell":      {leaf(ca, full), nil, Evidence{Issued: true, Asked: true}, Unknown, ReasonNoAnswer},
		"not asked":        {leaf(ca, full), nil, Evidence{Issued: true}, Unknown, ReasonNotAsked},
		"issuer unproven":  {leaf(ca, full), nil, Evidence{Asked: true, Accredited: true}, Unknown, ReasonNoIssuer},
		"nothing known":    {leaf(ca, full), nil, Evidence{}, Unknown, ReasonNoIssuer},
		"test":             {leaf(testCA, full), nil, Evidence{}, TestCA, ReasonTestName},
		"test, not listed": {leaf(testCA, full), nil, Evidence{Issued: true, Asked: true, NotAccredited: true}, TestCA, ReasonTestName},
		"under a test":     {leaf(under, full), []*pki.Certificate{under.Cert, testCA.Cert}, Evidence{Issued: true}, TestCA, ReasonTestName},
		"only similar":     {leaf(contest, full), nil, Evidence{Issued: true}, Unknown, ReasonNotAsked},
	} {
		if got, why := Judge(test.c, test.over, test.e); got != test.want || why != test.why {
			t.Errorf("%s: %s, %s; want %s, %s", what, got, why, test.want, test.why)
		}
	}
}

func TestMaskSNILS(t *testing.T) {
	for in, want := range map[string]string{"112-233-445 95": "***-***-*45 95", "11223344595": "*******4595", "": "", "12": "12",
		"１１２２３３４４５９５": "*******４５９５", "112233٤٤٥٩٥": "*******٤٥٩٥"} {
		if got := MaskSNILS(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// The certificates of the shared corpus. Their subjects have only a common name,
// and OpenSSL wrote the means in UTF-8 encoded twice: that is not repaired.
func TestCorpus(t *testing.T) {
	dir := oracle.Corpus(t, "gost", "samples")
	for _, file := range []string{"leaf256.cer", "leaf512.cer", "leafip.cer"} {
		s := Read(parse(t, filepath.Join(dir, file)))
		if s.CommonName == "" || s.Class != "KC2" || !strings.HasSuffix(s.Tool, " 5.0") || !s.HasIssuerTools || s.Identification != "in-person" || len(s.Problems) > 0 {
			t.Errorf("%s: %+v", file, s)
		}
	}
	if s := Read(parse(t, filepath.Join(dir, "ca256.cer"))); s.Kind != LegalEntity || s.OGRN != "1027700000000" || !slices.Contains(s.Problems, ProblemOGRN) {
		t.Errorf("authority: %+v", s)
	}
}

func parse(t testing.TB, path string) *pki.Certificate {
	t.Helper()
	der, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := pki.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A certificate with every attribute, made by OpenSSL.
func TestAgreesWithOpenSSL(t *testing.T) {
	dir := t.TempDir()
	conf, out := filepath.Join(dir, "c.cnf"), filepath.Join(dir, "c.der")
	if err := os.WriteFile(conf, []byte(`[req]
distinguished_name = dn
x509_extensions = ext
prompt = no
utf8 = yes
string_mask = utf8only
[dn]
CN = ООО «Ромашка»
O = ООО «Ромашка»
title = Директор
SN = Кедров
GN = Пётр Ильич
x.1.2.643.3.131.1.1 = 500100732259
x.1.2.643.100.4 = 9901234561
x.1.2.643.100.1 = 1269900000017
x.1.2.643.100.3 = 11223344595
[ext]
certificatePolicies = 1.2.643.100.113.1,1.2.643.100.113.2,1.2.643.100.113.3
1.2.643.100.111 = ASN1:FORMAT:UTF8,UTF8String:СКЗИ «Образец CSP» 5.0
1.2.643.100.112 = ASN1:SEQUENCE:ist
1.2.643.100.114 = ASN1:INTEGER:1
[ist]
a = FORMAT:UTF8,UTF8String:СКЗИ «Образец CSP» 5.0
b = FORMAT:UTF8,UTF8String:УЦ «Образец»
c = FORMAT:UTF8,UTF8String:Сертификат № 1
d = FORMAT:UTF8,UTF8String:Сертификат № 2
`), 0o600); err != nil {
		t.Fatal(err)
	}
	oracle.Run(t, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
		"-keyout", filepath.Join(dir, "k.pem"), "-config", conf, "-outform", "DER", "-out", out)
	want := Subject{Kind: LegalEntity, CommonName: "ООО «Ромашка»", Organisation: "ООО «Ромашка»", Position: "Директор", Surname: "Кедров",
		GivenName: "Пётр Ильич", INN: "500100732259", INNLE: "9901234561", OGRN: "1269900000017", SNILS: "11223344595",
		Tool: "СКЗИ «Образец CSP» 5.0", Class: "KC3", Identification: "qualified-signature", HasIssuerTools: true,
		IssuerTools: IssuerTools{"СКЗИ «Образец CSP» 5.0", "УЦ «Образец»", "Сертификат № 1", "Сертификат № 2"}}
	if s := Read(parse(t, out)); !reflect.DeepEqual(s, want) {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(pkitest.Issue(f, pkitest.Spec{NameDER: name(cn, "x", innle, "9901234561"), Ext: tools(6)}).DER)
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := pki.ParseCertificate(der)
		if err != nil {
			return
		}
		s := Read(c)
		if q, why := Judge(c, nil, Evidence{}); q == Qualified || why == "" || !reflect.DeepEqual(s, Read(c)) {
			t.Fatalf("%s %s", q, why)
		}
	})
}
