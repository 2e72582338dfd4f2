package pdf

import (
	"bufio"
	"compress/flate"
	"hash"
	"hash/adler32"
	"io"
)

// filterBuffer is the size of the buffer in front of each filter.
const filterBuffer = 4 << 10

// flateReader decodes FlateDecode data (ISO 32000-2 §7.4.4), which are in zlib
// format (RFC 1950). The checksum is checked, but its failure only warned of:
// files that lack it are common.
type flateReader struct {
	in      *bufio.Reader
	z       io.ReadCloser
	sum     hash.Hash32
	warn    func(Code)
	started bool
	err     error
}

func (f *flateReader) Read(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	if !f.started {
		f.started = true
		if f.err = f.header(); f.err != nil {
			return 0, f.err
		}
	}
	n, err := f.z.Read(p)
	f.sum.Write(p[:n])
	if err == io.EOF {
		var tail [4]byte
		_, e := io.ReadFull(f.in, tail[:])
		if e != nil || uint32(bigEndian(tail[:])) != f.sum.Sum32() {
			f.warn(WarnFlateChecksum)
		}
	}
	f.err = err
	return n, err
}

func (f *flateReader) header() error {
	var h [2]byte
	n, err := io.ReadFull(f.in, h[:])
	if n == 0 && err == io.EOF {
		return io.EOF // no data at all: some writers leave empty streams so
	}
	if err != nil {
		return err
	}
	// RFC 1950 §2.2: compression method 8, no preset dictionary, check bits.
	if h[0]&0x0f != 8 || h[1]&0x20 != 0 || (uint(h[0])<<8|uint(h[1]))%31 != 0 {
		return errZlibHeader
	}
	return f.z.(flate.Resetter).Reset(f.in, nil)
}

const errZlibHeader = decodeError("no zlib header")

// decodeError says what is wrong with encoded data; it is an ErrDecode.
type decodeError string

func (e decodeError) Error() string { return ErrDecode.Error() + ": " + string(e) }
func (e decodeError) Unwrap() error { return ErrDecode }

// flatePool keeps decoders for reuse, since each takes some 40 kB.
type flatePool struct {
	free   []*flateReader
	shared *Scratch // nil: the document has its own only
}

// pooledFlates is how many decoders are kept: as many as one stream usually needs.
const pooledFlates = 2

func (p *flatePool) get(in io.Reader, warn func(Code)) *flateReader {
	if n := len(p.free); n > 0 {
		f := p.free[n-1]
		p.free = p.free[:n-1]
		return f.reset(in, warn)
	}
	if p.shared != nil {
		if f, ok := p.shared.flates.Get().(*flateReader); ok {
			return f.reset(in, warn)
		}
	}
	b := bufio.NewReaderSize(in, filterBuffer)
	return &flateReader{in: b, z: flate.NewReader(b), sum: adler32.New(), warn: warn}
}

func (f *flateReader) reset(in io.Reader, warn func(Code)) *flateReader {
	f.in.Reset(in)
	f.sum.Reset()
	f.warn, f.started, f.err = warn, false, nil
	return f
}

func (p *flatePool) put(f *flateReader) {
	if p.shared != nil {
		f.in.Reset(nil)
		f.warn = nil // it holds on to the document
		p.shared.flates.Put(f)
		return
	}
	if len(p.free) < pooledFlates {
		f.in.Reset(nil)
		p.free = append(p.free, f)
	}
}
