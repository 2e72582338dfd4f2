package gost3410

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// element is what every generated field type can do.
type element[T any] interface {
	*T
	setWords(*words)
	words() words
	add(x, y *T)
	sub(x, y *T)
	mul(x, y *T)
	sqr(x *T)
	neg(x *T)
	inv(x *T)
	setOne()
	isZero() bool
	equal(*T) bool
	pick(*T, uint64)
}

func TestFields(t *testing.T) {
	t.Run("256a", func(t *testing.T) { testField[fe256a](t, "CryptoPro-A", true) })
	t.Run("256b", func(t *testing.T) { testField[fe256b](t, "CryptoPro-B", false) })
	t.Run("256c", func(t *testing.T) { testField[fe256c](t, "CryptoPro-C", false) })
	t.Run("256t", func(t *testing.T) { testField[fe256t](t, "Test-256", false) })
	t.Run("512a", func(t *testing.T) { testField[fe512a](t, "TC26-512-A", true) })
	t.Run("512b", func(t *testing.T) { testField[fe512b](t, "TC26-512-B", false) })
	t.Run("512t", func(t *testing.T) { testField[fe512t](t, "Test-512", false) })
}

// testField compares every operation with math/big on random numbers and on
// those next to 0, p, powers of two and, where values may exceed p, 2^(64n).
func testField[T any, E element[T]](t *testing.T, curve string, unreduced bool) {
	p := refCurves()[curve].p
	top := p
	if unreduced {
		top = new(big.Int).Lsh(big.NewInt(1), uint(p.BitLen()))
	}
	random := rand.New(rand.NewPCG(7, uint64(p.BitLen())))
	var values []*big.Int
	for _, near := range []*big.Int{new(big.Int), p, top, new(big.Int).Rsh(top, 1), new(big.Int).Lsh(big.NewInt(1), 64), new(big.Int).Lsh(big.NewInt(1), 128)} {
		for _, d := range []int64{-6451, -618, -617, -2, -1, 0, 1, 2, 616, 617} {
			if v := new(big.Int).Add(near, big.NewInt(d)); v.Sign() >= 0 && v.Cmp(top) < 0 {
				values = append(values, v)
			}
		}
	}
	for range 30 {
		values = append(values, randomBelow(random, top))
	}
	mod := func(v *big.Int) *big.Int { return new(big.Int).Mod(v, p) }
	check := func(name string, got E, want *big.Int, args ...*big.Int) {
		if g := fromWords(got.words()); g.Cmp(mod(want)) != 0 {
			t.Fatalf("%s%x = %x, want %x", name, args, g, mod(want))
		}
	}
	for _, x := range values {
		var ex, z T
		wx := toWords(x)
		E(&ex).setWords(&wx)
		check("set", &ex, x, x)
		E(&z).sqr(&ex)
		check("sqr", &z, new(big.Int).Mul(x, x), x)
		E(&z).neg(&ex)
		check("neg", &z, new(big.Int).Neg(x), x)
		if E(&ex).isZero() != (mod(x).Sign() == 0) {
			t.Fatalf("isZero(%x)", x)
		}
		for _, y := range values {
			var ey T
			wy := toWords(y)
			E(&ey).setWords(&wy)
			E(&z).mul(&ex, &ey)
			check("mul", &z, new(big.Int).Mul(x, y), x, y)
			E(&z).add(&ex, &ey)
			check("add", &z, new(big.Int).Add(x, y), x, y)
			E(&z).sub(&ex, &ey)
			check("sub", &z, new(big.Int).Sub(x, y), x, y)
			if E(&ex).equal(&ey) != (mod(x).Cmp(mod(y)) == 0) {
				t.Fatalf("equal(%x, %x)", x, y)
			}
		}
	}
	for _, x := range values[len(values)-10:] {
		var ex, z T
		wx := toWords(x)
		E(&ex).setWords(&wx)
		E(&z).inv(&ex)
		check("inv", &z, new(big.Int).ModInverse(mod(x), p), x)
		E(&z).mul(&z, &ex)
		check("x·x⁻¹", &z, big.NewInt(1), x)
		E(&z).pick(&ex, 0)
		check("pick 0", &z, big.NewInt(1))
		E(&z).pick(&ex, ^uint64(0))
		check("pick 1", &z, x)
	}
	// Results may be arguments again: long chains must not leave the range.
	var chain T
	E(&chain).setOne()
	want := big.NewInt(1)
	for i := range 2000 {
		v := values[i%len(values)]
		w := toWords(v)
		var e T
		E(&e).setWords(&w)
		switch i % 4 {
		case 0:
			E(&chain).mul(&chain, &e)
			want.Mul(want, v)
		case 1:
			E(&chain).sub(&e, &chain)
			want.Sub(v, want)
		case 2:
			E(&chain).add(&chain, &e)
			want.Add(want, v)
		case 3:
			E(&chain).sqr(&chain)
			want.Mul(want, want)
		}
		want.Mod(want, p)
		check("chain", &chain, want)
	}
}

func TestModuli(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		q := &c.params.q
		if fromWords(q.m).Cmp(ref.q) != 0 || fromWords(c.params.p).Cmp(ref.p) != 0 {
			t.Fatal("p or q differs from the RFC")
		}
		limit := new(big.Int).Lsh(big.NewInt(1), uint(64*q.n))
		random := rand.New(rand.NewPCG(9, 9))
		for range 200 {
			x, y := randomBelow(random, limit), randomBelow(random, ref.q)
			wx, wy := toWords(x), toWords(y)
			mx := q.toMont(&wx)
			if got, want := fromWords(q.fromMont(&mx)), new(big.Int).Mod(x, ref.q); got.Cmp(want) != 0 {
				t.Fatalf("%x mod q = %x, want %x", x, got, want)
			}
			var z words
			q.mul(&z, &mx, &wy)
			if got, want := fromWords(z), new(big.Int).Mul(x, y); got.Cmp(want.Mod(want, ref.q)) != 0 {
				t.Fatalf("%x·%x = %x, want %x", x, y, got, want)
			}
			x.Mod(x, ref.q)
			wx = toWords(x)
			q.add(&z, &wx, &wy)
			if got, want := fromWords(z), new(big.Int).Add(x, y); got.Cmp(want.Mod(want, ref.q)) != 0 {
				t.Fatalf("%x+%x = %x, want %x", x, y, got, want)
			}
			q.neg(&z, &wy)
			if got, want := fromWords(z), new(big.Int).Sub(ref.q, y); got.Cmp(want) != 0 {
				t.Fatalf("−%x = %x, want %x", y, got, want)
			}
		}
		one := big.NewInt(1)
		values := []*big.Int{one, big.NewInt(2), new(big.Int).Sub(ref.q, one), new(big.Int).Rsh(ref.q, 1)}
		for i := range 2000 {
			v := randomBelow(random, ref.q)
			values = append(values, v.Rsh(v, uint(i)%uint(v.BitLen())))
		}
		for _, v := range values {
			w := toWords(v)
			if got, want := fromWords(q.inverse(&w)), new(big.Int).ModInverse(v, ref.q); got.Cmp(want) != 0 {
				t.Fatalf("%x⁻¹ = %x, want %x", v, got, want)
			}
		}
	})
}

func TestRecode(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 11))
	for _, n := range []int{4, 8} {
		limit := new(big.Int).Lsh(big.NewInt(1), uint(64*n))
		values := []*big.Int{new(big.Int), big.NewInt(1), new(big.Int).Sub(limit, big.NewInt(1)), new(big.Int).Rsh(limit, 1)}
		for range 100 {
			values = append(values, randomBelow(random, limit))
		}
		for _, v := range values {
			w := toWords(v)
			for window := uint(2); window <= 8; window++ {
				var f naf
				f.recode(&w, n, window)
				sum := new(big.Int)
				for i := len(f.digit) - 1; i >= 0; i-- {
					d := f.digit[i]
					if d != 0 && (i >= f.len || d%2 == 0 || abs(d) >= 1<<(window-1)) {
						t.Fatalf("digit %d of %x is %d, window %d, length %d", i, v, d, window, f.len)
					}
					sum.Lsh(sum, 1).Add(sum, big.NewInt(int64(d)))
				}
				if sum.Cmp(v) != 0 {
					t.Fatalf("naf(%x, %d) is %x", v, window, sum)
				}
			}
			digits := make([]int8, 16*n+1)
			signedDigits(digits, &w)
			sum := new(big.Int)
			for i := len(digits) - 1; i >= 0; i-- {
				size, negative := digitParts(digits[i])
				if size != uint64(abs(digits[i])) || (negative != 0) != (digits[i] < 0) || size > 8 {
					t.Fatalf("digit %d", digits[i])
				}
				sum.Lsh(sum, 4).Add(sum, big.NewInt(int64(digits[i])))
			}
			if sum.Cmp(v) != 0 {
				t.Fatalf("signedDigits(%x) is %x", v, sum)
			}
		}
	}
	for a := range uint64(9) {
		for b := range uint64(9) {
			if got := maskEqual(a, b); got != 0 && a != b || got != ^uint64(0) && a == b {
				t.Errorf("maskEqual(%d, %d) = %x", a, b, got)
			}
		}
	}
}

func randomBelow(random *rand.Rand, limit *big.Int) *big.Int {
	b := make([]byte, 72)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	v := new(big.Int).SetBytes(b)
	return v.Mod(v, limit)
}
