package pdfa

import (
	"bytes"
	"crypto/sha256"
	"encoding"
	"errors"
	"sync"
	"testing"
)

// TestDeterministic renders the same document many times at once, from one base
// and from another equal one.
func TestDeterministic(t *testing.T) {
	want := sample(t, A3a)
	base := sampleBase(t, A3a)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				d := base.NewDoc()
				drawSample(d)
				out, err := d.Finish(sampleInfo(), sampleOptions())
				if err != nil || !bytes.Equal(out.Bytes, want.Bytes) {
					t.Errorf("other bytes: %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestIdentifier: another content, another ID.
func TestIdentifier(t *testing.T) {
	id := func(out *Output) string {
		f := new(file)
		f.read(out.Bytes, nil, nil)
		return string(f.trailer.get("/ID"))
	}
	base := sampleBase(t, A3a)
	d := base.NewDoc()
	drawSample(d)
	info := sampleInfo()
	info.Subject = "Another"
	out, err := d.Finish(info, sampleOptions())
	if err != nil {
		t.Fatal(err)
	}
	if id(out) == id(sample(t, A3a)) {
		t.Error("two documents share an identifier")
	}
}

func TestPrefixAndHole(t *testing.T) {
	out := sample(t, A3a)
	if out.PrefixSum != sha256.Sum256(out.Bytes[:out.PrefixLen]) {
		t.Error("PrefixSum is not the digest of the prefix")
	}
	h := sha256.New()
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(out.PrefixState()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(h.Sum(nil), out.PrefixSum[:]) {
		t.Error("PrefixState is not the state after the prefix")
	}
	r := out.ByteRange
	if out.Hole != (Span{r[1], r[2]}) || r[0] != 0 || r[2]+r[3] != int64(len(out.Bytes)) {
		t.Errorf("hole %v, ByteRange %v", out.Hole, r)
	}
	if n := out.Hole.End - out.Hole.Start; n != 2*4096+2 {
		t.Errorf("hole of %d bytes", n)
	}
	signed := append(bytes.Clone(out.Bytes[:r[1]]), out.Bytes[r[2]:]...)
	got, err := out.Digest()
	if err != nil || got != sha256.Sum256(signed) {
		t.Errorf("Digest %x, %v", got, err)
	}
}

// TestMisuse: drawing that would break the standard is refused, with the reason.
func TestMisuse(t *testing.T) {
	base := sampleBase(t, A3a)
	good := sampleInfo()
	for name, test := range map[string]struct {
		draw func(d *Doc)
		info Info
		opt  Options
		want error
	}{
		"text outside marked content": {func(d *Doc) { d.Text(0, 10, 0, 0, 0, []byte("A")) }, good, Options{}, ErrContent},
		"fill outside marked content": {func(d *Doc) { d.Rect(0, 0, 1, 1); d.Fill(false) }, good, Options{}, ErrContent},
		"mark left open":              {func(d *Doc) { d.Artifact() }, good, Options{}, ErrContent},
		"mark inside mark":            {func(d *Doc) { d.Artifact(); d.Artifact(); d.End() }, good, Options{}, ErrContent},
		"end without begin":           {func(d *Doc) { d.End() }, good, Options{}, ErrContent},
		"save without restore":        {func(d *Doc) { d.Save() }, good, Options{}, ErrContent},
		"restore without save":        {func(d *Doc) { d.Restore(); d.Save() }, good, Options{}, ErrContent},
		"missing glyph": {func(d *Doc) {
			d.Begin(d.Add(Root, "P", Attr{}))
			d.Text(0, 10, 0, 0, 0, []byte("漢"))
			d.End()
		}, good, Options{}, ErrContent},
		"element drawn twice": {func(d *Doc) {
			p := d.Add(Root, "P", Attr{})
			d.Begin(p)
			d.End()
			d.Begin(p)
			d.End()
		}, good, Options{}, ErrContent},
		"static element placed twice": {func(d *Doc) { d.Place() }, good, Options{}, ErrContent},
		"figure without description": {func(d *Doc) {
			d.Begin(d.Add(Root, "Figure", Attr{BBox: Rect{0, 0, 1, 1}}))
			d.End()
		}, good, Options{}, ErrLint},
		"no title":        {func(*Doc) {}, Info{}, Options{}, ErrConfig},
		"control in text": {func(*Doc) {}, Info{Title: "a\x07"}, Options{}, ErrConfig},
		"huge hole":       {func(*Doc) {}, good, Options{Signature: &Signature{Field: "a", Tooltip: "b", Size: 1 << 20}}, ErrConfig},
		"file name":       {func(*Doc) {}, good, Options{Attachment: &Attachment{Name: "a b", MIME: "text/plain"}}, ErrConfig},
	} {
		d := base.NewDoc()
		drawSample(d)
		test.draw(d)
		if out, err := d.Finish(test.info, test.opt); !errors.Is(err, test.want) || out != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What went wrong before leaves no trace.
	d := base.NewDoc()
	drawSample(d)
	if _, err := d.Finish(good, sampleOptions()); err != nil {
		t.Error(err)
	}
}

// TestTextStrings: names beyond the basic plane and delimiters survive.
func TestTextStrings(t *testing.T) {
	for _, s := range []string{"plain", "Скобки (и) \\", "𝔄 и Ё", "\u010d\u0d0a(\u2829"} {
		if got := string(value(appendText(nil, s)).appendText(nil)); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func FuzzLint(f *testing.F) {
	good := sample(f, A3a).Bytes
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(bytes.Replace(good, []byte("/Nums["), []byte("/Nums("), 1))
	f.Add(bytes.Replace(good, []byte("/K["), []byte("/K<"), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		// It must not crash, and must not pass what it cannot read.
		if err := Lint(data); err == nil && !bytes.HasPrefix(data, []byte("%PDF-1.7\n")) {
			t.Error("passes")
		}
	})
}
