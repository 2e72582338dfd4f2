package verify_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// gostSeed is one signer's signatures with GOST R 34.10-2012.
type gostSeed struct{ pdf, detached, attached, root []byte }

// newGOSTSeeds signs with both sizes of key, and one document with two kinds.
func newGOSTSeeds(t testing.TB) []gostSeed {
	t.Helper()
	content := []byte("what was agreed")
	identity := func(kind signer.KeyKind) (*signer.Identity, []byte) {
		p, err := signer.NewDevPKI(signer.DevPKIOptions{Key: kind, Now: clock, Identity: signer.IdentityOptions{Now: clock}})
		if err != nil {
			t.Fatal(err)
		}
		return p.Signer, p.Root.Certificate.Raw
	}
	sign := func(id *signer.Identity, doc []byte) []byte {
		var out bytes.Buffer
		if err := id.SignPDF(context.Background(), &out, bytes.NewReader(doc), int64(len(doc)), signer.PDFOptions{}); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	var seeds []gostSeed
	for _, kind := range []signer.KeyKind{signer.KeyGOST256, signer.KeyGOST512} {
		id, root := identity(kind)
		s := gostSeed{pdf: sign(id, plainPDF("x")), root: root}
		var err error
		if s.detached, err = id.SignDetached(context.Background(), bytes.NewReader(content), signer.DetachedOptions{}); err != nil {
			t.Fatal(err)
		}
		if s.attached, err = id.SignDetached(context.Background(), bytes.NewReader(content), signer.DetachedOptions{Attached: true}); err != nil {
			t.Fatal(err)
		}
		if kind == signer.KeyGOST512 {
			second, _ := identity(signer.KeyP256)
			s.pdf = sign(second, s.pdf)
		}
		seeds = append(seeds, s)
	}
	return seeds
}

// TestGOSTSeeds: the seeds are what they are meant to be: with their anchor
// every signature of theirs passes.
func TestGOSTSeeds(t *testing.T) {
	t.Parallel()
	content := []byte("what was agreed")
	for i, g := range newGOSTSeeds(t) {
		trust, err := verify.NewTrust(g.root)
		if err != nil {
			t.Fatal(err)
		}
		opt := verify.Options{Trust: trust, Now: clock, RevocationNoneUnsafe: true}
		detached := opt
		detached.Signature = g.detached
		for name, c := range map[string]struct {
			data []byte
			opt  verify.Options
		}{"pdf": {g.pdf, opt}, "attached": {g.attached, opt}, "detached": {content, detached}} {
			r, err := verify.Bytes(context.Background(), "x", c.data, c.opt)
			if err != nil || len(r.Signatures) == 0 || r.Signatures[0].Verdict() != verify.Passed {
				t.Errorf("%d, %s: %v %s", i, name, err, show(r))
			}
		}
	}
}
