package asn1x_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// TestToDER: vectors of X.690 §8.1.3.6, §8.7.3 and what must be refused.
func TestToDER(t *testing.T) {
	deep := strings.Repeat("3080", 70) + strings.Repeat("0000", 70)
	for _, c := range []struct {
		in, out, rest string
		err           error
	}{
		{in: "020101", out: "020101"},
		{in: "3003020101ff", out: "3003020101", rest: "ff"},
		{in: "30800201010000aa", out: "3003020101", rest: "aa"},
		{in: "24800401410401420000", out: "04024142"},
		{in: "24060401410401420000", out: "04024142", rest: "0000"},
		{in: "308024800401410000a0800201050000" + "0000", out: "3008040141a003020105"},
		{in: "3081030201010000", out: "308103020101", rest: "0000"},
		{in: "bf810180020101" + "0000", out: "bf810103020101"},
		{in: "3003a0800000", out: "3003a08000", rest: "00"}, // no end-of-contents inside: opaque
		{in: "30820005" + "0201010500" + "00", out: "30820005" + "0201010500", rest: "00"},
		{in: "3080020101", err: asn1x.ErrTruncated},
		{in: "0480", err: asn1x.ErrSyntax},
		{in: "2480020101" + "0000", err: asn1x.ErrSyntax},
		{in: "30", err: asn1x.ErrTruncated},
		{in: "3084ffffffff00", err: asn1x.ErrTruncated},
		{in: "3089ffffffffffffffffff00", err: asn1x.ErrTruncated},
		{in: deep, err: asn1x.ErrDepth},
	} {
		in, err := hex.DecodeString(c.in)
		if err != nil {
			t.Fatal(err)
		}
		der, rest, err := asn1x.ToDER(in)
		if !errors.Is(err, c.err) || c.err == nil && (hex.EncodeToString(der) != c.out || hex.EncodeToString(rest) != c.rest) {
			t.Errorf("%s: %x, %x, %v", c.in, der, rest, err)
		}
	}
}

// TestMemory: a megabyte made to cost as much as possible stays below 16 MiB.
func TestMemory(t *testing.T) {
	const size = 1 << 20
	for name, unit := range map[string][]byte{"empty": {0x30, 0}, "indefinite": {0x30, 0x80, 0, 0}, "segmented": {0x24, 0x80, 0, 0}, "strings": {0x24, 0}} {
		in := append(append([]byte{0x30, 0x80}, bytes.Repeat(unit, size/len(unit))...), 0, 0)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := asn1x.ToDER(in)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
			t.Errorf("%s: %d octets for %d", name, used, len(in))
		}
		if (err != nil) != (name != "empty") || err != nil && !errors.Is(err, asn1x.ErrTooMany) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOID compares with encoding/asn1.
func TestOID(t *testing.T) {
	for _, s := range []string{"1.2.840.113549.1.7.2", "2.5.29.15", "0.4.0.1733.2.4", "1.2.643.7.1.1.1.1", "2.999.1", "1.3.6.1.4.1.311.2147483647"} {
		oid := asn1x.MustOID(s)
		var std asn1.ObjectIdentifier
		if rest, err := asn1.Unmarshal(oid.Encode(), &std); err != nil || len(rest) > 0 || std.String() != s || oid.String() != s {
			t.Errorf("%s: %s, %v, %v", s, oid, std, err)
		}
	}
	for _, s := range []string{"", "1", "3.1", "1.40", "1.2.x", "1..2", "1.2.-1"} {
		if _, err := asn1x.ParseOID(s); !errors.Is(err, asn1x.ErrOID) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// TestPaddedOID: an arc with a zero before it would read like another identifier.
func TestPaddedOID(t *testing.T) {
	for want, list := range map[bool][]asn1x.OID{
		true:  {"\x2a", "\x2a\x86\x48", "\x2a\x85\x03\x64\x03", "\x88\x37\x00", "\x2a\x81\x80\x00"},
		false: {"", "\x80\x2a", "\x2a\x80\x64", "\x2a\x85\x03\x80\x64\x03", "\x2a\x85\x03\x64\x80\x03", "\x2a\x85", "\x80"},
	} {
		for _, oid := range list {
			if oid.Valid() != want {
				t.Errorf("%x: %t", string(oid), oid.Valid())
			}
			c := asn1x.NewCursor(oid.Encode())
			if c.OID("oid"); (c.Err() == nil) != want {
				t.Errorf("%x: %v", string(oid), c.Err())
			}
		}
	}
	for arc, want := range map[string]bool{"1.2.643": true, "1.2.643.100": true, "1.2.643.100.1": false, "1.2.643.10": false, "1.2.644": false} {
		if got := asn1x.MustOID("1.2.643.100.1").Under(asn1x.MustOID(arc)); got != want {
			t.Errorf("under %s: %t", arc, got)
		}
	}
}

func TestTLV(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 24} {
		b := asn1x.TLV(asn1x.OctetString, make([]byte, n))
		v, rest, err := asn1x.Read(b)
		if err != nil || len(rest) > 0 || len(v.Body) != n || len(b) != n+asn1x.HeaderLen(n) {
			t.Errorf("%d: %d octets, %v", n, len(b), err)
		}
	}
	set := asn1x.SetOf(asn1x.Set, []byte{2, 1, 9}, []byte{2, 1, 1}, []byte{1, 1, 0})
	if !bytes.Equal(set, []byte{0x31, 9, 1, 1, 0, 2, 1, 1, 2, 1, 9}) {
		t.Errorf("%x", set)
	}
}

func FuzzToDER(f *testing.F) {
	f.Add([]byte{0x30, 0x80, 0x24, 0x80, 4, 1, 1, 4, 1, 2, 0, 0, 0, 0})
	f.Add([]byte{0xbf, 0x81, 0x01, 0x80, 0x24, 3, 4, 1, 1, 0, 0, 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		der, rest, err := asn1x.ToDER(b)
		if err != nil {
			return
		}
		again, left, err := asn1x.ToDER(der)
		if err != nil || len(left) > 0 || string(again) != string(der) {
			t.Fatalf("not stable: %x then %x (%v)", der, again, err)
		}
		if len(rest)+1 > len(b) || len(der) > len(b)+16*len(b) {
			t.Fatalf("sizes: %d from %d, rest %d", len(der), len(b), len(rest))
		}
	})
}
