package pdf

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"
)

// checkInflate holds the inflater against compress/zlib: what it takes, the
// other takes with the same result.
func checkInflate(t *testing.T, f *inflater, in []byte, limit int) bool {
	t.Helper()
	got, ok := f.inflate(nil, in, limit)
	// With much room at once it goes another way; what stood there must not show.
	before := bytes.Repeat([]byte("room"), 1<<14)
	again, same := f.inflate(before[:5], in, limit)
	if ok != same || ok && (!bytes.Equal(again[5:], got) || string(again[:5]) != "roomr") {
		t.Fatalf("taken: %t, with much room: %t, or other data", ok, same)
	}
	if !ok {
		return false
	}
	if len(got) > limit {
		t.Fatalf("%d bytes, limit %d", len(got), limit)
	}
	r, err := zlib.NewReader(bytes.NewReader(in))
	if err != nil {
		t.Fatalf("taken, but compress/zlib: %v", err)
	}
	want, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("taken, but compress/zlib: %v; %d bytes, not %d", err, len(want), len(got))
	}
	return true
}

func deflated(data []byte, level int) []byte {
	var b bytes.Buffer
	w, _ := zlib.NewWriterLevel(&b, level)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func TestInflate(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	f := new(inflater)
	for size := range 300 {
		data := make([]byte, size*size/2)
		letters := 1 + rnd.IntN(256)
		for i := range data {
			data[i] = byte(rnd.IntN(letters) * rnd.IntN(2))
		}
		for _, level := range []int{zlib.HuffmanOnly, zlib.BestSpeed, zlib.BestCompression} {
			in := deflated(data, level)
			taken := checkInflate(t, f, in, len(data))
			if !taken {
				t.Errorf("%d bytes of %d letters at level %d: not taken", len(data), letters, level)
			}
			if taken && len(data) > 0 && checkInflate(t, f, in, len(data)-1) {
				t.Error("more than the limit")
			}
			if taken && checkInflate(t, f, in[:len(in)-1], len(data)) {
				t.Error("taken without its end")
			}
			for range 20 {
				bad := bytes.Clone(in)
				bad[rnd.IntN(len(bad))] ^= 1 << rnd.IntN(8)
				checkInflate(t, f, bad, 1<<20)
			}
		}
	}
}

func FuzzInflate(f *testing.F) {
	for _, s := range []string{"", "a", "q 1 0 0 1 5 6 cm 0 0 7 1 re 0 1 1 5 re f Q q 1 0 0 1 5 6 cm"} {
		f.Add(deflated([]byte(s), zlib.BestCompression))
		f.Add(deflated(bytes.Repeat([]byte(s), 500), zlib.BestSpeed))
	}
	z := new(inflater)
	f.Fuzz(func(t *testing.T, in []byte) { checkInflate(t, z, in, 1<<20) })
}
