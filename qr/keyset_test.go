package qr

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// keySetVector is a file of testdata/keysets.
type keySetVector struct {
	What  string          `json:"what"`
	JWKS  json.RawMessage `json:"jwks"`
	COSE  string          `json:"cose"` // hexadecimal
	Keys  int             `json:"keys"`
	Error bool            `json:"error"`
}

func TestKeySetVectors(t *testing.T) {
	paths, err := filepath.Glob("testdata/keysets/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var v keySetVector
			if err := json.Unmarshal(data, &v); err != nil {
				t.Fatal(err)
			}
			var ks KeySet
			if v.COSE != "" {
				ks, err = ParseCOSEKeySet(unhex(t, v.COSE))
			} else {
				ks, err = ParseJWKS(v.JWKS)
			}
			switch {
			case v.Error && (!errors.Is(err, ErrKeySet) || ks != nil):
				t.Errorf("%s: %d keys, error %v", v.What, len(ks), err)
			case !v.Error && (err != nil || len(ks) != v.Keys):
				t.Errorf("%s: %d keys, error %v; want %d", v.What, len(ks), err, v.Keys)
			}
		})
	}
}

func TestKeySetRoundTrip(t *testing.T) {
	want := testKeys(t)
	jwks, err := want.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	fromJWKS, err := ParseJWKS(jwks)
	if err != nil {
		t.Fatal(err)
	}
	cose, err := want.COSE()
	if err != nil {
		t.Fatal(err)
	}
	fromCOSE, err := ParseCOSEKeySet(cose)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]KeySet{"JWKS": fromJWKS, "COSE": fromCOSE} {
		if len(got) != len(want) {
			t.Fatalf("%s: %d keys, want %d", name, len(got), len(want))
		}
		for i, w := range want {
			g := got[i]
			if !w.Public.(interface{ Equal(x crypto.PublicKey) bool }).Equal(g.Public) {
				t.Errorf("%s: public key %d differs", name, i)
			}
			if g.ID != w.ID || g.Alg != w.Alg || g.Status != w.Status ||
				!g.NotBefore.Equal(w.NotBefore) || !g.NotAfter.Equal(w.NotAfter) {
				t.Errorf("%s: key %d is %+v, want %+v", name, i, g, w)
			}
		}
	}
	if again, err := fromJWKS.COSE(); err != nil || !bytes.Equal(again, cose) {
		t.Errorf("COSE of the parsed JWKS differs: %v", err)
	}
	if again, err := fromCOSE.JWKS(); err != nil || !bytes.Equal(again, jwks) {
		t.Errorf("JWKS of the parsed COSE differs: %v", err)
	}
}

func TestKeySetRefusesToWrite(t *testing.T) {
	good, err := NewKey(edKey("active").Public())
	if err != nil {
		t.Fatal(err)
	}
	noStatus, mixed, empty, many := good, good, Key{Status: KeyActive}, make(KeySet, MaxKeys+1)
	noStatus.Status = KeyUnknown
	mixed.Alg = ESP256
	late := good
	late.NotAfter = time.Unix(maxTime+1, 0)
	for i := range many {
		many[i] = good
	}
	noPoint := Key{Alg: ESP256, Public: (*ecdsa.PublicKey)(nil), Status: KeyActive}
	for name, ks := range map[string]KeySet{
		"no status": {good, noStatus}, "key of another algorithm": {mixed}, "no key": {empty},
		"nil key": {noPoint}, "too many": many, "term after year 9999": {late},
	} {
		if b, err := ks.JWKS(); err == nil {
			t.Errorf("%s: JWKS %s", name, b)
		}
		if b, err := ks.COSE(); err == nil {
			t.Errorf("%s: COSE %x", name, b)
		}
	}
	if _, err := ParseJWKS(make([]byte, MaxKeySet+1)); !errors.Is(err, ErrKeySet) {
		t.Errorf("large JWKS: %v", err)
	}
	if _, err := ParseCOSEKeySet(make([]byte, MaxKeySet+1)); !errors.Is(err, ErrKeySet) {
		t.Errorf("large COSE_KeySet: %v", err)
	}
	full, err := many[:MaxKeys].JWKS()
	if err != nil || len(full) > MaxKeySet {
		t.Errorf("a full set takes %d bytes: %v", len(full), err)
	}
	if _, err := ParseJWKS(full); err != nil {
		t.Errorf("full set: %v", err)
	}
}
