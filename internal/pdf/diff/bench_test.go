package diff_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pdf/diff"
)

// BenchmarkCompare opens and compares files with later revisions; open is what
// opening alone costs.
func BenchmarkCompare(b *testing.B) {
	for _, file := range []string{"legitimate/dss-p2", "legitimate/lta-p2", "legitimate/text-filled", "legitimate/large-filled", "legitimate/many-revisions"} {
		data := read(b, "testdata/"+file+".pdf")
		for _, compare := range []bool{false, true} {
			name := "open/" + file
			if compare {
				name = "compare/" + file
			}
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					doc, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
					if err != nil {
						b.Fatal(err)
					}
					if !compare {
						continue
					}
					if res, err := diff.Compare(context.Background(), doc, doc.Revisions()[0], diff.Options{DocMDP: 2}); err != nil || !res.Allowed {
						b.Fatal(res, err)
					}
				}
			})
		}
	}
}
