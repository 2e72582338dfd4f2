package verify_test

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// TestTamperedBit flips one bit in each of 200 random places of an issued
// certificate; every one must be noticed. What no signature covers, such as the
// case of a hexadecimal digit in the gap, the register's digest does.
func TestTamperedBit(t *testing.T) {
	iss := newIssuing()
	doc, row := iss.issue(t, iss.sample(), forgery{})
	opts := iss.options(row)
	if r := check(t, doc, opts); r.Verdict() != verify.Passed {
		t.Fatal(show(r))
	}
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

// TestTamperedSignature flips bits in every byte of the CMS: the lowest, the one
// of a letter's case, and another in turn. Left out are the
// bytes that nobody signs and that say nothing: version numbers, and the
// issuer's name beside the serial number, of which case and white space do not
// matter (RFC 5280 §7.1); with signing-certificate-v2 the certificate is bound
// by its digest.
func TestTamperedSignature(t *testing.T) {
	iss := newIssuing()
	doc := iss.sign(t, plainPDF("one hundred"), signer.PDFOptions{Time: today})
	opts := verify.Options{Trust: iss.trust, Now: clock, RevocationNoneUnsafe: true}
	n := byteRangeOf(t, doc)
	der := make([]byte, (n[2]-n[1])/2-1)
	if _, err := hex.Decode(der, doc[n[1]+1:n[2]-1]); err != nil {
		t.Fatal(err)
	}
	sd, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	si := sd.SignerInfos[0]
	start := bytes.Index(der, si.Raw)
	issuer := start + bytes.Index(si.Raw, si.Issuer)
	signerVersion := start + bytes.Index(si.Raw, []byte{2, 1}) + 2
	version := bytes.Index(der, []byte{0x31}) - 1 // before digestAlgorithms
	for at := range der {
		if at == version || at == signerVersion || issuer <= at && at < issuer+len(si.Issuer) {
			continue
		}
		for _, bit := range []int{0, 5, at % 8} {
			der[at] ^= 1 << bit
			hex.Encode(doc[n[1]+1:], der)
			r := check(t, doc, opts)
			if r.ExitCode() == 0 || r.Verdict() == verify.NoSignature {
				t.Errorf("bit %d of byte %d (%#02x): %s", bit, at, der[at], r.Verdict())
			}
			der[at] ^= 1 << bit
		}
	}
}
