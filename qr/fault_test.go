package qr

import (
	"crypto"
	"errors"
	"io"
	"testing"

	"github.com/vidimus/vidimus"
)

// faulty is a key whose computation, or whose device, makes mistakes.
type faulty struct{ crypto.Signer }

func (f faulty) Sign(r io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	sig, err := f.Signer.Sign(r, message, opts)
	if err == nil {
		sig[len(sig)-1] ^= 1
	}
	return sig, err
}

func TestSealNoticesFault(t *testing.T) {
	for name, key := range map[string]crypto.Signer{"Ed25519": edKey("active"), "ESP256": ecKey(t, "active")} {
		s := newSigner(t, testHost, faulty{key})
		if url, err := s.Seal(testClaims()); !errors.Is(err, ErrSealed) || url != "" {
			t.Errorf("%s: %q, %v", name, url, err)
		}
		// An issuer has the product verified, which reads the seal.
		url, err := s.SealCertificate(&vidimus.Certificate{ID: vidimus.ID{1}, IssuedAt: testIssued}, vidimus.Kind{Num: 7}, [16]byte{9})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		token, err := Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		if r := token.Verify(KeySet{s.Key()}, testIssued); r.Signature != Failed {
			t.Errorf("%s: the seal of a faulty key verifies", name)
		}
		if _, err := newSigner(t, testHost, key).Seal(testClaims()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
