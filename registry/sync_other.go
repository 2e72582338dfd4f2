//go:build !linux

package registry

import "os"

func syncData(f *os.File) error { return f.Sync() }
