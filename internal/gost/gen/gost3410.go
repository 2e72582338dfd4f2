package gen

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed weierstrass.tmpl
var weierstrassText string

//go:embed edwards.tmpl
var edwardsText string

// fields are the primes of the parameter sets (RFC 4357 §11.4, RFC 7091 §7,
// RFC 7836 §5).
var fields = []field{
	{"256a", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97", 4, minus},
	{"256b", "8000000000000000000000000000000000000000000000000000000000000C99", 4, halfPlus},
	{"256c", "9B9F605F5A858107AB1EC85E6B41C8AACF846E86789051D37998F7B9022D759B", 4, montgomery},
	{"256t", "8000000000000000000000000000000000000000000000000000000000000431", 4, halfPlus},
	{"512a", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF" +
		"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC7", 8, minus},
	{"512b", "8000000000000000000000000000000000000000000000000000000000000000" +
		"000000000000000000000000000000000000000000000000000000000000006F", 8, halfPlus},
	{"512t", "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15D" +
		"F1D852741AF4704A0458047E80E4546D35B8336FAC224DD81664BBF528BE6373", 8, montgomery},
}

// GOST3410 returns the files of package gost3410 that are generated.
func GOST3410() (map[string][]byte, error) {
	files := map[string][]byte{"zmont.go": montFile(), "zparams.go": paramsFile()}
	for _, f := range fields {
		files["zfield"+f.name+".go"] = fieldFile(f)
		if err := group(files, "zgroup", weierstrassText, f); err != nil {
			return nil, err
		}
		if strings.HasSuffix(f.name, "a") {
			if err := group(files, "zedwards", edwardsText, f); err != nil {
				return nil, err
			}
		}
	}
	return formatted(files)
}

func group(files map[string][]byte, prefix, text string, f field) error {
	t, err := template.New(prefix).Parse(text)
	if err != nil {
		return fmt.Errorf("gen: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(header)
	// Digits of radix 16 with signs: one more than without.
	data := map[string]any{"Name": f.name, "FE": f.typ(), "N": f.n, "Digits": 16*f.n + 1, "A3": !strings.HasSuffix(f.name, "t")}
	if err := t.Execute(&b, data); err != nil {
		return fmt.Errorf("gen: %w", err)
	}
	files[prefix+f.name+".go"] = b.Bytes()
	return nil
}

// montFile writes Montgomery multiplication for moduli that are data: the
// orders of the groups.
func montFile() []byte {
	var s source
	s.WriteString(header)
	s.WriteString(carryNote)
	s.f("package gost3410\n\nimport \"math/bits\"\n")
	for _, n := range []int{4, 8} {
		s.f("// montMul%d sets z = x·y/2^%d mod m, below m.", n, 64*n)
		s.f("func montMul%d(z, x, y *words, m *modulus) {", n)
		s.product(n)
		s.montgomeryRows(n, func(j int) string { return fmt.Sprintf("m.m[%d]", j) }, "m.inv")
		s.f("var b uint64")
		s.declare("d", n)
		for j := range n {
			s.chain("Sub", fmt.Sprintf("d%d", j), "b", fmt.Sprintf("t%d", n+j), fmt.Sprintf("m.m[%d]", j), j == 0)
		}
		s.f("_, b = bits.Sub64(top, 0, b)\nb = -b")
		for j := range n {
			s.f("z[%d] = d%d ^ b&(d%d^t%d)", j, j, j, n+j)
		}
		s.f("}\n")
	}
	return s.Bytes()
}
