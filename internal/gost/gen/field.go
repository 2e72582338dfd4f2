package gen

import (
	"bytes"
	"fmt"
	"math/big"
)

// A shape of prime decides how a product of 2n words is folded back to n.
type shape int

const (
	minus      shape = iota // p = 2^(64n) − k: fold the upper half times k; values stay below 2^(64n), not p
	halfPlus                // p = 2^(64n−1) + k: fold the upper half times −2k
	montgomery              // any odd p, values kept times 2^(64n)
)

// field describes one generated prime field.
type field struct {
	name  string // suffix of the Go names: fe<name>
	prime string // hexadecimal
	n     int    // 64-bit words
	shape shape
}

func (f field) typ() string { return "fe" + f.name }

func (f field) p() *big.Int {
	p, ok := new(big.Int).SetString(f.prime, 16)
	if !ok {
		panic("gen: prime of " + f.name)
	}
	return p
}

// small returns k of the shape.
func (f field) small() uint64 {
	k := new(big.Int)
	switch f.shape {
	case minus:
		k.Sub(k.Lsh(big.NewInt(1), uint(64*f.n)), f.p())
	case halfPlus:
		k.Sub(f.p(), k.Lsh(big.NewInt(1), uint(64*f.n-1)))
	default:
		panic("gen: shape without k")
	}
	return k.Uint64()
}

// words splits v into n words, least significant first.
func words(v *big.Int, n int) []uint64 {
	out := make([]uint64, n)
	for i := range out {
		out[i] = new(big.Int).Rsh(v, uint(64*i)).Uint64()
	}
	return out
}

// negInverse returns −p⁻¹ mod 2⁶⁴.
func negInverse(p *big.Int) uint64 {
	m := new(big.Int).Lsh(big.NewInt(1), 64)
	return -new(big.Int).ModInverse(p, m).Uint64()
}

// source collects lines of Go.
type source struct{ bytes.Buffer }

func (s *source) f(format string, args ...any) { fmt.Fprintf(&s.Buffer, format+"\n", args...) }

// carry writes an addition or subtraction of one word in a chain: the first
// takes no carry in.
func (s *source) chain(op, sum, carry, x, y string, first bool) {
	in := carry
	if first {
		in = "0"
	}
	s.f("%s, %s = bits.%s64(%s, %s, %s)", sum, carry, op, x, y, in)
}

func (s *source) declare(prefix string, n int) {
	for i := range n {
		s.f("var %s%d uint64", prefix, i)
	}
}

func fieldFile(f field) []byte {
	var s source
	p := words(f.p(), f.n)
	s.WriteString(header)
	s.WriteString(carryNote)
	s.f("package gost3410\n\nimport \"math/bits\"\n")
	switch f.shape {
	case minus:
		s.f("// %s is a number modulo p = 2^%d − %d. It may be any value below 2^%d;\n// words returns the one below p.", f.typ(), 64*f.n, f.small(), 64*f.n)
	case halfPlus:
		s.f("// %s is a number modulo p = 2^%d + %d, always below p.", f.typ(), 64*f.n-1, f.small())
	case montgomery:
		s.f("// %s is a number times 2^%d modulo p = %#x, always below p.", f.typ(), 64*f.n, f.p())
	}
	s.f("type %s [%d]uint64\n", f.typ(), f.n)
	s.f("// p%s is p, least significant word first.", f.name)
	s.f("var p%s = %s{", f.name, f.typ())
	for _, w := range p {
		s.f("%#016x,", w)
	}
	s.f("}\n")
	s.conversions(f)
	s.addSub(f)
	s.f("// mul sets z = x·y mod p.\nfunc (z *%s) mul(x, y *%s) {", f.typ(), f.typ())
	s.product(f.n)
	s.fold(f)
	s.f("}\n\n// sqr sets z = x² mod p.\nfunc (z *%s) sqr(x *%s) {", f.typ(), f.typ())
	s.square(f.n)
	s.fold(f)
	s.f("}\n")
	s.rest(f)
	return s.Bytes()
}

// conversions between the field's own form and plain words below p.
func (s *source) conversions(f field) {
	t := f.typ()
	s.f("// setWords sets z to the number w, which is below p.\nfunc (z *%s) setWords(w *words) {", t)
	s.f("copy(z[:], w[:%d])", f.n)
	if f.shape == montgomery {
		r2 := new(big.Int).Lsh(big.NewInt(1), uint(128*f.n))
		s.f("z.mul(z, &%s{", t)
		for _, w := range words(r2.Mod(r2, f.p()), f.n) {
			s.f("%#016x,", w)
		}
		s.f("})")
	}
	s.f("}\n\n// words returns the number x as plain words below p.\nfunc (x *%s) words() (w words) {", t)
	switch f.shape {
	case halfPlus:
		s.f("copy(w[:], x[:])")
	case montgomery:
		s.f("var r %s\nr.mul(x, &%s{1})\ncopy(w[:], r[:])", t, t)
	case minus:
		s.f("var b uint64")
		for i := range f.n {
			s.chain("Sub", fmt.Sprintf("w[%d]", i), "b", fmt.Sprintf("x[%d]", i), fmt.Sprintf("p%s[%d]", f.name, i), i == 0)
		}
		s.f("for i := range x {\nw[i] ^= (w[i] ^ x[i]) & -b\n}")
	}
	s.f("return w\n}\n")
}

func (s *source) addSub(f field) {
	t, p := f.typ(), words(f.p(), f.n)
	xi := func(i int) string { return fmt.Sprintf("x[%d]", i) }
	yi := func(i int) string { return fmt.Sprintf("y[%d]", i) }
	ti := func(i int) string { return fmt.Sprintf("t%d", i) }

	s.f("// add sets z = x + y mod p.\nfunc (z *%s) add(x, y *%s) {", t, t)
	s.f("var c uint64")
	s.declare("t", f.n)
	for i := range f.n {
		s.chain("Add", ti(i), "c", xi(i), yi(i), i == 0)
	}
	if f.shape == minus {
		s.wrap(f, "Add")
	} else {
		s.reduceOnce(f, "c")
	}
	s.f("}\n")

	s.f("// sub sets z = x − y mod p.\nfunc (z *%s) sub(x, y *%s) {", t, t)
	s.f("var c uint64")
	s.declare("t", f.n)
	for i := range f.n {
		s.chain("Sub", ti(i), "c", xi(i), yi(i), i == 0)
	}
	if f.shape == minus {
		s.wrap(f, "Sub")
	} else {
		s.f("m := -c")
		for i := range f.n {
			s.chain("Add", fmt.Sprintf("z[%d]", i), "c", ti(i), mask("m", p[i]), i == 0)
		}
	}
	s.f("}\n")
}

// mask is m & word, written so that constants fold.
func mask(m string, word uint64) string {
	switch word {
	case 0:
		return "0"
	case ^uint64(0):
		return m
	}
	return fmt.Sprintf("%s&%#x", m, word)
}

// wrap ends an addition or subtraction for p = 2^(64n) − k: a carry c out of
// the top is worth k. A second carry can only follow from a value near the end
// of the range, and then the lowest word has room for k.
func (s *source) wrap(f field, op string) {
	k := f.small()
	for i := range f.n {
		y := "0"
		if i == 0 {
			y = fmt.Sprintf("-c&%d", k)
		}
		s.chain(op, fmt.Sprintf("t%d", i), "c", fmt.Sprintf("t%d", i), y, i == 0)
	}
	sign := map[string]string{"Add": "+", "Sub": "-"}[op]
	s.f("z[0] = t0 %s -c&%d", sign, k)
	for i := 1; i < f.n; i++ {
		s.f("z[%d] = t%d", i, i)
	}
}

// reduceOnce stores t − p if the number (top, t) is not below p, else t.
func (s *source) reduceOnce(f field, top string) {
	p := words(f.p(), f.n)
	s.f("var b uint64")
	s.declare("d", f.n)
	for i := range f.n {
		s.chain("Sub", fmt.Sprintf("d%d", i), "b", fmt.Sprintf("t%d", i), fmt.Sprintf("%#x", p[i]), i == 0)
	}
	if top != "" {
		s.f("_, b = bits.Sub64(%s, 0, b)", top)
	}
	s.f("b = -b")
	for i := range f.n {
		s.f("z[%d] = d%d ^ b&(d%d^t%d)", i, i, i, i)
	}
}
