package gost3410

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/vidimus/vidimus/internal/oracle"
)

// der builds DER from hexadecimal with lengths left to it: "30{06[oid] 05{}}".
// [1.2.3] is an object identifier's content.
func der(t testing.TB, s string) []byte {
	t.Helper()
	var stack [][]byte
	cur := []byte{}
	for s = strings.ReplaceAll(s, " ", ""); s != ""; {
		switch s[0] {
		case '{':
			stack = append(stack, cur)
			cur, s = []byte{}, s[1:]
		case '}':
			outer := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			switch n := len(cur); {
			case n < 0x80:
				outer = append(outer, byte(n))
			default:
				outer = append(outer, 0x81, byte(n))
			}
			cur, s = append(outer, cur...), s[1:]
		case '[':
			end := strings.IndexByte(s, ']')
			content, err := asn1.Marshal(parseOID(t, s[1:end]))
			if err != nil {
				t.Fatal(err)
			}
			cur, s = append(cur, content[2:]...), s[end+1:]
		default:
			b, err := hex.DecodeString(s[:2])
			if err != nil {
				t.Fatal(err)
			}
			cur, s = append(cur, b...), s[2:]
		}
	}
	return cur
}

func parseOID(t testing.TB, s string) (oid asn1.ObjectIdentifier) {
	t.Helper()
	for part := range strings.SplitSeq(s, ".") {
		n := 0
		for _, c := range part {
			n = 10*n + int(c-'0')
		}
		oid = append(oid, n)
	}
	return oid
}

const (
	alg256 = "06{[1.2.643.7.1.1.1.1]}"
	alg512 = "06{[1.2.643.7.1.1.1.2]}"
	alg01  = "06{[1.2.643.2.2.19]}"
	setA   = "06{[1.2.643.2.2.35.1]}"
	set512 = "06{[1.2.643.7.1.2.1.2.1]}"
	hash12 = "06{[1.2.643.7.1.1.2.2]}"
	hash94 = "06{[1.2.643.2.2.30.1]}"
	cipher = "06{[1.2.643.2.2.31.1]}"
)

// basePoint is the base point of CryptoPro-A as a public key.
func basePoint() string {
	p := curveCryptoProA.params
	b := make([]byte, 64)
	p.xWords.putLE(b[:32])
	p.yWords.putLE(b[32:])
	return hex.EncodeToString(b)
}

func TestParsePKIXPublicKey(t *testing.T) {
	point := "03{00 04{" + basePoint() + "}}"
	for _, c := range []struct {
		name, in string
		want     error
	}{
		{"good", "30{30{" + alg256 + "30{" + setA + hash12 + "}}" + point + "}", nil},
		{"no digest set", "30{30{" + alg256 + "30{" + setA + "}}" + point + "}", nil},
		{"digest set NULL", "30{30{" + alg256 + "30{" + setA + "05{}}}" + point + "}", nil},
		{"2001 with a cipher", "30{30{" + alg01 + "30{" + setA + hash94 + cipher + "}}" + point + "}", nil},
		{"no parameters", "30{30{" + alg256 + "}" + point + "}", ErrNoParameters},
		{"parameters NULL", "30{30{" + alg256 + "05{}}" + point + "}", ErrNoParameters},
		{"RSA", "30{30{06{[1.2.840.113549.1.1.1]}05{}}" + point + "}", ErrAlgorithm},
		{"unknown set", "30{30{" + alg256 + "30{06{[1.2.643.2.2.35.9]}}}" + point + "}", ErrCurve},
		{"512 on a curve of 256", "30{30{" + alg512 + "30{" + setA + "}}" + point + "}", ErrCurve},
		{"256 on a curve of 512", "30{30{" + alg256 + "30{" + set512 + "}}" + point + "}", ErrCurve},
		{"2001 on a curve of 512", "30{30{" + alg01 + "30{" + set512 + "}}" + point + "}", ErrCurve},
		{"2012 with the hash of 94", "30{30{" + alg256 + "30{" + setA + hash94 + "}}" + point + "}", ErrCurve},
		{"2001 with Streebog", "30{30{" + alg01 + "30{" + setA + hash12 + "}}" + point + "}", ErrCurve},
		{"bare point", "30{30{" + alg256 + "30{" + setA + "}}03{00" + basePoint() + "}}", ErrEncoding},
		{"short point", "30{30{" + alg256 + "30{" + setA + "}}03{00 04{0102}}}", ErrEncoding},
		{"unused bits", "30{30{" + alg256 + "30{" + setA + "}}03{01 04{" + basePoint() + "}}}", ErrEncoding},
		{"after the key", "30{30{" + alg256 + "30{" + setA + "}}" + point + "00}", ErrEncoding},
		{"after the end", "30{30{" + alg256 + "30{" + setA + "}}" + point + "}00", ErrEncoding},
		{"after the point", "30{30{" + alg256 + "30{" + setA + "}}03{00 04{" + basePoint() + "}00}}", ErrEncoding},
		{"parameters not a sequence", "30{30{" + alg256 + "04{}}" + point + "}", ErrEncoding},
		{"integer in parameters", "30{30{" + alg256 + "30{" + setA + "02{01}}}" + point + "}", ErrEncoding},
		{"empty", "", ErrEncoding},
	} {
		b := der(t, c.in)
		key, err := ParsePKIXPublicKey(b)
		if err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if err == nil && key.Withdrawn() != strings.HasPrefix(c.name, "2001") {
			t.Errorf("%s: Withdrawn = %v", c.name, key.Withdrawn())
		}
		for n := range len(b) {
			if c.want != nil {
				break
			}
			if _, err := ParsePKIXPublicKey(b[:n]); err == nil {
				t.Errorf("%s: %d of %d bytes are a key", c.name, n, len(b))
			}
		}
	}
}

func TestParsePKCS8PrivateKey(t *testing.T) {
	id := "30{" + alg256 + "30{" + setA + hash12 + "}}"
	d := strings.Repeat("11", 32)
	key256, err := NewPrivateKey(&curveCryptoProA, bytes.Repeat([]byte{0x11}, 32))
	if err != nil {
		t.Fatal(err)
	}
	own := hex.EncodeToString(key256.pub.Bytes())
	for _, c := range []struct {
		name, in string
		want     error
	}{
		{"good", "30{02{00}" + id + "04{" + d + "}}", nil},
		{"wrapped", "30{02{00}" + id + "04{04{" + d + "}}}", nil},
		{"integer", "30{02{00}" + id + "04{02{" + d + "}}}", nil},
		{"small integer", "30{02{00}" + id + "04{02{05}}}", nil},
		{"attributes", "30{02{00}" + id + "04{" + d + "}a0{30{}}}", nil},
		{"version 1 and public key", "30{02{01}" + id + "04{" + d + "}a0{30{}}81{00" + own + "}}", nil},
		{"public key as in a certificate", "30{02{01}" + id + "04{" + d + "}81{0004{" + own + "}}}", nil},
		{"public key as in RFC 9548 App. A", "30{02{01}" + id + "04{" + d + "}81{01" + own + "}}", nil},
		{"public key, explicit", "30{02{01}" + id + "04{" + d + "}a1{03{0004{" + own + "}}}}", nil},
		{"masked with public key", "30{02{00}" + id + "04{30{04{" + d + "}04{" + own + "}}}}", nil},
		{"another public key", "30{02{01}" + id + "04{" + d + "}81{0004{" + basePoint() + "}}}", ErrPair},
		{"another public key, bare", "30{02{01}" + id + "04{" + d + "}81{00" + basePoint() + "}}", ErrPair},
		{"another public key, explicit", "30{02{01}" + id + "04{" + d + "}a1{03{0004{" + basePoint() + "}}}}", ErrPair},
		{"masked with another public key", "30{02{00}" + id + "04{30{04{" + d + "}04{" + basePoint() + "}}}}", ErrPair},
		{"masked, own inside, another outside", "30{02{01}" + id + "04{30{04{" + d + "}04{" + own + "}}}81{00" + basePoint() + "}}", ErrPair},
		{"masked without public key", "30{02{00}" + id + "04{30{04{" + d + "}}}}", nil},
		{"masked with a public key cut short", "30{02{00}" + id + "04{30{04{" + d + "}04{" + own[2:] + "}}}}", ErrEncoding},
		{"empty public key", "30{02{01}" + id + "04{" + d + "}81{00}}", ErrEncoding},
		{"public key of no bits", "30{02{01}" + id + "04{" + d + "}81{}}", ErrEncoding},
		{"public key with more unused bits than a byte has", "30{02{01}" + id + "04{" + d + "}81{08" + own + "}}", ErrEncoding},
		{"public key twice", "30{02{01}" + id + "04{" + d + "}81{00" + own + "}81{00" + own + "}}", ErrEncoding},
		{"version 2", "30{02{02}" + id + "04{" + d + "}}", ErrEncoding},
		{"2001", "30{02{00}30{" + alg01 + "30{" + setA + hash94 + "}}04{" + d + "}}", ErrWithdrawn},
		{"zero", "30{02{00}" + id + "04{" + strings.Repeat("00", 32) + "}}", ErrPrivateKey},
		{"too large", "30{02{00}" + id + "04{" + strings.Repeat("ff", 32) + "}}", ErrPrivateKey},
		{"negative integer", "30{02{00}" + id + "04{02{85}}}", ErrEncoding},
		{"long integer", "30{02{00}" + id + "04{02{" + strings.Repeat("11", 33) + "}}}", ErrEncoding},
		{"empty", "30{02{00}" + id + "04{}}", ErrEncoding},
		{"empty wrapped", "30{02{00}" + id + "04{04{}}}", ErrEncoding},
		{"short", "30{02{00}" + id + "04{" + d[2:] + "}}", ErrEncoding},
		{"mask zero", "30{02{00}" + id + "04{" + d + strings.Repeat("00", 32) + "}}", ErrPrivateKey},
		{"after the end", "30{02{00}" + id + "04{" + d + "}04{}}", ErrEncoding},
	} {
		if _, err := ParsePKCS8PrivateKey(der(t, c.in)); err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	// A masked key may have 8 masks, not 9.
	key := testKey(t, &curveCryptoProA)
	for masks, want := range map[int]error{8: nil, 9: ErrEncoding} {
		content := bytes.Repeat(append([]byte{3}, make([]byte, 31)...), 1+masks)
		var b cryptobyte.Builder
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(0)
			key.pub.addAlgorithm(b)
			b.AddASN1OctetString(content)
		})
		if _, err := ParsePKCS8PrivateKey(b.BytesOrPanic()); err != want {
			t.Errorf("%d masks: %v, want %v", masks, err, want)
		}
	}
}

// A number of 30 or 62 octets as an INTEGER is as long as a bare number. Which of
// two keys it is only a public key can say.
func TestPKCS8TwoReadings(t *testing.T) {
	for _, c := range []*Curve{&curveCryptoProA, &curveTC26512A} {
		size := c.Size()
		content := append([]byte{2, byte(size - 2)}, bytes.Repeat([]byte{0x11}, size-2)...)
		asNumber, err := NewPrivateKey(c, content)
		if err != nil {
			t.Fatal(err)
		}
		asInteger, err := NewPrivateKey(c, append(bytes.Repeat([]byte{0x11}, size-2), 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		info := func(content, after []byte) []byte {
			var b cryptobyte.Builder
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				asNumber.pub.addAlgorithm(b)
				b.AddASN1OctetString(content)
				if after != nil {
					b.AddASN1(casn1.Tag(1).ContextSpecific(), func(b *cryptobyte.Builder) {
						b.AddUint8(0)
						b.AddBytes(after)
					})
				}
			})
			return b.BytesOrPanic()
		}
		outOfRange := append([]byte{2, byte(size - 2), 0x11}, bytes.Repeat([]byte{0xff}, size-3)...)
		negative := append([]byte{2, byte(size - 2), 0x91}, bytes.Repeat([]byte{0x11}, size-3)...)
		written, err := MarshalPKCS8PrivateKey(asNumber)
		if err != nil {
			t.Fatal(err)
		}
		for name, v := range map[string]struct {
			der  []byte
			want *PrivateKey
			err  error
		}{
			"alone":               {info(content, nil), nil, ErrAmbiguous},
			"public key of one":   {info(content, asNumber.pub.Bytes()), asNumber, nil},
			"public key of other": {info(content, asInteger.pub.Bytes()), asInteger, nil},
			"of neither":          {info(content, testKey(t, c).pub.Bytes()), nil, ErrPair},
			"as we write it":      {written, asNumber, nil},
			"no bare number":      {info(outOfRange, nil), nil, nil}, // it exceeds q: an INTEGER only
			"no INTEGER":          {info(negative, nil), nil, nil},
		} {
			got, err := ParsePKCS8PrivateKey(v.der)
			if err != v.err || v.want != nil && !got.Equal(v.want) {
				t.Errorf("%s, %s: %v", c.Name(), name, err)
			}
		}
	}
}

func TestAlgorithmNames(t *testing.T) {
	for a, want := range map[Algorithm]string{
		0: "unknown", R34102012_256: "GOST R 34.10-2012 256 bit",
		R34102012_512: "GOST R 34.10-2012 512 bit", R34102001: "GOST R 34.10-2001",
	} {
		if a.String() != want {
			t.Errorf("%d is %q", a, a)
		}
	}
}

// seeds adds every file of the corpus with the given ending, if it is there.
func seeds(f *testing.F, ending string) {
	root := os.Getenv("VIDIMUS_CORPUS")
	if root == "" {
		root = filepath.Join(oracle.Root(f), "..", "shared", "corpus")
	}
	files, _ := filepath.Glob(filepath.Join(root, "gost", "samples", "curves", "*"+ending))
	for _, file := range files {
		f.Add(readPEM(f, file))
	}
}

func FuzzParsePKIXPublicKey(f *testing.F) {
	seeds(f, ".pub")
	f.Add(der(f, "30{30{"+alg256+"30{"+setA+hash12+"}}03{00 04{"+basePoint()+"}}}"))
	f.Add(der(f, "30{30{"+alg01+"30{"+setA+hash94+cipher+"}}03{00 04{"+basePoint()+"}}}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		key, err := ParsePKIXPublicKey(b)
		if err != nil {
			return
		}
		again, err := MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		if other, err := ParsePKIXPublicKey(again); err != nil || !other.Equal(key) {
			t.Fatalf("%x marshals to %x: %v", b, again, err)
		}
		size := key.DigestSize()
		if key.Verify(make([]byte, size), make([]byte, 2*size)) != ErrSignature {
			t.Fatal("a signature of zeros is accepted")
		}
	})
}

func FuzzParsePKCS8PrivateKey(f *testing.F) {
	seeds(f, ".key")
	id := "30{" + alg256 + "30{" + setA + hash12 + "}}"
	f.Add(der(f, "30{02{00}"+id+"04{"+strings.Repeat("11", 32)+"}}"))
	f.Add(der(f, "30{02{00}"+id+"04{04{"+strings.Repeat("11", 32)+"}}}"))
	f.Add(der(f, "30{02{01}"+id+"04{02{05}}a0{30{}}}"))
	f.Add(der(f, "30{02{01}"+id+"04{02{"+strings.Repeat("11", 30)+"}}81{00"+basePoint()+"}}"))
	f.Add(der(f, "30{02{00}"+id+"04{30{04{01"+strings.Repeat("00", 31)+"}04{"+basePoint()+"}}}}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		key, err := ParsePKCS8PrivateKey(b)
		if err != nil {
			return
		}
		again, err := MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		if other, err := ParsePKCS8PrivateKey(again); err != nil || !other.Equal(key) {
			t.Fatalf("%x marshals to %x: %v", b, again, err)
		}
		digest := make([]byte, key.PublicKey().DigestSize())
		sig, err := key.Sign(nil, digest, nil)
		if err != nil || key.PublicKey().Verify(digest, sig) != nil {
			t.Fatal("the key does not sign")
		}
	})
}
