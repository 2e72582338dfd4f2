package pdfa

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// rectangles is a path as a QR code has it, those of one shape together.
func rectangles(n int) []byte {
	rng := rand.New(rand.NewPCG(1, 2))
	b := []byte("q 1.13 0 0 1.13 20 30.5 cm\n")
	for i := range n {
		b = fmt.Appendf(b, "%d %d %d %d re\n", rng.IntN(61), rng.IntN(61), 1+3*i/n, 1+6*i/n%2)
	}
	return append(b, "f Q\n"...)
}

// inflated reads a stream with the decompressor of the standard library, which
// must find that it ends with it.
func inflated(t *testing.T, stream []byte) []byte {
	t.Helper()
	r := bytes.NewReader(stream)
	z, err := zlib.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if r.Len() != 0 {
		t.Errorf("%d bytes after the stream", r.Len())
	}
	return out
}

func TestDeflate(t *testing.T) {
	noise := make([]byte, 70_000)
	rng := rand.NewChaCha8([32]byte{7})
	rng.Read(noise)
	path := rectangles(600)
	record := bytes.Repeat([]byte(`{"имя": "Ёлкина", "number": "VD77-2026"} `), 20)
	samples := map[string][]byte{
		"empty": nil, "one": {0}, "three": []byte("abc"), "no line end": []byte("12 34 1 1 re\n13 35 1 1 re"),
		"zeros": make([]byte, 100_000), "far": append(append([]byte("a rare word"), noise[:40_000]...), "a rare word"...),
		"path": path, "record": record, "noise": noise,
	}
	codes := []*blockCode{newBlockCode(nil, false), newBlockCode(path, true), newBlockCode(record, false), newBlockCode(noise, true)}
	var z deflater
	for name, data := range samples {
		for i, c := range codes {
			before := []byte("before")
			out := z.append(before, segment{data, c})
			if !bytes.HasPrefix(out, before) {
				t.Fatalf("%s: what stood before is gone", name)
			}
			if got := inflated(t, out[len(before):]); !bytes.Equal(got, data) {
				t.Errorf("%s with code %d comes back different", name, i)
			}
			two := z.append(nil, segment{data, c}, segment{path, codes[1]})
			if got := inflated(t, two); !bytes.Equal(got, append(bytes.Clone(data), path...)) {
				t.Errorf("%s with code %d and a path come back different", name, i)
			}
			if again := z.append(nil, segment{data, c}, segment{path, codes[1]}); !bytes.Equal(again, two) {
				t.Errorf("%s with code %d: other bytes the second time", name, i)
			}
		}
	}
	if n, want := len(z.append(nil, segment{path, codes[1]})), standardSize(t, path)*105/100; n > want {
		t.Errorf("a path takes %d bytes, want at most %d", n, want)
	}
}

// standardSize is what the standard library makes of data.
func standardSize(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// TestCodeLengths: the words fill the code exactly (Kraft), or inflaters refuse
// it, and none is too long whatever the counts.
func TestCodeLengths(t *testing.T) {
	fibonacci := make([]int, numLiterals)
	for i, a, b := 0, 1, 1; i < 60; i++ {
		fibonacci[i] = a
		a, b = b, a+b
	}
	for name, counts := range map[string][]int{
		"none": make([]int, numLiterals), "fibonacci": fibonacci, "distances": make([]int, numDistances),
		"lengths": fibonacci[:16], "one": append(make([]int, 285), 1<<40), "two": {1, 5},
	} {
		limit := uint8(maxWord)
		if len(counts) == 16 {
			limit = maxLenWord
		}
		sum := 0
		for _, l := range codeLengths(counts, limit) {
			if l == 0 || l > limit {
				t.Fatalf("%s: word of %d bits, limit %d", name, l, limit)
			}
			sum += 1 << (maxWord - l)
		}
		if sum != 1<<maxWord {
			t.Errorf("%s: the code is filled to %d of %d", name, sum, 1<<maxWord)
		}
	}
}

// TestLengthCodes compares the formulas with the tables of RFC 1951 §3.2.5.
func TestLengthCodes(t *testing.T) {
	check := func(what string, first []int, base int, code func(int) (uint32, word)) {
		for i, from := range first {
			symbol, extra := code(from)
			if symbol != uint32(base+i) || extra.bits != 0 {
				t.Errorf("%s %d: symbol %d and %d", what, from, symbol, extra.bits)
			}
			if i+1 < len(first) {
				last, extra := code(first[i+1] - 1)
				if last != symbol || int(extra.bits) != first[i+1]-1-from || extra.bits>>extra.n != 0 {
					t.Errorf("%s %d: symbol %d and %d in %d bits", what, first[i+1]-1, last, extra.bits, extra.n)
				}
			}
		}
	}
	check("length", []int{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}, 257,
		func(n int) (uint32, word) { return lengthCode(n - 3) })
	check("distance", []int{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}, 0,
		func(n int) (uint32, word) { return distanceCode(uint32(n - 1)) })
}

func FuzzDeflate(f *testing.F) {
	f.Add([]byte("BT/F0 12 Tf 60 640 Td(\x00A\x00B)Tj ET\n"), rectangles(20))
	f.Add([]byte{}, []byte("1 2 3 4 re\n5 2 3 4 re\n"))
	codes := []*blockCode{newBlockCode(rectangles(100), true), newBlockCode([]byte("abcabc"), false)}
	var z deflater
	f.Fuzz(func(t *testing.T, a, b []byte) {
		for i := range codes {
			out := z.append(nil, segment{a, codes[i]}, segment{b, codes[1-i]})
			if got := inflated(t, out); !bytes.Equal(got, append(bytes.Clone(a), b...)) {
				t.Error("the data come back different")
			}
		}
	})
}

func BenchmarkDeflate(b *testing.B) {
	path := rectangles(600)
	c := newBlockCode(path, true)
	var z deflater
	var out []byte
	b.SetBytes(int64(len(path)))
	for b.Loop() {
		out = z.append(out[:0], segment{path, c})
	}
}
