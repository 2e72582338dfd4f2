package office

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
)

// folder puts issued documents into a folder, as NUMBER.pdf. The registry has
// each document anyway, so a file that a crash left out, or cut short, is made
// anew when the same request is repeated or by [Office.Export].
type folder struct {
	dir string
	one *sync.Mutex // held while a file is made
}

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
	// The kernel makes the entries of one folder one after another; many callers
	// at once would only burn processor time waiting for it.
	f.one.Lock()
	defer f.one.Unlock()
	if err := replaceFile(path, issued.Document); err != nil {
		return fmt.Errorf("office: write document: %w", err)
	}
	return nil
}

// replaceFile gives a file its real name when it is whole. The name before is
// new each time, and never one that is there: nothing is written through a link,
// and processes do not meet.
func replaceFile(path string, data []byte) error {
	var r [8]byte
	rand.Read(r[:])
	part := filepath.Join(filepath.Dir(path), ".part-"+hex.EncodeToString(r[:]))
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}

// has reports whether the file of a record is there with the right bytes.
func (f folder) has(rec *registry.Record) bool {
	data, err := os.ReadFile(f.path(rec.Certificate.Number))
	return err == nil && int64(len(data)) == rec.DocumentSize && sha256.Sum256(data) == rec.DocumentSHA256
}
