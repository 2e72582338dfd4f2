package qr

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// FuzzParse holds that a text has one form, that errors are typed, and that
// nothing but what was sealed is genuine.
func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob("testdata/tokens/*.json")
	if err != nil {
		f.Fatal(err)
	}
	sealed := make(map[string]bool)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(data, &v); err != nil {
			f.Fatal(err)
		}
		if v.URL == "" {
			v.URL = "https://" + v.Host + "/c/" + v.Decimal
		}
		sealed[v.URL] = v.Genuine == "passed"
		f.Add(v.URL)
		// The CBOR inside, as bytes, is easier to mutate to something that parses.
		if _, decimal, ok := strings.Cut(v.URL, "/c/"); ok {
			if b, err := parseDecimal(decimal); err == nil {
				f.Add(string(b))
			}
		}
	}
	var keys KeySet
	data, err := os.ReadFile("testdata/keys.cbor")
	if err != nil {
		f.Fatal(err)
	}
	if keys, err = ParseCOSEKeySet(data); err != nil {
		f.Fatal(err)
	}
	gost := newSigner(f, testHost, deterministic{gostKey(f, "CryptoPro-A", "gost")})
	url, err := gost.Seal(testClaims())
	if err != nil {
		f.Fatal(err)
	}
	keys, sealed[url] = append(keys, gost.Key()), true
	f.Add(url)
	f.Fuzz(func(t *testing.T, in string) {
		texts := []string{in}
		if !strings.HasPrefix(in, scheme) && len(in) <= maxToken {
			texts = append(texts, scheme+testHost+path+string(appendDecimal(nil, []byte(in))))
		}
		for _, text := range texts {
			token, err := Parse(text)
			if err != nil {
				var format *FormatError
				if !errors.As(err, &format) || token != nil {
					t.Fatalf("token %v, error %v", token, err)
				}
				continue
			}
			if token.URL() != text {
				t.Fatalf("%q is written again as %q", text, token.URL())
			}
			if r := token.Verify(keys, testNow); r.Genuine() == Passed && !sealed[text] {
				t.Fatalf("forged: %q", text)
			}
			if c := token.Claims(); c.check() != nil {
				t.Fatalf("parsed claims can't be sealed: %v", c.check())
			}
		}
	})
}

// FuzzKeySet holds that what was read in either format can be written in both
// and reads the same again.
func FuzzKeySet(f *testing.F) {
	paths, err := filepath.Glob("testdata/keysets/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		var v keySetVector
		if err := json.Unmarshal(data, &v); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(v.JWKS))
		if b, err := hex.DecodeString(v.COSE); err == nil {
			f.Add(b)
		}
	}
	gost := KeySet{newSigner(f, testHost, gostKey(f, "CryptoPro-A", "gost")).Key()}
	for _, write := range []func() ([]byte, error){gost.JWKS, gost.COSE} {
		b, err := write()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, parse := range []func([]byte) (KeySet, error){ParseJWKS, ParseCOSEKeySet} {
			ks, err := parse(in)
			if err != nil {
				if !errors.Is(err, ErrKeySet) || ks != nil {
					t.Fatalf("%d keys, error %v", len(ks), err)
				}
				continue
			}
			jwks, err := ks.JWKS()
			if err != nil {
				t.Fatal(err)
			}
			cose, err := ks.COSE()
			if err != nil {
				t.Fatal(err)
			}
			a, errA := ParseJWKS(jwks)
			b, errB := ParseCOSEKeySet(cose)
			if errA != nil || errB != nil || !reflect.DeepEqual(a, ks) || !reflect.DeepEqual(b, ks) {
				t.Fatalf("read %+v, then %+v (%v) and %+v (%v)", ks, a, errA, b, errB)
			}
		}
	})
}
