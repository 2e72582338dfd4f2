package streebog

import (
	"math/bits"
)

// compress is g_N(h, m) of RFC 6986 §7 with N = 8·length:
// h ← E(LPSX(h ⊕ N), m) ⊕ h ⊕ m.
func compress(h, m *[8]uint64, length uint64) {
	n := [8]uint64{length << 3, length >> 61}
	tab := &lps
	var k, t [8]uint64
	lpsx(&k, h, &n, tab)
	t = *m
	for i := range roundC {
		// The state and the next round key both need only this round's key.
		lpsx(&t, &t, &k, tab)
		lpsx(&k, &k, &roundC[i], tab)
	}
	for i := range h {
		h[i] ^= t[i] ^ k[i] ^ m[i]
	}
}

// addBlock adds m to the checksum Σ modulo 2⁵¹².
func addBlock(sigma, m *[8]uint64) {
	var c uint64
	for i := range sigma {
		sigma[i], c = bits.Add64(sigma[i], m[i], c)
	}
}
