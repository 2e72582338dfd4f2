package qr

import (
	"encoding/binary"
	"errors"
	"math"
)

// The few kinds of CBOR item that a token is made of (RFC 8949 §3.1).
const (
	majorUint  = 0
	majorNint  = 1
	majorBytes = 2
	majorText  = 3
	majorArray = 4
	majorMap   = 5
)

// appendHead writes the head of an item with its shortest argument
// (RFC 8949 §4.2.1).
func appendHead(dst []byte, major byte, n uint64) []byte {
	major <<= 5
	switch {
	case n < 24:
		return append(dst, major|byte(n))
	case n <= math.MaxUint8:
		return append(dst, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(dst, major|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(dst, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, major|27), n)
}

func appendInt(dst []byte, v int64) []byte {
	if v < 0 {
		return appendHead(dst, majorNint, uint64(-1-v))
	}
	return appendHead(dst, majorUint, uint64(v))
}

func appendBytes(dst, b []byte) []byte {
	return append(appendHead(dst, majorBytes, uint64(len(b))), b...)
}

func appendText(dst []byte, s string) []byte {
	return append(appendHead(dst, majorText, uint64(len(s))), s...)
}

var (
	errTruncated = errors.New("ends too early")
	errLonger    = errors.New("bytes after the end")
	errShortest  = errors.New("not the shortest form, or of indefinite length")
	errKind      = errors.New("item of another kind than expected")
	errRange     = errors.New("integer too large")
)

// decoder reads deterministic CBOR item by item. After the first error it reads
// zeros and keeps the error. Its byte strings share the input's memory.
type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
	d.rest = nil
}

func (d *decoder) head() (major byte, n uint64) {
	if d.err != nil {
		return 0, 0
	}
	if len(d.rest) == 0 {
		d.fail(errTruncated)
		return 0, 0
	}
	major, info := d.rest[0]>>5, d.rest[0]&31
	d.rest = d.rest[1:]
	if info < 24 {
		return major, uint64(info)
	}
	if info > 27 {
		d.fail(errShortest)
		return 0, 0
	}
	size := 1 << (info - 24)
	if len(d.rest) < size {
		d.fail(errTruncated)
		return 0, 0
	}
	for _, b := range d.rest[:size] {
		n = n<<8 | uint64(b)
	}
	d.rest = d.rest[size:]
	least := [4]uint64{24, 1 << 8, 1 << 16, 1 << 32}
	if n < least[info-24] {
		d.fail(errShortest)
		return 0, 0
	}
	return major, n
}

// expect reads the head of an array or map and returns its count.
func (d *decoder) expect(major byte) uint64 {
	m, n := d.head()
	if d.err == nil && m != major {
		d.fail(errKind)
		return 0
	}
	return n
}

func (d *decoder) int() int64 {
	major, n := d.head()
	switch {
	case d.err != nil:
	case n > math.MaxInt64:
		d.fail(errRange)
	case major == majorUint:
		return int64(n)
	case major == majorNint:
		return -1 - int64(n)
	default:
		d.fail(errKind)
	}
	return 0
}

func (d *decoder) bytes() []byte {
	n := d.expect(majorBytes)
	if d.err != nil {
		return nil
	}
	if n > uint64(len(d.rest)) {
		d.fail(errTruncated)
		return nil
	}
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b
}

// end returns the first error, or one if input is left.
func (d *decoder) end() error {
	if d.err == nil && len(d.rest) > 0 {
		d.fail(errLonger)
	}
	return d.err
}
