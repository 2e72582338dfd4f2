package qr

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"rsc.io/qr/coding"
)

// TestCorrection holds the codewords of error correction against those of
// rsc.io/qr/coding.
func TestCorrection(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for v := coding.Version(1); v <= MaxVersion; v++ {
		l, err := newLayout(v)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			data := make([]byte, v.DataBytes(coding.M))
			for i := range data {
				data[i] = byte(rnd.Uint32() & rnd.Uint32())
			}
			var b coding.Bits
			b.Append(data)
			b.AddCheckBytes(v, coding.M)
			if got := l.correct(bytes.Clone(data)); !bytes.Equal(got, b.Bytes()) {
				t.Fatalf("version %d: % x\nwant % x", v, got, b.Bytes())
			}
		}
	}
}
