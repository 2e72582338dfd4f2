package qr_test

import (
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/qr"
)

// An issuer seals and draws; anyone with the issuer's keys checks.
func Example() {
	key := ed25519.NewKeyFromSeed([]byte("a seed for examples, 32 bytes ok"))
	issuer, err := qr.NewSigner("reg.example.org", key)
	if err != nil {
		panic(err)
	}
	issued := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	url, err := issuer.Seal(qr.Claims{
		ID:      vidimus.ID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		Kind:    3,
		Issued:  issued,
		Expires: issued.AddDate(5, 0, 0),
	})
	if err != nil {
		panic(err)
	}
	var encoder qr.Encoder // kept for all certificates
	code, err := encoder.Encode(url)
	if err != nil {
		panic(err)
	}
	fmt.Printf("version %d, %d modules a side\n", code.Version(), code.Size())

	keys := qr.KeySet{issuer.Key()} // others read them with ParseJWKS
	token, err := qr.Parse(url)
	if err != nil {
		panic(err)
	}
	for _, year := range []int{2027, 2032} {
		r := token.Verify(keys, time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
		fmt.Printf("%d %v: %v %q\n", year, token.Claims().ID, r.Verdict(), r.Reason())
	}
	// Output:
	// version 9, 53 modules a side
	// 2027 041061050r3gg28a: passed ""
	// 2032 041061050r3gg28a: failed "expired"
}
