// Command gostgen writes the generated sources of one GOST package into the
// current folder: gostgen streebog | gost3410 | gost3412.
package main

import (
	"fmt"
	"os"

	"github.com/vidimus/vidimus/internal/gost/gen"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gostgen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: gostgen streebog|gost3410|gost3412")
	}
	make := map[string]func() (map[string][]byte, error){
		"streebog": gen.Streebog,
		"gost3410": gen.GOST3410,
		"gost3412": gen.GOST3412,
	}[args[0]]
	if make == nil {
		return fmt.Errorf("no package %q", args[0])
	}
	files, err := make()
	if err != nil {
		return err
	}
	for name, src := range files {
		if err := os.WriteFile(name, src, 0o644); err != nil {
			return err
		}
	}
	return nil
}
