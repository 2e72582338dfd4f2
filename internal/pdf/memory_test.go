package pdf

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// A file read from memory, with borrowed decoders, gives what it gives from a
// reader: the same warnings, objects, stream data and errors.
func TestMemoryReadsAlike(t *testing.T) {
	files, err := filepath.Glob("testdata/vectors/*.pdf")
	if err != nil || len(files) < 50 {
		t.Fatal("vectors are missing", err)
	}
	var scratch Scratch
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := transcript(Open(bytes.NewReader(data), int64(len(data)), &Options{AllowLocked: true}))
		for range 2 { // the second time with used decoders
			got := transcript(Open(Memory(data), int64(len(data)), &Options{AllowLocked: true, Scratch: &scratch}))
			if got != want {
				t.Errorf("%s:\n%s\nfrom a reader:\n%s", name, got, want)
			}
		}
	}
}

func transcript(d *Document, err error) string {
	if err != nil {
		return err.Error()
	}
	var b bytes.Buffer
	for _, r := range d.Revisions() {
		fmt.Fprintln(&b, r.Start, r.End, r.XRefOffset)
		for e, err := range r.Entries() {
			ref := e.Ref
			o, errGet := r.Get(ref)
			fmt.Fprintf(&b, "%v %v %T %v\n", ref, err, o, errGet) // pointers inside would differ
			if s, ok := o.(*Stream); ok {
				data, err := s.Decode(1 << 20)
				fmt.Fprintf(&b, "%d %x %v\n", len(data), data[:min(len(data), 64)], err)
			}
		}
	}
	fmt.Fprintln(&b, d.Warnings())
	return b.String()
}
