package verify_test

import (
	"bytes"
	"crypto/sha1"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/verify"
)

// TestOddStructures: documents that were properly signed the odd way they are,
// so that no digest gives them away.
func TestOddStructures(t *testing.T) {
	a := newAuthority(t)
	// The form is renamed before signing, in a document in which the range of
	// the signature covers the change.
	without := func(old, other string) sigObject {
		return sigObject{sign: func(data []byte) []byte {
			return a.signed(t, bytes.Replace(data, []byte(old), []byte(other), 1), time.Time{}, cms.TemplateOptions{})
		}}
	}
	unlisted := bytes.Replace(a.pdf(t, without("/AcroForm", "/AcroForX")), []byte("/AcroForm"), []byte("/AcroForX"), 1)
	perms := bytes.Replace(a.pdf(t, without("/AcroForm << /SigFlags 3 /Fields [10 0 R ] >>", "/Perms << /DocMDP 11 0 R >> /Old true        ")),
		[]byte("/AcroForm << /SigFlags 3 /Fields [10 0 R ] >>"), []byte("/Perms << /DocMDP 11 0 R >> /Old true        "), 1)
	for name, v := range map[string]struct {
		doc  []byte
		want verify.Verdict
	}{
		"as usual":                         {a.pdf(t, sigObject{}), verify.Passed},
		"adbe.pkcs7.detached":              {a.pdf(t, sigObject{subFilter: "adbe.pkcs7.detached"}), verify.Passed},
		"two Contents":                     {a.pdf(t, sigObject{extra: "/Contents <00>"}), verify.Failed},
		"two ByteRanges":                   {a.pdf(t, sigObject{extra: "/ByteRange [0 1 2 3]"}), verify.Failed},
		"another Type":                     {a.pdf(t, sigObject{kind: "Font"}), verify.Failed},
		"a time-stamp by name only":        {a.pdf(t, sigObject{kind: "DocTimeStamp"}), verify.Passed},
		"tight hole":                       {a.pdf(t, sigObject{hole: 2*len(a.signed(t, nil, time.Time{}, cms.TemplateOptions{})) + 12}), ""},
		"no field refers to the signature": {unlisted, verify.NoSignature},
		"only Perms refers to it":          {perms, verify.Indeterminate},
	} {
		t.Run(name, func(t *testing.T) {
			r := check(t, v.doc, a.options())
			if v.want != "" && r.Verdict() != v.want {
				t.Errorf("%s, want %s: %s", r.Verdict(), v.want, show(r))
			}
			if r.Verdict() == verify.Passed && r.Signatures[0].Coverage != verify.CoverageEntireFile {
				t.Errorf("coverage %s", r.Signatures[0].Coverage)
			}
		})
	}
}

// TestSHA1Digest: adbe.pkcs7.sha1 signs the SHA-1 of the document, which is
// checked and named as weak.
func TestSHA1Digest(t *testing.T) {
	a := newAuthority(t)
	made := func(spoil byte) []byte {
		return a.pdf(t, sigObject{subFilter: "adbe.pkcs7.sha1", sign: func(data []byte) []byte {
			sum := sha1.Sum(data)
			sum[0] ^= spoil
			tmpl, err := cms.NewTemplate(a.signer.Cert, nil, cms.TemplateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			d := tmpl.Hash().New()
			d.Write(sum[:])
			der, err := tmpl.Sign(t.Context(), a.signer.Key, d.Sum(nil), cms.SignOptions{Content: sum[:]})
			if err != nil {
				t.Fatal(err)
			}
			return der
		}})
	}
	good := check(t, made(0), a.options())
	if s := good.Signatures[0]; s.Integrity != verify.IntegrityOK || good.Verdict() != verify.Indeterminate {
		t.Errorf("%s: %s", good.Verdict(), show(good))
	}
	if bad := check(t, made(1), a.options()); bad.Verdict() != verify.Failed || bad.Signatures[0].Integrity != verify.IntegrityBroken {
		t.Errorf("%s: %s", bad.Verdict(), show(bad))
	}
}
