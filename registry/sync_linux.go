package registry

import (
	"os"
	"syscall"
)

// syncData is Sync without the times of the file.
func syncData(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if err != syscall.EINTR {
			return err
		}
	}
}
