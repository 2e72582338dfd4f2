package verify_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/verify"
)

// xmllint reports whether the schema accepts the document.
func xmllint(t *testing.T, doc []byte) (bool, string) {
	t.Helper()
	cmd := exec.Command(oracle.Need(t, "xmllint"), "--noout", "--nonet", "--schema", filepath.Join("testdata", "xml", "report.xsd"), "-")
	cmd.Stdin = bytes.NewReader(doc)
	out, err := cmd.CombinedOutput()
	return err == nil, string(out)
}

func xmlOf(t *testing.T, r *verify.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteXML(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestXMLAgainstSchema holds reports of every kind to the structure of ETSI TS
// 119 102-2.
func TestXMLAgainstSchema(t *testing.T) {
	a := newAuthority(t)
	content := []byte("what was agreed")
	signed := a.signed(t, content, time.Time{}, cms.TemplateOptions{})
	stamped := a.signed(t, content, epoch, cms.TemplateOptions{})
	detached := func(sig []byte) func(*verify.Options) {
		return func(o *verify.Options) { o.Signature = sig }
	}
	twice := addSignature(t, a.pdf(t, sigObject{}), sigObject{field: "Sig2", subFilter: "ETSI.CAdES.detached",
		sign: func(d []byte) []byte { return a.signed(t, d, time.Time{}, cms.TemplateOptions{}) }}, 30, 10)
	for name, v := range map[string]struct {
		doc  []byte
		opts func(*verify.Options)
		says []string
	}{
		"passed":         {a.pdf(t, sigObject{}), nil, []string{"total-passed", "<TrustAnchor", "validationprocess:Basic", "<ds:SignatureValue>"}},
		"time-stamped":   {content, detached(stamped), []string{"total-passed", "validationprocess:LTVM", "poetype:validation"}},
		"at a time":      {content, func(o *verify.Options) { o.Signature, o.At = signed, epoch }, []string{"total-passed", "poetype:provided"}},
		"two signatures": {twice, nil, []string{`id="S-1"`, `id="S-2"`}},
		"failed":         {content[1:], detached(signed), []string{"total-failed", "HASH_FAILURE"}},
		"no anchor":      {content, func(o *verify.Options) { o.Signature, o.Trust = signed, nil }, []string{"indeterminate", "NO_CERTIFICATE_CHAIN_FOUND"}},
		"zero options":   {content, func(o *verify.Options) { *o = verify.Options{Signature: signed} }, []string{"indeterminate"}},
		"unreadable CMS": {a.pdf(t, sigObject{sign: func([]byte) []byte { return nil }}), nil, []string{"total-failed", "FORMAT_FAILURE"}},
		"not a CMS":      {content, detached([]byte("no")), []string{"total-failed", "FORMAT_FAILURE"}},
		"no signature":   {plainPDF("x"), nil, []string{"urn:cef:dss:mainindication:noSignatureFound"}},
		"empty file":     {nil, nil, []string{"noSignatureFound"}},
		"odd letters":    {a.pdf(t, sigObject{extra: "/ByteRange [0 (\x01\xff<&]]>) 1]"}), nil, []string{"total-failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			opts := a.options()
			if v.opts != nil {
				v.opts(&opts)
			}
			doc := xmlOf(t, check(t, v.doc, opts))
			for _, w := range v.says {
				if !bytes.Contains(doc, []byte(w)) {
					t.Errorf("no %q in\n%s", w, doc)
				}
			}
			if ok, out := xmllint(t, doc); !ok {
				t.Errorf("%s\n%s", out, doc)
			}
		})
	}
	t.Run("zero report", func(t *testing.T) {
		if ok, out := xmllint(t, xmlOf(t, &verify.Report{Signatures: make([]verify.Signature, 1)})); !ok {
			t.Error(out)
		}
	})
}

// TestSchemaRefuses: a schema that accepts everything would prove nothing.
func TestSchemaRefuses(t *testing.T) {
	a := newAuthority(t)
	doc := string(xmlOf(t, check(t, a.pdf(t, sigObject{}), a.options())))
	if ok, out := xmllint(t, []byte(doc)); !ok {
		t.Fatal(out)
	}
	cut := func(doc, from, to string) (before, part, after string) {
		i, j := strings.Index(doc, from), strings.Index(doc, to)+len(to)
		if i < 0 || j < i {
			t.Fatalf("no %s … %s", from, to)
		}
		return doc[:i], doc[i:j], doc[j:]
	}
	without := func(from, to string) string { b, _, a := cut(doc, from, to); return b + a }
	last := func(from, to string) string { // to the end of its report
		b, part, a := cut(doc, from, to)
		return b + strings.Replace(a, "</SignatureValidationReport>", part+"</SignatureValidationReport>", 1)
	}
	for name, bad := range map[string]string{
		"no status":               without("<SignatureValidationStatus>", "</SignatureValidationStatus>"),
		"no main indication":      without("<MainIndication>", "</MainIndication>"),
		"no proof of time":        without("<BestSignatureTime>", "</BestSignatureTime>"),
		"no HashOnly":             without("<HashOnly>", "</HashOnly>"),
		"signer's certificate":    without("<SignerCertificate", "</SignerCertificate>"),
		"objects that are absent": without("<SignatureValidationObjects>", "</SignatureValidationObjects>"),
		"process behind status":   last("<SignatureValidationProcess>", "</SignatureValidationProcess>"),
		"time behind status":      last("<ValidationTimeInfo>", "</ValidationTimeInfo>"),
		"unknown indication":      strings.Replace(doc, "total-passed", "passed-totally", 1),
		"another name space":      strings.Replace(doc, "19102/v1.2.1#", "19102/v1.2.2#", 1),
		"date without time":       strings.Replace(doc, "<ValidationTime>2025-06-01T", "<ValidationTime>2025-06-01 ", 1),
	} {
		if bad == doc {
			t.Errorf("%s: nothing was changed", name)
		}
		if ok, _ := xmllint(t, []byte(bad)); ok {
			t.Errorf("%s: the schema accepts it", name)
		}
	}
}
