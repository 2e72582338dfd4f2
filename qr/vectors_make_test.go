package qr

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the vectors of testdata/tokens and testdata/keys.*")

// vector is a file of testdata/tokens.
type vector struct {
	What    string `json:"what"`
	URL     string `json:"url,omitempty"`
	Host    string `json:"host,omitempty"`    // instead of url: what a server has
	Decimal string `json:"decimal,omitempty"` // likewise
	At      string `json:"at,omitempty"`

	Error   string `json:"error,omitempty"`   // text of the sentinel error
	Verdict string `json:"verdict,omitempty"` // or the result
	Genuine string `json:"genuine,omitempty"`
	Reason  Reason `json:"reason,omitempty"`
	ID      string `json:"id,omitempty"`
	Kind    int    `json:"kind,omitempty"`
	Issued  string `json:"issued,omitempty"`
	Expires string `json:"expires,omitempty"`
	Visible string `json:"visible,omitempty"`
}

// forge writes a token of arbitrary parts, properly signed.
type forge struct {
	t         *testing.T
	key       crypto.Signer
	host      string
	alg       Algorithm
	id        *KeyID
	claims    Claims
	header    []byte // instead of alg and id
	payload   []byte // instead of claims
	signature []byte // instead of a good one
	patch     func(cose []byte) []byte
}

func (f forge) number() string {
	f.t.Helper()
	k, err := NewKey(f.key.Public())
	if err != nil {
		f.t.Fatal(err)
	}
	s := k.suite()
	if f.id != nil {
		k.ID = *f.id
	}
	if f.alg != 0 {
		k.Alg = f.alg
	}
	t := Token{host: f.host, protected: f.header, payload: f.payload, signature: f.signature}
	if t.protected == nil {
		t.protected = appendHeader(nil, k.Alg, k.ID)
	}
	if t.payload == nil {
		t.payload = f.claims.append(nil)
	}
	if t.signature == nil {
		if t.signature, err = s.sign(nil, f.key, t.message()); err != nil {
			f.t.Fatal(err)
		}
	}
	cose := t.appendCOSE(nil)
	if f.patch != nil {
		cose = f.patch(cose)
	}
	return string(appendDecimal(nil, cose))
}

func (f forge) url() string { return "https://" + f.host + "/c/" + f.number() }

// makeVectors returns every vector by the name of its file.
func makeVectors(t *testing.T) map[string]vector {
	base := forge{t: t, key: edKey("active"), host: testHost, claims: testClaims()}
	ec := base
	ec.key = ecKey(t, "active")
	with := func(f forge, change func(*forge)) forge { change(&f); return f }
	good := base.url()
	number := base.number()
	at := testNow.Format(time.RFC3339)
	pass := func(what, url, at string, c Claims) vector {
		v := vector{What: what, URL: url, At: at, Verdict: "passed", Genuine: "passed"}
		v.describe(c)
		return v
	}
	not := func(what, url, at, verdict, genuine string, r Reason) vector {
		return vector{What: what, URL: url, At: at, Verdict: verdict, Genuine: genuine, Reason: r}
	}
	bad := func(what, url string, err error) vector {
		return vector{What: what, URL: url, Error: err.Error()}
	}
	header := func(hex string) string {
		return with(base, func(f *forge) { f.header = unhex(t, hex) }).url()
	}
	payload := func(hex string) string {
		return with(base, func(f *forge) { f.payload = unhex(t, hex) }).url()
	}
	patched := func(p func([]byte) []byte) string {
		return with(base, func(f *forge) { f.patch = p }).url()
	}
	signedBy := func(key crypto.Signer, c Claims) string {
		return with(base, func(f *forge) { f.key, f.claims = key, c }).url()
	}
	claims := func(change func(*Claims)) Claims { c := testClaims(); change(&c); return c }
	permanent := claims(func(c *Claims) { c.Expires = time.Time{} })
	early := claims(func(c *Claims) { c.Issued = time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC) })
	id := edKeyID(t, "active")

	const kid = "a201320448" // {1: -19, 4: bytes(8)}
	const (
		exp  = "041a74695950"
		iat  = "061a6b02b618"
		cti  = "074a00010203040506070809"
		kind = "3a0001117003"
		vis  = "3a00011171500f0e0d0c0b0a09080706050403020100"
	)
	vs := map[string]vector{
		"good-ed25519":        pass("Ed25519", good, at, testClaims()),
		"good-p256":           pass("ECDSA on P-256", ec.url(), at, testClaims()),
		"good-permanent":      pass("permanent: no exp", signedBy(edKey("active"), permanent), "2099-01-01T00:00:00Z", permanent),
		"good-last-second":    pass("one second before exp", good, testExpires.Add(-time.Second).Format(time.RFC3339), testClaims()),
		"good-slow-clock":     pass("issued one skew in the future", good, testIssued.Add(-MaxSkew).Format(time.RFC3339), testClaims()),
		"good-retired":        pass("retired key, issued in its term", signedBy(edKey("retired"), testClaims()), at, testClaims()),
		"good-key-term-over":  pass("active key, asked after its term", good, "2030-01-01T00:00:00Z", testClaims()),
		"good-kid-collision":  pass("another key with the same kid comes first", signedBy(edKey("twin"), testClaims()), at, testClaims()),
		"good-largest-claims": {}, // below
		"good-by-hand":        pass("payload written by hand", payload("a5"+exp+iat+cti+kind+vis), at, testClaims()),

		"bad-expired":         not("asked at exp", good, testExpires.Format(time.RFC3339), "failed", "passed", ReasonExpired),
		"bad-future":          not("issued more than one skew ahead", good, testIssued.Add(-MaxSkew-time.Second).Format(time.RFC3339), "failed", "passed", ReasonFuture),
		"bad-no-time":         not("no time to check the term at", good, "", "indeterminate", "passed", ReasonClock),
		"bad-compromised":     not("compromised key", signedBy(edKey("compromised"), testClaims()), at, "indeterminate", "indeterminate", ReasonKeyCompromised),
		"bad-before-key-term": not("issued before the key's term", signedBy(edKey("active"), early), at, "indeterminate", "indeterminate", ReasonKeyTerm),
		"bad-after-key-term":  not("retired key, issued after its term", signedBy(ecKey(t, "retired"), testClaims()), at, "indeterminate", "indeterminate", ReasonKeyTerm),
		"bad-unknown-key":     not("key that is not in the set", signedBy(edKey("stranger"), testClaims()), at, "indeterminate", "indeterminate", ReasonKeyMissing),
		"bad-algorithm":       not("algorithm −8, not fully specified", with(base, func(f *forge) { f.alg = -8 }).url(), at, "indeterminate", "indeterminate", ReasonAlgorithm),
		"bad-algorithm-swap":  not("kid of an Ed25519 key under ESP256", with(ec, func(f *forge) { f.id = &id }).url(), at, "indeterminate", "indeterminate", ReasonKeyMissing),
		"bad-stolen-kid":      not("a stranger's key under the issuer's kid", with(base, func(f *forge) { f.key, f.id = edKey("stranger"), &id }).url(), at, "failed", "failed", ReasonSignature),
		"bad-other-host":      not("number moved to another host", "https://reg.example.com/c/"+number, at, "failed", "failed", ReasonSignature),
		"bad-zero-signature":  not("signature of zeros", with(base, func(f *forge) { f.signature = make([]byte, 64) }).url(), at, "failed", "failed", ReasonSignature),
		"bad-p256-zero":       not("ECDSA with r = s = 0", with(ec, func(f *forge) { f.signature = make([]byte, 64) }).url(), at, "failed", "failed", ReasonSignature),
		"bad-p256-high-s":     not("the other s that ECDSA would accept", with(ec, func(f *forge) { f.signature = highS(t, ec) }).url(), at, "failed", "failed", ReasonSignature),

		"bad-scheme-case":     bad("upper case, which some cameras do not open", "HTTPS"+good[5:], ErrScheme),
		"bad-scheme-http":     bad("http", "http"+good[5:], ErrScheme),
		"bad-scheme-space":    bad("space before", " "+good, ErrScheme),
		"bad-empty":           bad("empty text", "", ErrScheme),
		"bad-host-case":       bad("upper case in the host", "https://Reg.example.org/c/"+number, ErrHost),
		"bad-host-dot":        bad("final dot", "https://reg.example.org./c/"+number, ErrHost),
		"bad-host-port":       bad("port 443", "https://reg.example.org:443/c/"+number, ErrHost),
		"bad-host-port-zeros": bad("port 0443", "https://reg.example.org:0443/c/"+number, ErrHost),
		"bad-host-user":       bad("user information", "https://reg.example.org@evil.example/c/"+number, ErrHost),
		"bad-host-empty":      bad("no host", "https:///c/"+number, ErrHost),
		"bad-host-homoglyph":  bad("Cyrillic е in the host", "https://rеg.example.org/c/"+number, ErrHost),
		"bad-host-long":       bad("host of 81 bytes", "https://"+strings.Repeat("ab.", 26)+"abc/c/"+number, ErrHost),
		"bad-path":            bad("another path", strings.Replace(good, "/c/", "/d/", 1), ErrPath),
		"bad-path-none":       bad("host only", "https://reg.example.org", ErrPath),
		"bad-decimal-zero":    bad("leading zero", "https://reg.example.org/c/0"+number, ErrDecimal),
		"bad-decimal-plus":    bad("plus sign", "https://reg.example.org/c/+"+number, ErrDecimal),
		"bad-decimal-newline": bad("newline after the number", good+"\n", ErrDecimal),
		"bad-decimal-query":   bad("query after the number", good+"?x=1", ErrDecimal),
		"bad-decimal-score":   bad("underscore, as Go allows in numbers", "https://reg.example.org/c/"+number[:3]+"_"+number[3:], ErrDecimal),
		"bad-decimal-arabic":  bad("digits of another script", "https://reg.example.org/c/١٢٣", ErrDecimal),
		"bad-decimal-empty":   bad("no number", "https://reg.example.org/c/", ErrDecimal),
		"bad-decimal-first":   bad("first byte is not 1", "https://reg.example.org/c/2"+number[1:], ErrDecimal),
		"bad-decimal-long":    bad("570 digits", "https://reg.example.org/c/"+strings.Repeat("1", 570), ErrDecimal),

		"bad-cose-none":        bad("the number 1: no bytes", "https://reg.example.org/c/1", ErrCOSE),
		"bad-cose-tagged":      bad("tag 18 before the array", patched(func(b []byte) []byte { return append([]byte{0xd2}, b...) }), ErrCOSE),
		"bad-cose-indefinite":  bad("array of indefinite length", patched(func(b []byte) []byte { return append(append([]byte{0x9f}, b[1:]...), 0xff) }), ErrCOSE),
		"bad-cose-five":        bad("a fifth part", patched(func(b []byte) []byte { return append(append([]byte{0x85}, b[1:]...), 0) }), ErrCOSE),
		"bad-cose-tail":        bad("a byte after the end", patched(func(b []byte) []byte { return append(b, 0) }), ErrCOSE),
		"bad-cose-cut":         bad("last byte missing", patched(func(b []byte) []byte { return b[:len(b)-1] }), ErrCOSE),
		"bad-cose-longer-head": bad("array head in two bytes", patched(func(b []byte) []byte { return append([]byte{0x98, 4}, b[1:]...) }), ErrCOSE),
		"bad-cose-unprotected": bad("something in the unprotected header", patched(func(b []byte) []byte { return bytes.Replace(b, []byte{0xa0}, []byte{0xa1, 4, 0x40}, 1) }), ErrCOSE),
		"bad-cose-text":        bad("payload is a text string", patched(func(b []byte) []byte { return bytes.Replace(b, []byte{0xa0, 0x58}, []byte{0xa0, 0x78}, 1) }), ErrCOSE),
		"bad-cose-huge-length": bad("length of 2⁶⁴−1", patched(func(b []byte) []byte {
			return append([]byte{0x84, 0x5b, 255, 255, 255, 255, 255, 255, 255, 255}, b[2:]...)
		}), ErrCOSE),

		"bad-header-crit":  bad("unknown critical parameter", header("a401320281390101"+"04480000000000000000"+"39010100"), ErrHeader),
		"bad-header-order": bad("kid before alg", header("a204480000000000000000"+"0132"), ErrHeader),
		"bad-header-kid":   bad("kid of seven bytes", header("a2013204"+"4700000000000000"), ErrHeader),
		"bad-header-alone": bad("no kid", header("a10132"), ErrHeader),
		"bad-header-twice": bad("alg twice", header("a20132"+"0132"), ErrHeader),
		"bad-header-long":  bad("alg not in its shortest form", header("a2013812"+"04480000000000000000"), ErrHeader),
		"bad-header-empty": bad("no header", header(""), ErrHeader),
		"bad-header-tail":  bad("byte after the header", header(kid+"0000000000000000"+"00"), ErrHeader),

		"bad-claims-no-id":       bad("no ID", payload("a4"+exp+iat+kind+vis), ErrClaims),
		"bad-claims-unknown":     bad("unknown claim", payload("a6"+exp+iat+cti+kind+vis+"3a0001117200"), ErrClaims),
		"bad-claims-order":       bad("iat before exp", payload("a5"+iat+exp+cti+kind+vis), ErrClaims),
		"bad-claims-twice":       bad("iat twice", payload("a5"+iat+iat+cti+kind+vis), ErrClaims),
		"bad-claims-exp-first":   bad("exp before iat in time", payload("a5"+"0401"+iat+cti+kind+vis), ErrClaims),
		"bad-claims-exp-zero":    bad("exp of Go's zero time", payload("a5"+"043b0000000e7791f6ff"+iat+cti+kind+vis), ErrClaims),
		"bad-claims-exp-text":    bad("exp as text", payload("a5"+"046131"+iat+cti+kind+vis), ErrClaims),
		"bad-claims-exp-float":   bad("exp as a float", payload("a5"+"04fb41d2ab96c4000000"+iat+cti+kind+vis), ErrClaims),
		"bad-claims-iat-zero":    bad("iat 0", payload("a5"+exp+"0600"+cti+kind+vis), ErrClaims),
		"bad-claims-iat-far":     bad("iat after the year 9999", payload("a4"+"061b0000003afff44180"+cti+kind+vis), ErrClaims),
		"bad-claims-id-short":    bad("ID of nine bytes", payload("a5"+exp+iat+"0749000102030405060708"+kind+vis), ErrClaims),
		"bad-claims-id-zero":     bad("ID of zeros", payload("a5"+exp+iat+"074a00000000000000000000"+kind+vis), ErrClaims),
		"bad-claims-kind-zero":   bad("kind 0", payload("a5"+exp+iat+cti+"3a0001117000"+vis), ErrClaims),
		"bad-claims-kind-large":  bad("kind 65536", payload("a5"+exp+iat+cti+"3a000111701a00010000"+vis), ErrClaims),
		"bad-claims-visible":     bad("digest of 15 bytes", payload("a5"+exp+iat+cti+kind+"3a000111714f0f0e0d0c0b0a090807060504030201"), ErrClaims),
		"bad-claims-not-a-map":   bad("payload is an array", payload("80"), ErrClaims),
		"bad-claims-tail":        bad("byte after the claims", payload("a5"+exp+iat+cti+kind+vis+"00"), ErrClaims),
		"bad-claims-long-number": bad("iat not in its shortest form", payload("a5"+exp+"061b000000006b02b618"+cti+kind+vis), ErrClaims),

		"bad-signature-short":   bad("signature of 63 bytes", with(base, func(f *forge) { f.signature = make([]byte, 63) }).url(), ErrSignature),
		"bad-signature-empty":   bad("no signature", with(base, func(f *forge) { f.signature = []byte{} }).url(), ErrSignature),
		"bad-signature-unknown": bad("129 bytes under an unknown algorithm", with(base, func(f *forge) { f.alg = -70000; f.signature = make([]byte, 129) }).url(), ErrSignature),
	}
	largest := testClaims()
	largest.Kind, largest.Issued, largest.Expires = MaxKind, testIssued, time.Unix(maxTime, 0)
	vs["good-largest-claims"] = pass("largest kind and exp", signedBy(ecKey(t, "active"), largest), at, largest)

	server := vs["good-ed25519"]
	server.What, server.URL, server.Host, server.Decimal = "as a server finds it: host from its configuration", "", "REG.Example.Org:443", number
	vs["good-server"] = server
	vs["bad-server-host"] = vector{What: "server's host is no name", Host: "reg_example", Decimal: number, Error: ErrHost.Error()}
	vs["bad-server-decimal"] = vector{What: "path of a request", Host: testHost, Decimal: "robots.txt", Error: ErrDecimal.Error()}
	return vs
}

func (v *vector) describe(c Claims) {
	v.ID, v.Kind, v.Visible = c.ID.String(), c.Kind, hexOf(c.Visible[:])
	v.Issued = c.Issued.UTC().Format(time.RFC3339)
	if !c.Expires.IsZero() {
		v.Expires = c.Expires.UTC().Format(time.RFC3339)
	}
}

// highS signs f and replaces s by n−s.
func highS(t *testing.T, f forge) []byte {
	t.Helper()
	token, err := Parse(f.url())
	if err != nil {
		t.Fatal(err)
	}
	sig := bytes.Clone(token.signature)
	s := new(big.Int).SetBytes(sig[32:])
	s.Sub(elliptic.P256().Params().N, s).FillBytes(sig[32:])
	return sig
}

// The files are what the code makes of its table: a vector can neither be lost
// nor drift, and a change of the format shows as a change of files.
func TestVectorFilesAreCurrent(t *testing.T) {
	files := make(map[string][]byte)
	for name, v := range makeVectors(t) {
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		files["tokens/"+name+".json"] = append(b, '\n')
	}
	ks := testKeys(t)
	var err error
	if files["keys.json"], err = ks.JWKS(); err != nil {
		t.Fatal(err)
	}
	if files["keys.cbor"], err = ks.COSE(); err != nil {
		t.Fatal(err)
	}
	have, err := filepath.Glob("testdata/tokens/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range have {
		if _, ok := files["tokens/"+filepath.Base(path)]; !ok {
			t.Errorf("%s is made by nothing", path)
		}
	}
	for name, want := range files {
		path := filepath.Join("testdata", filepath.FromSlash(name))
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s differs from what the code makes (go test -update writes it)", path)
		}
	}
}
