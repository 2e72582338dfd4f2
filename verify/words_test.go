package verify_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/internal/text"
	"github.com/vidimus/vidimus/verify"
)

func written(t *testing.T, r *verify.Report, lang string) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteText(&b, lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWordsClaimNoMore: the text for a person says what was found, and no more.
func TestWordsClaimNoMore(t *testing.T) {
	a := newAuthority(t)
	data := []byte("договор")
	good := a.signed(t, data, time.Time{}, cms.TemplateOptions{})
	forged := bytes.Clone(good)
	forged[len(forged)-1] ^= 1 // of the value, which stands last
	self, err := verify.NewTrust(a.signer.DER)
	if err != nil {
		t.Fatal(err)
	}
	other, err := verify.NewTrust(newAuthority(t).root.DER)
	if err != nil {
		t.Fatal(err)
	}
	server := *a
	server.signer = pkitest.Issue(t, pkitest.Spec{Name: "Server", Issuer: a.root, EKU: []pki.OID{asn1x.MustOID("1.3.6.1.5.5.7.3.1")}})
	const (
		signedBy, named = "Подписал: ", "Подписавшим назван (не доказано): "
		binding         = "Привязка сертификата: подпись указывает на этот сертификат\n"
		chain           = "Цепочка сертификатов: "
		term            = chain + "ведёт к доверенному центру, но срок сертификата в ней истёк или не наступил\n"
		revocation      = "Отзыв сертификата: "
	)
	with := func(change func(o *verify.Options)) verify.Options {
		o := a.options()
		change(&o)
		return o
	}
	for name, v := range map[string]struct {
		sig     []byte
		opts    verify.Options
		verdict verify.Verdict
		has     []string
		hasNot  []string
	}{
		"good": {good, a.options(), verify.Passed, []string{signedBy, binding, chain + "ведёт к доверенному центру\n", revocation + "не проверялся по требованию\n"}, []string{named}},
		"value wrong": {forged, a.options(), verify.Failed, []string{named, binding, "Значение подписи: НЕВЕРНО\n"},
			[]string{signedBy, "сделана ключом"}},
		"itself trusted": {good, with(func(o *verify.Options) { o.Trust, o.RevocationNoneUnsafe = self, false }), verify.Passed,
			[]string{revocation + "не проверялся: сертификат сам указан как доверенный\n"}, []string{"не отозван"}},
		"nobody answers": {good, with(func(o *verify.Options) { o.RevocationNoneUnsafe = false }), verify.Indeterminate, []string{revocation + "ответа нет\n"}, []string{"не отозван"}},
		"not begun":      {good, with(func(o *verify.Options) { o.At = epoch.AddDate(-2, 0, 0) }), verify.Failed, []string{term}, []string{"не ведёт"}},
		"over":           {good, with(func(o *verify.Options) { o.At = epoch.AddDate(2, 0, 0) }), verify.Indeterminate, []string{term}, []string{"не ведёт"}},
		"leads nowhere": {good, with(func(o *verify.Options) { o.Trust = other }), verify.Indeterminate,
			[]string{chain + "не ведёт к доверенному центру\n"}, []string{"но срок"}},
		"for servers": {server.signed(t, data, time.Time{}, cms.TemplateOptions{}), a.options(), verify.Indeterminate,
			[]string{chain + "ведёт к доверенному центру, но нарушает правила\n"}, []string{"не ведёт"}},
	} {
		v.opts.Signature = v.sig
		r := check(t, data, v.opts)
		got := written(t, r, "ru")
		if r.Verdict() != v.verdict {
			t.Errorf("%s: %s", name, r.Verdict())
		}
		for _, w := range v.has {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", name, w, got)
			}
		}
		for _, w := range v.hasNot {
			if strings.Contains(got, w) {
				t.Errorf("%s: %q in\n%s", name, w, got)
			}
		}
		if strings.Contains(written(t, r, "en"), "verify.") {
			t.Errorf("%s: a text is missing:\n%s", name, written(t, r, "en"))
		}
	}
	cat := text.Load()
	for _, key := range strings.Fields("chain.untrusted chain.term chain.rule revocation.anchor signer signer-named") {
		if !cat.Has("verify." + key) {
			t.Errorf("no text for %s", key)
		}
	}
}

// TestNumbersStayMasked: a СНИЛС is in no form of the report, however the
// certificate writes it.
func TestNumbersStayMasked(t *testing.T) {
	const number = "11223344595"
	atv := func(oid []byte, tag byte, value string) []byte {
		return asn1x.TLV(asn1x.Set, asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.ObjectID, oid), asn1x.TLV(tag, []byte(value))))
	}
	snils := []byte(asn1x.MustOID("1.2.643.100.3"))
	padded := append([]byte{0x2a, 0x85, 0x03, 0x80}, snils[3:]...)
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, number)
	a := newAuthority(t)
	for name, rdns := range map[string][]byte{
		"last, without a common name": bytes.Join([][]byte{atv([]byte(asn1x.MustOID("2.5.4.6")), asn1x.PrintableString, "RU"), atv(snils, asn1x.NumericString, number)}, nil),
		"full width":                  atv(snils, asn1x.UTF8String, wide),
		"twice":                       bytes.Join([][]byte{atv(snils, asn1x.NumericString, number), atv(snils, asn1x.NumericString, number)}, nil),
	} {
		a.signer = pkitest.Issue(t, pkitest.Spec{NameDER: asn1x.TLV(asn1x.Sequence, rdns), Issuer: a.root})
		for what, opts := range map[string]verify.Options{"no answer": {Trust: a.trust}, "over": {Trust: a.trust, At: epoch.AddDate(3, 0, 0)}, "no trust": {}} {
			opts.Now = func() time.Time { return epoch }
			r := a.detached(t, opts)
			all := string(must(json.Marshal(r))) + written(t, r, "ru")
			if strings.Contains(all, number) || strings.Contains(all, wide) {
				t.Errorf("%s, %s: the number is in\n%s", name, what, all)
			}
			if !strings.Contains(all, "595") && !strings.Contains(all, "５９５") {
				t.Errorf("%s, %s: no sign of the number: what is tested?\n%s", name, what, all)
			}
		}
	}
	// A padded identifier is none: such a certificate is not read.
	tbs := asn1x.TLV(asn1x.Sequence, atv(padded, asn1x.NumericString, number))
	if n, err := pki.ParseName(tbs); err == nil {
		t.Errorf("read as %s", n)
	}
}

// TestNothingSteers: names do not turn or hide what stands around them.
func TestNothingSteers(t *testing.T) {
	a := newAuthority(t)
	for _, r := range "\u200e\u200f\u061c\u2028\u2029\u200b\u2060\ufeff\u202e\u2066\u0085\x1b" {
		a.signer = pkitest.Issue(t, pkitest.Spec{Name: "Кедров" + string(r) + "Пётр", Issuer: a.root})
		if got := written(t, a.detached(t, a.options()), "ru"); strings.ContainsRune(got, r) || !strings.Contains(got, "Кедров·Пётр") {
			t.Errorf("%U:\n%s", r, got)
		}
	}
}
