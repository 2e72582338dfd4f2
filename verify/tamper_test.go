package verify_test

import (
	"math/rand/v2"
	"testing"

	"github.com/vidimus/vidimus/verify"
)

// TestTamperedBit flips one bit in each of 200 random places of an issued
// certificate; every one must be noticed, whatever the register knows.
func TestTamperedBit(t *testing.T) {
	iss := newIssuing()
	doc, row := iss.issue(t, iss.sample(), forgery{})
	opts := iss.options(row)
	if r := check(t, doc, opts); r.Verdict() != verify.Passed {
		t.Fatal(show(r))
	}
	opts.Register = nil // the digest in the register would notice all
	rnd := rand.New(rand.NewPCG(20261122, 7))
	for range 200 {
		at, bit := rnd.IntN(len(doc)), rnd.IntN(8)
		doc[at] ^= 1 << bit
		r := check(t, doc, opts)
		if r.ExitCode() == 0 || r.Verdict() == verify.NoSignature {
			t.Errorf("bit %d of byte %d of %d: %s", bit, at, len(doc), r.Verdict())
		}
		doc[at] ^= 1 << bit
	}
}

// TestTamperedSignature flips every bit of the CMS in turn, in the digits that
// the file has. What lies in the padding is zero by rule; case of a digit is
// the one bit that changes no value.
func TestTamperedSignature(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	iss := newIssuing()
	doc, row := iss.issue(t, iss.sample(), forgery{})
	opts := iss.options(row)
	opts.Register = nil
	n := byteRangeOf(t, doc)
	rnd := rand.New(rand.NewPCG(20261122, 8))
	for range 400 {
		at, bit := n[1]+rnd.IntN(n[2]-n[1]), rnd.IntN(8)
		old := doc[at]
		doc[at] ^= 1 << bit
		if sameDigit(old, doc[at]) {
			doc[at] = old
			continue
		}
		r := check(t, doc, opts)
		if r.ExitCode() == 0 || r.Verdict() == verify.NoSignature {
			t.Errorf("byte %d: %q for %q: %s", at, doc[at], old, r.Verdict())
		}
		doc[at] = old
	}
}

// sameDigit: the case of a hexadecimal digit, and white space, mean nothing.
// They are in the gap, which nobody signs.
func sameDigit(a, b byte) bool {
	return a|0x20 == b|0x20 && a|0x20 >= 'a' && a|0x20 <= 'f'
}
