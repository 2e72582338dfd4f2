package verify_test

import (
	"bytes"
	"context"
	"testing"
)

// TestProductPrefix: that documents begin alike saves hashing and hides nothing.
func TestProductPrefix(t *testing.T) {
	iss := newIssuing()
	a, b := iss.sample(), iss.sample()
	b.ID[3], b.Number.Seq, b.Holder.Name = 77, 43, "Анна"
	docA, _ := iss.issue(t, a, forgery{})
	docB, _ := iss.issue(t, b, forgery{})
	p := iss.product()
	for range 3 {
		if err := p.VerifyProduct(context.Background(), docA, a); err != nil {
			t.Fatal(err)
		}
		if err := p.VerifyProduct(context.Background(), docB, b); err != nil {
			t.Fatal(err)
		}
		for at := 20; at < len(docA); at += len(docA) / 60 {
			flipped := bytes.Clone(docA)
			flipped[at] ^= 1
			if p.VerifyProduct(context.Background(), flipped, a) == nil {
				t.Errorf("byte %d changed, and passed", at)
			}
			if at%2 == 0 { // so that the prefix is known again
				if err := p.VerifyProduct(context.Background(), docB, b); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
