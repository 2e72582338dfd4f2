package qr

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
)

func TestSealRefusesBadClaims(t *testing.T) {
	s := newSigner(t, testHost, edKey("active"))
	for name, change := range map[string]func(*Claims){
		"no ID":               func(c *Claims) { c.ID = vidimus.ID{} },
		"no kind":             func(c *Claims) { c.Kind = 0 },
		"kind too large":      func(c *Claims) { c.Kind = MaxKind + 1 },
		"no time of issue":    func(c *Claims) { c.Issued = time.Time{} },
		"expires at once":     func(c *Claims) { c.Expires = c.Issued },
		"after year 9999":     func(c *Claims) { c.Expires = time.Unix(maxTime+1, 0) },
		"issued after 9999":   func(c *Claims) { c.Issued = time.Unix(maxTime+1, 0); c.Expires = time.Time{} },
		"expires before 1970": func(c *Claims) { c.Expires = time.Unix(-1, 0) },
	} {
		c := testClaims()
		change(&c)
		if url, err := s.Seal(c); !errors.Is(err, ErrClaims) || url != "" {
			t.Errorf("%s: %q, %v", name, url, err)
		}
	}
}

func TestSealCertificate(t *testing.T) {
	s := newSigner(t, "REG.example.org.", ecKey(t, "active"))
	cert := &vidimus.Certificate{
		ID:         vidimus.ID{1, 2, 3},
		IssuedAt:   testIssued.Add(time.Millisecond),
		ValidUntil: vidimus.Date{Year: 2031, Month: time.November, Day: 21},
	}
	url, err := s.SealCertificate(cert, vidimus.Kind{Num: 7}, [16]byte{9})
	if err != nil {
		t.Fatal(err)
	}
	token, err := Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	want := Claims{ID: cert.ID, Kind: 7, Issued: testIssued, Expires: testExpires, Visible: [16]byte{9}}
	if got := token.Claims(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if token.Host() != testHost {
		t.Errorf("host %q", token.Host())
	}
	cert.ValidUntil = vidimus.Date{}
	if url, err = s.SealCertificate(cert, vidimus.Kind{Num: 9}, [16]byte{}); err != nil {
		t.Fatal(err)
	}
	if token, err = Parse(url); err != nil || !token.Claims().Expires.IsZero() {
		t.Errorf("permanent: %v, %v", token.Claims(), err)
	}
}

func TestNewSignerRefuses(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []crypto.Signer{rsaKey, p384} {
		if _, err := NewSigner(testHost, key); !errors.Is(err, ErrKey) {
			t.Errorf("%T: %v", key, err)
		}
	}
	if _, err := NewSigner("реестр.example", edKey("active")); !errors.Is(err, ErrHost) {
		t.Errorf("host: %v", err)
	}
}

// A key in a broken or foreign module must not get into a QR code unnoticed.
type answers struct {
	crypto.Signer
	der []byte
	err error
}

func (a answers) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return a.der, a.err }

func TestSealRefusesWhatIsNoSignature(t *testing.T) {
	broken := errors.New("token removed")
	n := elliptic.P256().Params().N
	for name, a := range map[string]answers{
		"error":      {ecKey(t, "a"), nil, broken},
		"raw":        {ecKey(t, "a"), make([]byte, 64), nil},
		"empty":      {edKey("a"), nil, nil},
		"r is order": {ecKey(t, "a"), derOf(t, n, big.NewInt(1)), nil},
		"s is zero":  {ecKey(t, "a"), derOf(t, big.NewInt(1), new(big.Int)), nil},
		"tail":       {ecKey(t, "a"), append(derOf(t, big.NewInt(1), big.NewInt(1)), 0), nil},
	} {
		url, err := newSigner(t, testHost, a).Seal(testClaims())
		if err == nil || url != "" {
			t.Errorf("%s: sealed %q", name, url)
		}
		if a.err != nil && !errors.Is(err, broken) {
			t.Errorf("%s: %v hides the key's error", name, err)
		}
	}
}

// The key may return the higher s: the text has the lower one all the same.
func TestSealWritesTheLowerS(t *testing.T) {
	s := newSigner(t, testHost, ecKey(t, "active"))
	c := testClaims()
	high := 0
	for i := range 32 {
		c.Kind = i + 1
		url, err := s.Seal(c)
		if err != nil {
			t.Fatal(err)
		}
		token, err := Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		if r := token.Verify(testKeys(t), testNow); r.Verdict() != Passed {
			t.Fatalf("kind %d: %v", c.Kind, r.Reason())
		}
		der, err := s.key.Sign(nil, sha(token.message()), crypto.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(string(der), string(token.signature[32:])) {
			high++
		}
	}
	if high == 0 {
		t.Error("no signature of the 32 had the higher s: nothing was tested")
	}
}

func TestNormalizeHost(t *testing.T) {
	for in, want := range map[string]string{
		"reg.example.org":       "reg.example.org",
		"REG.Example.ORG.":      "reg.example.org",
		"reg.example.org:443":   "reg.example.org",
		"reg.example.org:8443":  "reg.example.org:8443",
		"localhost:1":           "localhost:1",
		"127.0.0.1:8080":        "127.0.0.1:8080",
		"xn--e1afmkfd.xn--p1ai": "xn--e1afmkfd.xn--p1ai",
		strings.Repeat("a", 63): strings.Repeat("a", 63),

		"": "", ".": "", "a..b": "", "-a": "", "a-": "", "a_b": "", "a b": "", "a/b": "", "[::1]": "",
		"a:": "", "a:0": "", "a:65536": "", "a:080": "", "a:+80": "", "a:1:2": "", "a%41": "",
		"реестр.рф": "", "\u212aelvin.example": "", strings.Repeat("a", 64): "", strings.Repeat("a.", 41): "",
	} {
		got, err := NormalizeHost(in)
		if got != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, ErrHost) {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
}
