package qr

import (
	"math/rand/v2"
	"testing"
)

// slowPenalty scores as ISO/IEC 18004 §7.8.3.1 words it, module by module.
func slowPenalty(c *Code) int {
	n, score := c.size, 0
	at := func(x, y int, turn bool) bool {
		if turn {
			x, y = y, x
		}
		return c.Black(x, y)
	}
	finder := []bool{true, false, true, true, true, false, true}
	for _, turn := range []bool{false, true} {
		for y := range n {
			for x := 0; x < n; {
				run := 1
				for x+run < n && at(x+run, y, turn) == at(x, y, turn) {
					run++
				}
				if run >= 5 {
					score += 3 + run - 5
				}
				x += run
			}
			for x := 0; x+7 <= n; x++ {
				found, before, after := true, true, true
				for i, want := range finder {
					found = found && at(x+i, y, turn) == want
				}
				for i := 1; i <= 4; i++ {
					before = before && !at(x-i, y, turn)
					after = after && !at(x+6+i, y, turn)
				}
				if found && (before || after) {
					score += 40
				}
			}
		}
	}
	dark := 0
	for y := range n {
		for x := range n {
			if c.Black(x, y) {
				dark++
			}
			if x+1 < n && y+1 < n && c.Black(x, y) == c.Black(x+1, y) &&
				c.Black(x, y) == c.Black(x, y+1) && c.Black(x, y) == c.Black(x+1, y+1) {
				score += 3
			}
		}
	}
	for percent := 5; ; percent += 5 {
		if 100*dark > (50-percent)*n*n && 100*dark < (50+percent)*n*n {
			return score
		}
		score += 10
	}
}

func TestPenaltyAgreesWithTheWording(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for v := 1; v <= MaxVersion; v++ {
		for round := range 300 {
			c := &Code{version: v, size: 17 + 4*v}
			for y := range c.size {
				c.rows[y] = r.Uint64() & (1<<c.size - 1)
				switch round % 5 { // make long runs, blocks and imbalance common
				case 1:
					c.rows[y] &= r.Uint64()
				case 2:
					c.rows[y] |= r.Uint64() & (1<<c.size - 1)
				case 3:
					if y > 0 && r.IntN(3) > 0 {
						c.rows[y] = c.rows[y-1]
					}
				case 4: // finder patterns in rows
					c.rows[y] |= 0b1011101 << r.IntN(c.size-6)
					c.rows[y] &^= 0b0100010 << r.IntN(c.size-6)
					c.rows[y] &= 1<<c.size - 1
				}
			}
			if got, want := penalty(&c.rows, c.size), slowPenalty(c); got != want {
				t.Fatalf("version %d, round %d: penalty %d, want %d", v, round, got, want)
			}
			var turned Code // the score does not change when the symbol is turned over
			turned.version, turned.size = v, c.size
			for y := range c.size {
				for x := range c.size {
					if c.Black(y, x) {
						turned.rows[y] |= 1 << x
					}
				}
			}
			if a, b := penalty(&c.rows, c.size), penalty(&turned.rows, c.size); a != b {
				t.Fatalf("version %d, round %d: %d in rows, %d in columns", v, round, a, b)
			}
		}
	}
}

func TestLeastPenaltyWins(t *testing.T) {
	var e Encoder
	for _, text := range []string{"https://reg.example/c/7", "0123456789012345", longURL(25, 330)} {
		c, err := e.Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		l := e.layouts[c.version].layout
		seen := make(map[int]int)
		for m := range numMasks {
			masked := *c
			for y := range c.size { // take the chosen mask off, put mask m on
				masked.rows[y] ^= l.base[c.mask][y] ^ l.base[m][y]
			}
			seen[m] = slowPenalty(&masked)
		}
		for m, p := range seen {
			if p < seen[c.mask] || p == seen[c.mask] && m < c.mask {
				t.Errorf("%.30s…: mask %d chosen with %d, but mask %d has %d", text, c.mask, seen[c.mask], m, p)
			}
		}
	}
}
