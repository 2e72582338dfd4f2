package gen

import (
	"bytes"
	"fmt"
)

// GOST3412 returns the file of package gost3412 that is generated.
func GOST3412() (map[string][]byte, error) {
	var b bytes.Buffer
	b.WriteString(header)
	b.WriteString("package gost3412\n\n// pi is the substitution π of RFC 7801 §4.1.1, which is that of Streebog.\nvar pi = [256]byte{\n")
	for i, v := range streebogPi {
		fmt.Fprintf(&b, "%d,", v)
		if i%16 == 15 {
			b.WriteByte('\n')
		}
	}
	b.WriteString("}\n")
	return formatted(map[string][]byte{"pi.go": b.Bytes()})
}
