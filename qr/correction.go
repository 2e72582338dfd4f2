package qr

import "encoding/binary"

// correctionM has, by version, the blocks and the codewords of error correction in
// each at level M (ISO/IEC 18004 §6.5.1, table 9).
var correctionM = [MaxVersion + 1]struct{ blocks, check int }{
	1: {1, 10}, 2: {1, 16}, 3: {1, 26}, 4: {2, 18}, 5: {2, 24}, 6: {4, 16},
	7: {4, 18}, 8: {4, 22}, 9: {5, 22}, 10: {5, 26}, 11: {5, 30},
}

// maxCheck is the most codewords of error correction in a block of correctionM.
const maxCheck = 30

// divider computes remainders of polynomials over GF(2⁸), ISO/IEC 18004 §7.5.2:
// by bytes, with a row of the table for each. A remainder has its highest
// coefficient in the highest byte of its first word.
type divider struct {
	check int
	rows  [256][maxCheck/8 + 1]uint64 // the generator without its 1, times this
}

func newDivider(check int) *divider {
	// The generator is the product of x − αⁱ for i from 0, where α is 2.
	generator := make([]byte, check) // highest coefficient first, without the 1
	root := byte(1)
	for range check {
		// times x, plus root times what was there
		leading := byte(1)
		for i := range generator {
			generator[i], leading = times(leading, root)^generator[i], generator[i]
		}
		root = times(root, 2)
	}
	d := &divider{check: check}
	for f := 1; f < len(d.rows); f++ {
		if rest := f & (f - 1); rest != 0 { // two rows that are there already
			for i := range d.rows[f] {
				d.rows[f][i] = d.rows[rest][i] ^ d.rows[f^rest][i]
			}
			continue
		}
		var row [8 * len(d.rows[0])]byte
		for i, g := range generator {
			row[i] = times(byte(f), g)
		}
		for i := range d.rows[f] {
			d.rows[f][i] = binary.BigEndian.Uint64(row[8*i:])
		}
	}
	return d
}

// times multiplies modulo x⁸ + x⁴ + x³ + x² + 1.
func times(a, b byte) (p byte) {
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			p ^= a
		}
		carry := a >> 7
		a = a<<1 ^ carry*0x1d
	}
	return p
}

// append appends the codewords of error correction of one block.
func (d *divider) append(dst, data []byte) []byte {
	var r0, r1, r2, r3 uint64
	for _, c := range data {
		row := &d.rows[c^byte(r0>>56)]
		r0 = (r0<<8 | r1>>56) ^ row[0]
		r1 = (r1<<8 | r2>>56) ^ row[1]
		r2 = (r2<<8 | r3>>56) ^ row[2]
		r3 = r3<<8 ^ row[3]
	}
	var b [32]byte
	binary.BigEndian.PutUint64(b[0:], r0)
	binary.BigEndian.PutUint64(b[8:], r1)
	binary.BigEndian.PutUint64(b[16:], r2)
	binary.BigEndian.PutUint64(b[24:], r3)
	return append(dst, b[:d.check]...)
}

// correct appends the codewords of error correction of all blocks to those of the
// data. The last blocks may have one more of data than the first.
func (l *layout) correct(data []byte) []byte {
	blocks := correctionM[l.version].blocks
	size, longer := len(data)/blocks, len(data)%blocks
	all, at := data, 0
	for i := range blocks {
		n := size
		if i >= blocks-longer {
			n++
		}
		all = l.divider.append(all, data[at:at+n])
		at += n
	}
	return all
}
