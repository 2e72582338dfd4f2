package qr

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func edKeyID(t *testing.T, name string) KeyID {
	t.Helper()
	k, err := NewKey(edKey(name).Public())
	if err != nil {
		t.Fatal(err)
	}
	return k.ID
}

// TestVectors runs every file of testdata/tokens, and asks that every error and
// every reason has one.
func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/keys.json")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ParseJWKS(data)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("testdata/tokens/*.json")
	if err != nil {
		t.Fatal(err)
	}
	lacking := map[string]bool{"passed": true}
	for _, e := range []error{ErrScheme, ErrHost, ErrPath, ErrDecimal, ErrCOSE, ErrHeader, ErrClaims, ErrSignature} {
		lacking[e.Error()] = true
	}
	for _, r := range []Reason{ReasonAlgorithm, ReasonKeyMissing, ReasonSignature, ReasonKeyCompromised,
		ReasonKeyTerm, ReasonClock, ReasonFuture, ReasonExpired} {
		lacking[string(r)] = true
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var want vector
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			delete(lacking, want.Error)
			delete(lacking, string(want.Reason))
			delete(lacking, want.Verdict)
			runVector(t, keys, want)
		})
	}
	for what := range lacking {
		t.Errorf("no vector for %q", what)
	}
}

func runVector(t *testing.T, keys KeySet, want vector) {
	var token *Token
	var err error
	if want.Host != "" {
		token, err = ParseToken(want.Host, want.Decimal)
	} else {
		token, err = Parse(want.URL)
	}
	if want.Error != "" {
		var format *FormatError
		if !errors.As(err, &format) || format.Err.Error() != want.Error {
			t.Fatalf("%s: error %v, want %q", want.What, err, want.Error)
		}
		if token != nil {
			t.Error("a token beside the error")
		}
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", want.What, err)
	}
	if want.URL != "" && token.URL() != want.URL {
		t.Errorf("written again: %s", token.URL())
	}
	var at time.Time
	if want.At != "" {
		if at, err = time.Parse(time.RFC3339, want.At); err != nil {
			t.Fatal(err)
		}
	}
	r := token.Verify(keys, at)
	got := vector{Verdict: r.Verdict().String(), Genuine: r.Genuine().String(), Reason: r.Reason()}
	if want.ID != "" {
		got.describe(token.Claims())
	}
	want.What, want.URL, want.Host, want.Decimal, want.At = "", "", "", "", ""
	if got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// Every single bit of a token matters.
func TestEveryBitFlipIsNoticed(t *testing.T) {
	keys := testKeys(t)
	for _, s := range []*Signer{newSigner(t, testHost, edKey("active")), newSigner(t, testHost, ecKey(t, "active"))} {
		url, err := s.Seal(testClaims())
		if err != nil {
			t.Fatal(err)
		}
		token, err := Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		if r := token.Verify(keys, testNow); r.Verdict() != Passed {
			t.Fatalf("%v: %v", r.Verdict(), r.Reason())
		}
		cose := token.appendCOSE(nil)
		for bit := range 8 * len(cose) {
			cose[bit/8] ^= 1 << (bit % 8)
			if token, err := ParseToken(testHost, string(appendDecimal(nil, cose))); err == nil {
				if r := token.Verify(keys, testNow); r.Genuine() == Passed {
					t.Errorf("%v: bit %d flipped and not noticed", s.Key().Alg, bit)
				}
			}
			cose[bit/8] ^= 1 << (bit % 8)
		}
		for i := range len(url) { // and every character of the text
			b := []byte(url)
			if b[i]++; b[i] == '9'+1 {
				b[i] = '0'
			}
			if token, err := Parse(string(b)); err == nil {
				if r := token.Verify(keys, testNow); r.Genuine() == Passed {
					t.Errorf("%v: character %d changed and not noticed", s.Key().Alg, i)
				}
			}
		}
	}
}

func TestZeroMeansNotChecked(t *testing.T) {
	var r Result
	if r.Verdict() != NotChecked || r.Genuine() != NotChecked {
		t.Errorf("zero result: %v, %v", r.Verdict(), r.Genuine())
	}
	url, err := newSigner(t, testHost, edKey("active")).Seal(testClaims())
	if err != nil {
		t.Fatal(err)
	}
	token, err := Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	if r := token.Verify(nil, testNow); r.Verdict() != Indeterminate || r.Reason() != ReasonKeyMissing {
		t.Errorf("no keys: %v, %v", r.Verdict(), r.Reason())
	}
	k, err := NewKey(edKey("active").Public())
	if err != nil {
		t.Fatal(err)
	}
	k.Status = KeyUnknown
	if r := token.Verify(KeySet{k}, testNow); r.Verdict() != Indeterminate || r.Reason() != ReasonKeyStatus {
		t.Errorf("key without status: %v, %v", r.Verdict(), r.Reason())
	}
	// The same key listed as active and as compromised counts as compromised.
	active, stolen := k, k
	active.Status, stolen.Status = KeyActive, KeyCompromised
	for _, ks := range []KeySet{{active, stolen}, {stolen, active}} {
		if r := token.Verify(ks, testNow); r.Reason() != ReasonKeyCompromised {
			t.Errorf("key listed twice: %v", r.Reason())
		}
	}
}
