package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
)

// folder puts issued documents into a folder, as NUMBER.pdf. The registry has
// each document anyway, so a file that a crash left out, or cut short, is made
// anew when the same request is repeated or by [Office.Export].
type folder struct{ dir string }

// Path returns where the document of a certificate is put.
func (f folder) path(n vidimus.Number) string { return filepath.Join(f.dir, n.String()+".pdf") }

// Publish implements vidimus.Publisher.
func (f folder) Publish(_ context.Context, issued *vidimus.Issued) error {
	path := f.path(issued.Certificate.Number)
	if issued.Repeated {
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, issued.Document) {
			return nil
		}
	}
	// A name that is ours alone: a half-written file never has the real one.
	tmp := path + ".part"
	if err := os.WriteFile(tmp, issued.Document, 0o644); err != nil {
		return fmt.Errorf("office: write document: %w", err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("office: write document: %w", err)
	}
	return nil
}

// has reports whether the file of a record is there with the right bytes.
func (f folder) has(rec *registry.Record) bool {
	data, err := os.ReadFile(f.path(rec.Certificate.Number))
	return err == nil && int64(len(data)) == rec.DocumentSize && sha256.Sum256(data) == rec.DocumentSHA256
}
