package cms_test

import (
	"context"
	"crypto"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"testing"

	"github.com/vidimus/vidimus/internal/cms"
)

// device is a key that changes what it returns.
type device struct {
	crypto.Signer
	change func([]byte) []byte
}

func (d device) Sign(r io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	sig, err := d.Signer.Sign(r, digest, opts)
	if err != nil {
		return nil, err
	}
	return d.change(sig), nil
}

// TestSignNoticesFault: a value that does not verify is not put into a signature.
func TestSignNoticesFault(t *testing.T) {
	flipped := func(sig []byte) []byte { sig[len(sig)-1] ^= 1; return sig }
	plain := func(sig []byte) []byte { // r ‖ s, as tokens give it (PKCS #11), where X9.62 wants a SEQUENCE
		var v struct{ R, S *big.Int }
		if _, err := asn1.Unmarshal(sig, &v); err != nil {
			t.Fatal(err)
		}
		return append(v.R.FillBytes(make([]byte, 32)), v.S.FillBytes(make([]byte, 32))...)
	}
	same := func(sig []byte) []byte { return sig }
	for name, e := range signers(t) {
		tmpl, err := cms.NewTemplate(e.Cert, nil, cms.TemplateOptions{Suites: suites})
		if err != nil {
			t.Fatal(err)
		}
		d := digest(t, tmpl.Hash(), content)
		changes := map[string]func([]byte) []byte{"flipped": flipped, "same": same}
		if name == "ECDSA-SHA256" {
			changes["r||s"] = plain
		}
		for what, change := range changes {
			key := device{e.Key, change}
			_, err := tmpl.Sign(context.Background(), key, d, cms.SignOptions{})
			if (err == nil) != (what == "same") || err != nil && !errors.Is(err, cms.ErrSignatureValue) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
			if _, err := tmpl.Sign(context.Background(), key, d, cms.SignOptions{UncheckedUnsafe: true}); err != nil {
				t.Errorf("%s, %s, unchecked: %v", name, what, err)
			}
		}
	}
}
