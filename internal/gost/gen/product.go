package gen

import "fmt"

// product writes t0…t(2n−1) = x·y, row by row: each row's high and low halves
// are joined first, then added, so that every carry chain is unbroken.
func (s *source) product(n int) {
	for i := range n {
		s.f("x%d, y%d := x[%d], y[%d]", i, i, i, i)
	}
	s.f("var c uint64")
	for i := range n {
		for j := range n {
			s.f("h%d_%d, l%d_%d := bits.Mul64(x%d, y%d)", i, j, i, j, i, j)
		}
		s.addRow(i, 0, n, i == 0)
	}
}

// addRow adds the row of products h·_j, l·_j for j from `from` to n−1 to t at
// word i+from on. fresh says that t has nothing there yet.
func (s *source) addRow(i, from, n int, fresh bool) {
	l := func(j int) string { return fmt.Sprintf("l%d_%d", i, j) }
	h := func(j int) string { return fmt.Sprintf("h%d_%d", i, j) }
	t := func(j int) string { return fmt.Sprintf("t%d", i+j) }
	for j := from + 1; j < n; j++ {
		s.chain("Add", l(j), "c", l(j), h(j-1), j == from+1)
	}
	if n-from > 1 {
		s.f("%s += c", h(n-1))
	}
	if fresh {
		for j := from; j < n; j++ {
			s.f("%s := %s", t(j), l(j))
		}
		s.f("%s := %s", t(n), h(n-1))
		return
	}
	for j := from; j < n; j++ {
		s.chain("Add", t(j), "c", t(j), l(j), j == from)
	}
	s.f("%s := %s + c", t(n), h(n-1))
}

// square writes t0…t(2n−1) = x²: the products of different words once, doubled,
// then the squares of the words.
func (s *source) square(n int) {
	for i := range n {
		s.f("x%d := x[%d]", i, i)
	}
	s.f("var c uint64")
	for i := range n - 1 {
		for j := i + 1; j < n; j++ {
			s.f("h%d_%d, l%d_%d := bits.Mul64(x%d, x%d)", i, j, i, j, i, j)
		}
		if i == 0 {
			s.addRow(0, 1, n, true)
			continue
		}
		s.addRow(i, i+1, n, false)
	}
	for k := 1; k < 2*n-1; k++ {
		s.chain("Add", fmt.Sprintf("t%d", k), "c", fmt.Sprintf("t%d", k), fmt.Sprintf("t%d", k), k == 1)
	}
	s.f("t%d := c", 2*n-1)
	for i := range n {
		s.f("h%d_%d, l%d_%d := bits.Mul64(x%d, x%d)", i, i, i, i, i, i)
	}
	s.f("t0 := l0_0")
	s.f("t1, c = bits.Add64(t1, h0_0, 0)")
	for i := 1; i < n; i++ {
		s.f("t%d, c = bits.Add64(t%d, l%d_%d, c)", 2*i, 2*i, i, i)
		s.f("t%d, c = bits.Add64(t%d, h%d_%d, c)", 2*i+1, 2*i+1, i, i)
	}
}

// fold reduces t0…t(2n−1) to z.
func (s *source) fold(f field) {
	n := f.n
	switch f.shape {
	case minus:
		s.foldMultiple(n, f.small())
		for j := range n {
			s.chain("Add", fmt.Sprintf("t%d", j), "c", fmt.Sprintf("t%d", j), fmt.Sprintf("m%d", j), j == 0)
		}
		s.f("t0, c = bits.Add64(t0, (g%d+c)*%d, 0)", n-1, f.small())
		for j := 1; j < n; j++ {
			s.chain("Add", fmt.Sprintf("t%d", j), "c", fmt.Sprintf("t%d", j), "0", false)
		}
		// After a carry here the value is below 2³², so there is room for k.
		s.f("z[0] = t0 + -c&%d", f.small())
		for j := 1; j < n; j++ {
			s.f("z[%d] = t%d", j, j)
		}
	case halfPlus:
		k := 2 * f.small()
		s.foldMultiple(n, k)
		for j := range n {
			s.chain("Sub", fmt.Sprintf("t%d", j), "c", fmt.Sprintf("t%d", j), fmt.Sprintf("m%d", j), j == 0)
		}
		s.f("t0, c = bits.Add64(t0, (g%d+c)*%d, 0)", n-1, k)
		for j := 1; j < n; j++ {
			s.chain("Add", fmt.Sprintf("t%d", j), "c", fmt.Sprintf("t%d", j), "0", false)
		}
		// A carry here leaves less than 2³² and is worth −2k, that is p − 2k > 0.
		s.f("c = -c")
		rest := words(f.p(), n)
		rest[0] -= k
		borrow := rest[0] > -k
		for j := 1; borrow && j < n; j++ {
			rest[j]--
			borrow = rest[j] == ^uint64(0)
		}
		s.f("var e uint64")
		for j := range n {
			s.chain("Add", fmt.Sprintf("t%d", j), "e", fmt.Sprintf("t%d", j), mask("c", rest[j]), j == 0)
		}
		s.reduceOnce(f, "")
	case montgomery:
		s.montgomeryRows(n, func(j int) string { return fmt.Sprintf("%#x", words(f.p(), n)[j]) },
			fmt.Sprintf("%#x", negInverse(f.p())))
		for j := range n {
			s.f("t%d = t%d", j, n+j)
		}
		s.reduceOnce(f, "top")
	}
}

// foldMultiple writes (g(n−1), m(n−1)…m0) = k times the upper half of t.
func (s *source) foldMultiple(n int, k uint64) {
	for j := range n {
		s.f("g%d, m%d := bits.Mul64(t%d, %d)", j, j, n+j, k)
	}
	for j := 1; j < n; j++ {
		s.chain("Add", fmt.Sprintf("m%d", j), "c", fmt.Sprintf("m%d", j), fmt.Sprintf("g%d", j-1), j == 1)
	}
	s.f("g%d += c", n-1)
}

// montgomeryRows adds multiples of p to t until its lower half is zero; the
// result, up to one p too large, is in the upper half and top.
func (s *source) montgomeryRows(n int, p func(int) string, inv string) {
	s.f("var q, top uint64")
	for i := range n {
		s.f("q = t%d * %s", i, inv)
		for j := range n {
			s.f("u%d_%d, v%d_%d := bits.Mul64(q, %s)", i, j, i, j, p(j))
		}
		for j := 1; j < n; j++ {
			s.chain("Add", fmt.Sprintf("v%d_%d", i, j), "c", fmt.Sprintf("v%d_%d", i, j), fmt.Sprintf("u%d_%d", i, j-1), j == 1)
		}
		s.f("top += u%d_%d + c", i, n-1) // below 2⁶⁴: the row is q·p, its top word is at most 2⁶⁴−2
		for j := range n {
			s.chain("Add", fmt.Sprintf("t%d", i+j), "c", fmt.Sprintf("t%d", i+j), fmt.Sprintf("v%d_%d", i, j), j == 0)
		}
		s.f("t%d, top = bits.Add64(t%d, top, c)", i+n, i+n)
	}
}
