//go:build !unix

package registry

import "os"

// lockFile does nothing where there is no flock: one process at a time may then
// write with a FileAnchor.
func lockFile(*os.File) error { return nil }
