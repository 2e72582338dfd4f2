package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
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
	// A new name each time, and never one that is there: a half-written file never
	// has the real name, and nothing is written through a link.
	tmp, err := os.CreateTemp(f.dir, ".part-*")
	if err != nil {
		return fmt.Errorf("office: write document: %w", err)
	}
	_, err = tmp.Write(issued.Document)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("office: write document: %w", errors.Join(err, os.Remove(tmp.Name())))
	}
	return nil
}

// has reports whether the file of a record is there with the right bytes.
func (f folder) has(rec *registry.Record) bool {
	data, err := os.ReadFile(f.path(rec.Certificate.Number))
	return err == nil && int64(len(data)) == rec.DocumentSize && sha256.Sum256(data) == rec.DocumentSHA256
}
