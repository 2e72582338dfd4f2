package qr

import "math/bits"

// penalty scores a masked symbol by the four features of ISO/IEC 18004 §7.8.3.1,
// on whole rows at once: bit x of rows[y] is the module in column x, 1 is dark.
//
// Feature 3 looks for light modules outside the symbol too, since a reader sees
// the quiet zone there; all rows beyond size are light.
func penalty(rows *[maxSize]uint64, size int) int {
	const n1, n2, n3, n4 = 3, 3, 40, 10
	var (
		all   = uint64(1)<<size - 1 // columns of modules
		pairs = all >> 1            // columns x such that x+1 is a module too

		longRuns, runModules int // feature 1
		blocks               int // feature 2
		finders              int // feature 3
		dark                 int // feature 4
	)

	// r holds rows with margins, so that looking up to ten rows on and four back
	// needs no test; same[y] has the columns whose modules in y and y+1 are equal.
	const margin, ahead = 4, 10
	var r [margin + maxSize + ahead]uint64
	copy(r[margin:], rows[:size])
	var same [maxSize + 4]uint64
	for y := range size - 1 {
		same[y] = ^(rows[y] ^ rows[y+1]) & all
	}

	var prev uint64 // run ends of the row before, for columns
	for y := range size {
		a := rows[y]
		dark += bits.OnesCount64(a)

		// 1: five or more modules in line of one colour: 3 for five, 1 for each
		// further one. A run of n modules is n−1 equal pairs, so n−4 times four
		// equal pairs in line: count these, and the runs by their first.
		eq := ^(a ^ a>>1) & pairs
		h := eq & (eq >> 1) & (eq >> 2) & (eq >> 3)
		v := same[y] & same[y+1] & same[y+2] & same[y+3]
		runModules += bits.OnesCount64(h) + bits.OnesCount64(v)
		longRuns += bits.OnesCount64(h&^(h<<1)) + bits.OnesCount64(v&^prev)
		prev = v

		// 2: blocks of 2×2 modules of one colour; a block of m×n counts (m−1)(n−1).
		blocks += bits.OnesCount64(same[y] & (same[y] >> 1) & eq)

		// 3: dark and light 1:1:3:1:1 in line with four light modules before or
		// after: what a reader takes for a finder pattern.
		f := a &^ (a >> 1) & (a >> 2) & (a >> 3) & (a >> 4) &^ (a >> 5) & (a >> 6)
		if f != 0 {
			before := a<<1 | a<<2 | a<<3 | a<<4
			after := a>>7 | a>>8 | a>>9 | a>>10
			finders += bits.OnesCount64(f &^ (before & after))
		}
		c := r[y : y+margin+ahead+1]
		f = c[4] &^ c[5] & c[6] & c[7] & c[8] &^ c[9] & c[10]
		if f != 0 {
			before := c[0] | c[1] | c[2] | c[3]
			after := c[11] | c[12] | c[13] | c[14]
			finders += bits.OnesCount64(f &^ (before & after))
		}
	}

	// 4: each full 5 % by which the dark modules are off one half.
	total := size * size
	off := 2*dark - total
	if off < 0 {
		off = -off
	}
	steps := 10 * off / total

	return (n1-1)*longRuns + runModules + n2*blocks + n3*finders + n4*steps
}
