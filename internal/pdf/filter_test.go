package pdf

import (
	"bytes"
	"compress/lzw"
	"encoding/ascii85"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tifflzw "golang.org/x/image/tiff/lzw"

	"github.com/vidimus/vidimus/internal/oracle"
)

// decodeStream puts data into a file as a stream and decodes it.
func decodeStream(t testing.TB, dict string, data []byte) ([]byte, *Document, error) {
	t.Helper()
	d := mustOpen(t, basic().stream(5, dict, data).table("").Bytes(), nil)
	s, err := d.Last().Stream(Ref{Num: 5})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Decode(0)
	return got, d, err
}

// encodeLZW is a plain encoder of LZWDecode data.
func encodeLZW(b []byte, early int) []byte {
	var out bytes.Buffer
	var acc uint64
	bits := 0
	put := func(code, width int) {
		acc = acc<<width | uint64(code)
		for bits += width; bits >= 8; bits -= 8 {
			out.WriteByte(byte(acc >> (bits - 8)))
		}
	}
	table := map[string]int{}
	width := 9
	reset := func() {
		clear(table)
		for i := range 256 {
			table[string([]byte{byte(i)})] = i
		}
		width = 9
	}
	reset()
	put(256, 9)
	next := 258
	cur := ""
	for _, c := range b {
		if _, ok := table[cur+string([]byte{c})]; ok {
			cur += string([]byte{c})
			continue
		}
		put(table[cur], width)
		table[cur+string([]byte{c})] = next
		next++
		// The decoder's table is one entry behind.
		if next-1+early >= 1<<width && width < 12 {
			width++
		}
		if next == 4095 {
			put(256, width)
			reset()
			next = 258
		}
		cur = string([]byte{c})
	}
	if cur != "" {
		put(table[cur], width)
		if next++; next-1+early >= 1<<width && width < 12 {
			width++
		}
	}
	put(257, width)
	if bits > 0 {
		put(0, 8-bits)
	}
	return out.Bytes()
}

func encodeRunLength(b []byte) []byte {
	var out []byte
	for len(b) > 0 {
		n := 1
		for n < len(b) && n < 128 && b[n] == b[0] {
			n++
		}
		if n > 1 {
			out, b = append(out, byte(257-n), b[0]), b[n:]
			continue
		}
		for n < len(b) && n < 128 && b[n] != b[n-1] {
			n++
		}
		out, b = append(append(out, byte(n-1)), b[:n]...), b[n:]
	}
	return append(out, 128)
}

func encode85(b []byte) []byte {
	out := make([]byte, ascii85.MaxEncodedLen(len(b)))
	return append(out[:ascii85.Encode(out, b)], "~>"...)
}

// encodePNG applies the PNG predictors, kind by row: 0 to 4, then again.
func encodePNG(b []byte, rowBytes, bpp int) []byte {
	var out []byte
	at := func(i, row, back int) int {
		if i-row*rowBytes < back || i < 0 {
			return 0
		}
		return int(b[i-back])
	}
	for row := 0; row*rowBytes < len(b); row++ {
		kind := row % 5
		out = append(out, byte(kind))
		for i := row * rowBytes; i < min(len(b), (row+1)*rowBytes); i++ {
			left, up, corner := at(i, row, bpp), 0, 0
			if row > 0 {
				up = int(b[i-rowBytes])
				corner = at(i-rowBytes, row-1, bpp)
			}
			p := [...]int{0, left, up, (left + up) / 2, paethReference(left, up, corner)}[kind]
			out = append(out, b[i]-byte(p))
		}
	}
	return out
}

// paethReference is PNG's predictor as its text defines it.
func paethReference(a, b, c int) int {
	abs := func(x int) int {
		if x < 0 {
			return -x
		}
		return x
	}
	best, dist := a, abs(b-c)
	if d := abs(a - c); d < dist {
		best, dist = b, d
	}
	if d := abs(a + b - 2*c); d < dist {
		best = c
	}
	return best
}

// encodeTIFF applies horizontal differencing to 8- and 16-bit samples.
func encodeTIFF(b []byte, rowBytes, colors, bits int) []byte {
	out := bytes.Clone(b)
	for row := 0; row+rowBytes <= len(b); row += rowBytes {
		for i := rowBytes - 1; i >= 0; i-- {
			if bits == 8 && i >= colors {
				out[row+i] = b[row+i] - b[row+i-colors]
			}
			if bits == 16 && i%2 == 0 && i >= 2*colors {
				v := uint16(b[row+i])<<8 | uint16(b[row+i+1])
				v -= uint16(b[row+i-2*colors])<<8 | uint16(b[row+i-2*colors+1])
				out[row+i], out[row+i+1] = byte(v>>8), byte(v)
			}
		}
	}
	return out
}

// TestFilters decodes what the encoders above and the standard library's make,
// and lets qpdf decode the same file.
func TestFilters(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 6000)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	text := []byte(strings.Repeat("The quick brown fox jumps over the lazy dog. \x00\x00\x00\x00\x00", 400))
	var std bytes.Buffer
	w := lzw.NewWriter(&std, lzw.MSB, 8)
	w.Write(text)
	w.Close()

	type stream struct {
		dict string
		data []byte
		want []byte
	}
	var streams []stream
	add := func(dict string, data, want []byte) { streams = append(streams, stream{dict, data, want}) }
	for _, plain := range [][]byte{text, noise, {}, {7}, []byte("ab"), []byte("abc"), bytes.Repeat([]byte{0}, 999)} {
		add("/Filter /FlateDecode", deflate(plain), plain)
		add("/Filter /LZWDecode", encodeLZW(plain, 1), plain)
		add("/Filter /LZWDecode /DecodeParms << /EarlyChange 0 >>", encodeLZW(plain, 0), plain)
		add("/Filter /ASCII85Decode", encode85(plain), plain)
		add("/Filter /ASCIIHexDecode", append([]byte(hex.EncodeToString(plain)), '>'), plain)
		add("/Filter /RunLengthDecode", encodeRunLength(plain), plain)
		add("/Filter [/ASCII85Decode /RunLengthDecode /FlateDecode]", encode85(encodeRunLength(deflate(plain))), plain)
	}
	add("/Filter /LZWDecode /DecodeParms [<< /EarlyChange 0 >>]", std.Bytes(), text)
	for _, colors := range []int{1, 3, 4} {
		for _, bits := range []int{8, 16} {
			rowBytes := 10 * colors * bits / 8
			plain := noise[:len(noise)/rowBytes*rowBytes]
			parms := fmt.Sprintf("/DecodeParms << /Colors %d /BitsPerComponent %d /Columns 10 /Predictor ", colors, bits)
			add("/Filter /FlateDecode "+parms+"15 >>", deflate(encodePNG(plain, rowBytes, colors*bits/8)), plain)
			add("/Filter /LZWDecode "+parms+"12 >>", encodeLZW(encodePNG(plain, rowBytes, colors*bits/8), 1), plain)
			add("/Filter /FlateDecode "+parms+"2 >>", deflate(encodeTIFF(plain, rowBytes, colors, bits)), plain)
		}
	}
	// One bit a sample: each is the exclusive or of its neighbours.
	add("/Filter /FlateDecode /DecodeParms << /Predictor 2 /Columns 16 /BitsPerComponent 1 >>", deflate([]byte{0xff, 0xff, 0x80, 0x00}), []byte{0xaa, 0xaa, 0xff, 0xff})
	add("/Filter /FlateDecode /DecodeParms << /Predictor 2 /Columns 4 /BitsPerComponent 4 >>", deflate([]byte{0x11, 0x1f}), []byte{0x12, 0x32})

	b := basic()
	for i, s := range streams {
		b.stream(10+i, s.dict, s.data)
	}
	file := b.table("").Bytes()
	d := mustOpen(t, file, nil)
	for i, s := range streams {
		st, err := d.Last().Stream(Ref{Num: uint32(10 + i)})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := st.Decode(0); err != nil || !bytes.Equal(got, s.want) {
			t.Errorf("%s: %v: %d bytes, want %d", s.dict, err, len(got), len(s.want))
		}
	}
	if w := d.Warnings(); len(w) > 0 {
		t.Errorf("warnings: %v", w)
	}
	t.Run("qpdf", func(t *testing.T) {
		oracle.Need(t, "qpdf")
		path := filepath.Join(t.TempDir(), "filters.pdf")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if n := compareQPDF(t, d, path, ""); n < len(streams) {
			t.Errorf("%d objects compared", n)
		}
	})
}

// TestLZWExample is the example of ISO 32000-2 §7.4.4.2.
func TestLZWExample(t *testing.T) {
	got, _, err := decodeStream(t, "/Filter /LZWDecode", []byte{0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01})
	if want := []byte{45, 45, 45, 45, 45, 65, 45, 45, 45, 66}; err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %v %v, want %v", got, err, want)
	}
}

// TestASCII85Prefix: some writers put "<~" in front; "<" alone is a digit.
func TestASCII85Prefix(t *testing.T) {
	for _, plain := range []string{"The", "a"} {
		got, _, err := decodeStream(t, "/Filter /ASCII85Decode", append([]byte("<~"), encode85([]byte(plain))...))
		if err != nil || string(got) != plain {
			t.Errorf("got %q %v", got, err)
		}
	}
}

// TestLZWLikeTIFF decodes random codes and compares with another decoder of the
// same format, as far as that one goes.
func TestLZWLikeTIFF(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	agreed := 0
	for range 2000 {
		b := encodeLZW(bytes.Repeat([]byte{byte(rng.Uint32()), byte(rng.Uint32())}, rng.IntN(3000)), 1)
		if len(b) > 2 {
			b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
		}
		want, err := io.ReadAll(tifflzw.NewReader(bytes.NewReader(b), tifflzw.MSB, 8))
		got, gotErr := io.ReadAll(newLZWReader(bytes.NewReader(b), true, func(Code) {}))
		if err == nil {
			agreed++
			if gotErr != nil || !bytes.Equal(got, want) {
				t.Fatalf("%x: %v, %d bytes, want %d", b, gotErr, len(got), len(want))
			}
		}
	}
	if agreed < 200 {
		t.Errorf("only %d decodable", agreed)
	}
}

func TestDamagedStreams(t *testing.T) {
	z := deflate([]byte(strings.Repeat("damage ", 500)))
	for _, c := range []struct {
		name, dict string
		data       []byte
		want       error
		prefix     bool // some data come with the error
	}{
		{"flate cut", "/Filter /FlateDecode", z[:len(z)/2], ErrDecode, false},
		{"flate header", "/Filter /FlateDecode", []byte("xx"), ErrDecode, false},
		{"flate garbage", "/Filter /FlateDecode", []byte("\x78\x9c\xff\xff\xff"), ErrDecode, false},
		{"lzw code", "/Filter /LZWDecode", []byte{0x80, 0x7f, 0xff}, ErrDecode, false},
		{"ascii85 digit", "/Filter /ASCII85Decode", []byte("9jqo^v~>"), ErrDecode, true},
		{"ascii85 range", "/Filter /ASCII85Decode", []byte("uuuuu~>"), ErrDecode, false},
		{"ascii85 single", "/Filter /ASCII85Decode", []byte("9jqo^9~>"), ErrDecode, true},
		{"hex digit", "/Filter /ASCIIHexDecode", []byte("41zz>"), ErrDecode, true},
		{"run cut", "/Filter /RunLengthDecode", []byte{5, 'a'}, ErrDecode, true},
		{"png filter", "/Filter /FlateDecode /DecodeParms << /Predictor 15 >>", deflate([]byte{9, 1}), ErrDecode, false},
		{"predictor", "/Filter /FlateDecode /DecodeParms << /Predictor 3 >>", z, ErrFilter, false},
		{"row too long", "/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 999999999999 >>", z, ErrLimit, false},
		{"filter is a number", "/Filter 7", z, ErrFilter, false},
		{"image in the middle", "/Filter [/DCTDecode /FlateDecode]", z, ErrFilter, false},
		{"crypt filter", "/Filter [/FlateDecode /Crypt]", z, ErrFilter, false},
	} {
		got, _, err := decodeStream(t, c.dict, c.data)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
		if (len(got) > 0) != c.prefix {
			t.Errorf("%s: %d bytes came with the error", c.name, len(got))
		}
	}
}

func TestImagesPassThrough(t *testing.T) {
	jpeg := []byte("\xff\xd8 not really \xff\xd9")
	d := mustOpen(t, basic().stream(5, "/Filter [/FlateDecode /DCTDecode] /DecodeParms [null << /ColorTransform 0 >>]", deflate(jpeg)).table("").Bytes(), nil)
	s, err := d.Last().Stream(Ref{Num: 5})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Decode(0)
	name, parms, err2 := s.Image()
	if err != nil || err2 != nil || !bytes.Equal(got, jpeg) || name != "DCTDecode" || parms.Get("ColorTransform") != Integer(0) {
		t.Errorf("got %q %v %v %v %v", got, name, parms, err, err2)
	}
}

func TestDecodeLimits(t *testing.T) {
	z := deflate(make([]byte, 1<<20))
	d := mustOpen(t, basic().stream(5, "/Filter /FlateDecode", z).table("").Bytes(), &Options{Limits: Limits{Decode: 3 << 20}})
	s, err := d.Last().Stream(Ref{Num: 5})
	if err != nil {
		t.Fatal(err)
	}
	var limit *LimitError
	if _, err := s.Decode(1<<20 - 1); !errors.As(err, &limit) || limit.Limit != 1<<20-1 {
		t.Errorf("limit: %v", err)
	}
	if b, err := s.Decode(1 << 20); err != nil || len(b) != 1<<20 {
		t.Errorf("at the limit: %d bytes, %v", len(b), err)
	}
	if _, err := s.Decode(0); !errors.Is(err, ErrLimit) {
		t.Errorf("budget: %v", err)
	}
}
