package registry

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// documentSuffix names the file of documents after the database.
const documentSuffix = "-documents"

// documentFile holds the documents without their shared prefixes, one behind
// the other. In the database they would be written twice, page by page, and
// stand between the records that lookup reads. The file is nothing by itself: a
// record says where in it its document begins, and log.documents where the last
// one ends. What lies behind that is left from a transaction that came to
// nothing, and is written over.
//
// A transaction writes its documents, syncs the file, and only then commits. So
// a committed record has its document, also when the power fails in between.
type documentFile struct {
	path string
	f    *os.File // nil if the file is missing
	room []byte   // zeros, see growBy
}

// openDocuments opens the file beside a database. That it is missing is noticed
// when it is needed, as the records are there without it.
func openDocuments(database string) (*documentFile, error) {
	d := &documentFile{path: database + documentSuffix}
	f, err := os.OpenFile(d.path, os.O_RDWR, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return d, nil
	case err != nil:
		return nil, err
	}
	d.f = f
	return d, nil
}

// makeDocuments makes the file for a database that has no documents. It is
// durable when the function returns.
func makeDocuments(database string) error {
	path := database + documentSuffix
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err == nil && st.Size() > 0 {
		err = fmt.Errorf("%w: %s belongs to another registry", ErrSchema, path)
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func (d *documentFile) size() (int64, error) {
	if d.f == nil {
		return 0, d.missing()
	}
	st, err := d.f.Stat()
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

func (d *documentFile) missing() error {
	return &CorruptError{Table: "document", Detail: d.path + " is missing"}
}

// read appends n bytes at position start to b.
func (d *documentFile) read(b []byte, start, n int64) ([]byte, error) {
	size, err := d.size()
	if err != nil {
		return nil, err
	}
	if start < 0 || n < 0 || start > size || n > size-start {
		return nil, &CorruptError{Table: "document", Detail: d.path + " is too short"}
	}
	old := len(b)
	b = append(b, make([]byte, n)...)
	if _, err := d.f.ReadAt(b[old:], start); err != nil && err != io.EOF {
		return nil, fmt.Errorf("registry: read document: %w", err)
	}
	return b, nil
}

// growBy is how much room is made at once: a sync is dear when the file has
// grown. What is half as large grows it by itself.
const growBy = 1 << 20

// write puts b at a position at or before the end of the file.
func (d *documentFile) write(b []byte, start int64) error {
	size, err := d.size()
	if err != nil {
		return err
	}
	if start+int64(len(b)) > size && len(b) < growBy/2 {
		if d.room == nil {
			d.room = make([]byte, growBy)
		}
		if _, err := d.f.WriteAt(d.room, size); err != nil {
			return documentError(err)
		}
	}
	_, err = d.f.WriteAt(b, start)
	return documentError(err)
}

func (d *documentFile) sync() error { return documentError(syncData(d.f)) }

func documentError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w (%w)", ErrFull, err)
	}
	return fmt.Errorf("registry: write document: %w", err)
}

// wipe overwrites n bytes.
func (d *documentFile) wipe(start, n int64) error {
	zeros := make([]byte, min(n, 1<<20))
	for ; n > 0; n -= int64(len(zeros)) {
		zeros = zeros[:min(n, int64(len(zeros)))]
		if err := d.write(zeros, start); err != nil {
			return err
		}
		start += int64(len(zeros))
	}
	return nil
}

// copy writes the first n bytes to a new file.
func (d *documentFile) copy(path string, n int64) (err error) {
	if d.f == nil {
		return d.missing()
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	got, err := io.Copy(f, io.NewSectionReader(d.f, 0, n))
	if err == nil && got < n {
		err = &CorruptError{Table: "document", Detail: d.path + " is too short"}
	}
	if err != nil {
		return err
	}
	return f.Sync()
}

func (d *documentFile) close() error {
	if d == nil || d.f == nil {
		return nil
	}
	return d.f.Close()
}
