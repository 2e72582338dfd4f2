//go:build unix

package registry

import (
	"os"
	"syscall"
)

// lockFile waits for an exclusive lock, which ends when f is closed or its
// process dies.
func lockFile(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err != syscall.EINTR {
			return err
		}
	}
}
