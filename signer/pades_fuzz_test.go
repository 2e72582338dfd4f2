package signer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/pdf"
)

// FuzzSignPDF: a document is refused without output, or signed so that our
// reader opens the result and finds the signature. The objects are mutated, the
// cross-reference around them is right, so that mutants get far.
func FuzzSignPDF(f *testing.F) {
	for _, v := range vectors {
		o := append(slices.Clone(v.objects), make([]string, 8)...)
		f.Add(o[0], o[1], o[2], o[4], o[5], o[6], v.trailer, v.opt.Field)
	}
	id := testPKI(f, KeyP256).Signer
	f.Fuzz(func(t *testing.T, catalog, pages, page, five, six, seven, trailer, field string) {
		doc := vector{objects: []string{catalog, pages, page, plainText, five, six, seven}, trailer: trailer}.build()
		signed, err := signBytes(id, doc, PDFOptions{Field: field})
		if err != nil {
			if len(signed) > 0 {
				t.Errorf("%d bytes written in spite of %v", len(signed), err)
			}
			return
		}
		again, err := pdf.Open(bytes.NewReader(signed), int64(len(signed)), nil)
		if err != nil {
			t.Fatalf("signed document: %v", err)
		}
		s, err := survey(again)
		if err != nil {
			t.Fatalf("signed document: %v", err)
		}
		if !s.signed {
			t.Error("no signature found")
		}
	})
}

// FuzzPrepared: whatever is read back embeds a right signature into the
// document it was made for, or refuses.
func FuzzPrepared(f *testing.F) {
	p := testPKI(f, KeyEd25519)
	doc := vectors["plain"].build()
	prepared, err := p.Signer.PreparePDF(context.Background(), bytes.NewReader(doc), int64(len(doc)), PDFOptions{})
	if err != nil {
		f.Fatal(err)
	}
	stored, _ := json.Marshal(prepared)
	f.Add(stored)
	f.Add([]byte(strings.Replace(string(stored), `"size":`, `"size":1`, 1)))
	f.Add([]byte(`{"schema":"vidimus.prepared/1"}`))
	f.Fuzz(func(t *testing.T, stored []byte) {
		var p Prepared
		if err := json.Unmarshal(stored, &p); err != nil {
			return
		}
		var out bytes.Buffer
		err := p.Embed(context.Background(), &out, bytes.NewReader(doc), make([]byte, 64))
		if !errors.Is(err, ErrSignature) && !errors.Is(err, ErrHole) || out.Len() > 0 {
			t.Errorf("embedded zeros: %v, %d bytes", err, out.Len())
		}
	})
}
