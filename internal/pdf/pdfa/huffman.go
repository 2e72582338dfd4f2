package pdfa

import (
	"math/bits"
	"slices"
)

// blockCode is a Huffman code for the blocks of a [deflater].
type blockCode struct {
	lit    [256]word
	length [256]word // by length less 3, with extra bits
	dist   [numDistances]word
	end    word
	head   []word // what each block begins with, after its first bit
	lines  bool   // repetitions are looked for by lines
}

// word is a code word, its bits in the order in which they are written.
type word struct {
	bits uint32
	n    uint8
}

const (
	endOfBlock   = 256
	numLiterals  = 286
	numDistances = 30
	maxWord      = 15 // bits of a code word (RFC 1951 §3.2.7)
	maxLenWord   = 7  // the same in the code of code lengths
)

// newBlockCode makes the code that suits sample best. Any other data can be
// written with it too.
func newBlockCode(sample []byte, inLines bool) *blockCode {
	lit, dist := make([]int, numLiterals), make([]int, numDistances)
	for _, r := range new(deflater).repetitions(sample, inLines) {
		for _, v := range sample[:r.plain] {
			lit[v]++
		}
		sample = sample[r.plain+r.length:]
		if r.length > 0 {
			symbol, _ := lengthCode(int(r.length - 3))
			lit[symbol]++
			symbol, _ = distanceCode(uint32(r.distance - 1))
			dist[symbol]++
		}
	}
	litLens, distLens := codeLengths(lit, maxWord), codeLengths(dist, maxWord)

	c := &blockCode{lines: inLines}
	words := codeWords(litLens)
	copy(c.lit[:], words)
	c.end = words[endOfBlock]
	for n := range c.length {
		symbol, extra := lengthCode(n)
		w := words[symbol]
		c.length[n] = word{w.bits | extra.bits<<w.n, w.n + extra.n}
	}
	copy(c.dist[:], codeWords(distLens))
	c.writeHead(slices.Concat(litLens, distLens))
	return c
}

// lengthCode returns the symbol and the extra bits of a length less 3 (RFC 1951
// §3.2.5).
func lengthCode(n int) (symbol uint32, extra word) {
	switch {
	case n < 8:
		return uint32(257 + n), word{}
	case n == maxMatch-3:
		return 285, word{}
	}
	k := bits.Len(uint(n)) - 3
	return uint32(257 + 4*k + n>>k), word{uint32(n & (1<<k - 1)), uint8(k)}
}

// distanceCode does the same for a distance less 1.
func distanceCode(d uint32) (symbol uint32, extra word) {
	if d < 4 {
		return d, word{}
	}
	k := uint32(bits.Len32(d)) - 2
	return 2*k + d>>k, word{d & (1<<k - 1), uint8(k)}
}

// codeLengths returns the lengths of a complete Huffman code in which every
// symbol has a word, of at most limit bits.
func codeLengths(counts []int, limit uint8) []uint8 {
	total := 1
	for _, n := range counts {
		total += n
	}
	// The more alike the weights, the less deep the tree.
	for scale := 1 << 15; ; scale /= 2 {
		weights := make([]int, len(counts))
		for i, n := range counts {
			weights[i] = 1 + n*scale/total
		}
		if lengths := huffman(weights); slices.Max(lengths) <= limit {
			return lengths
		}
	}
}

// huffman returns the depths of the leaves of a tree that brings together the
// two lightest nodes until one is left.
func huffman(weights []int) []uint8 {
	type node struct{ weight, left, right int }
	nodes := make([]node, len(weights), 2*len(weights))
	open := make([]int, len(weights)) // nodes without a parent, heaviest first
	for i, w := range weights {
		nodes[i].weight, open[i] = w, i
	}
	slices.SortStableFunc(open, func(a, b int) int { return nodes[b].weight - nodes[a].weight })
	for len(open) > 1 {
		n := len(open) - 2
		a, b := open[n], open[n+1]
		sum := nodes[a].weight + nodes[b].weight
		at, _ := slices.BinarySearchFunc(open[:n], sum, func(i, w int) int { return w - nodes[i].weight })
		open = slices.Insert(open[:n], at, len(nodes))
		nodes = append(nodes, node{sum, a, b})
	}
	depths := make([]uint8, len(nodes))
	for i := len(nodes) - 1; i >= len(weights); i-- {
		depths[nodes[i].left], depths[nodes[i].right] = depths[i]+1, depths[i]+1
	}
	return depths[:len(weights)]
}

// codeWords numbers the words of a code with these lengths (RFC 1951 §3.2.2).
func codeWords(lengths []uint8) []word {
	words := make([]word, len(lengths))
	next := uint32(0)
	for n := uint8(1); n <= maxWord; n++ {
		for symbol, l := range lengths {
			if l == n {
				words[symbol] = word{bits.Reverse32(next) >> (32 - n), n}
				next++
			}
		}
		next <<= 1
	}
	return words
}

// writeHead makes the beginning of a block with a code of its own: the lengths of
// the words, themselves in a code (RFC 1951 §3.2.7).
func (c *blockCode) writeHead(lengths []uint8) {
	// The lengths of symbols 16, 17, 18, 0, 8 … 15 come first. Those before 0
	// stand for runs, which are not used.
	order := [...]int{0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	counts := make([]int, len(order))
	for _, l := range lengths {
		counts[l]++
	}
	lenLens := codeLengths(counts, maxLenWord)
	// Words are joined as far as they fit: fewer are written per block.
	put := func(w word) {
		if k := len(c.head) - 1; k >= 0 && c.head[k].n+w.n <= 32 {
			c.head[k].bits |= w.bits << c.head[k].n
			c.head[k].n += w.n
			return
		}
		c.head = append(c.head, w)
	}
	put(word{2, 2})
	put(word{numLiterals - 257, 5})
	put(word{numDistances - 1, 5})
	put(word{uint32(len(order) + 3 - 4), 4})
	put(word{0, 9})
	for _, symbol := range order {
		put(word{uint32(lenLens[symbol]), 3})
	}
	words := codeWords(lenLens)
	for _, l := range lengths {
		put(words[l])
	}
}
