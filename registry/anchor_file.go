package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// FileAnchor keeps the checkpoint in a file, which should lie on another disk
// than the database. Beside it lies a lock file with the suffix ".lock".
type FileAnchor struct{ Path string }

// Load implements [Anchor].
func (f FileAnchor) Load(ctx context.Context) ([]byte, error) {
	b, err := os.ReadFile(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// Store implements [Anchor]. It returns when the file is durable.
func (f FileAnchor) Store(ctx context.Context, old, new []byte) (err error) {
	lock, err := os.OpenFile(f.Path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("registry: anchor: %w", err)
	}
	defer lock.Close() // ends the lock
	if err := lockFile(lock); err != nil {
		return fmt.Errorf("registry: lock anchor: %w", err)
	}
	now, err := f.Load(ctx)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, old) {
		return ErrAnchorConflict
	}
	return replaceFile(f.Path, new)
}

// replaceFile leaves either the old file or the new one, whatever happens.
func replaceFile(path string, data []byte) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, filepath.Base(path)+".tmp*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Sync()
	}
	if end := tmp.Close(); err == nil {
		err = end
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return err
	}
	return syncDir(dir)
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
