package pdf

import "io"

// maxPredictorRow bounds the bytes of one row: 64K pixels of four 16-bit colours.
const maxPredictorRow = 512 << 10

// maxPredictorColors bounds /Colors; DeviceN allows 32.
const maxPredictorColors = 32

// predictor undoes the TIFF and PNG predictors (ISO 32000-2 §7.4.4.4).
type predictor struct {
	r        io.Reader
	tiff     bool
	rowBytes int
	bpp      int // bytes from one pixel to the next, at least 1
	colors   int
	bits     int

	row  []byte // being read; grows with the data
	prev []byte
	out  []byte // not yet returned
	err  error
}

// newPredictor returns nil if parms ask for no predictor.
func newPredictor(r io.Reader, parms *Dict) (*predictor, error) {
	get := func(key Name, def int64) int64 {
		if v, ok := parms.Get(key).(Integer); ok {
			return int64(v)
		}
		return def
	}
	kind := get("Predictor", 1)
	if kind == 1 {
		return nil, nil
	}
	colors, bits, columns := get("Colors", 1), get("BitsPerComponent", 8), get("Columns", 1)
	if kind != 2 && (kind < 10 || kind > 15) || colors < 1 || colors > maxPredictorColors || columns < 1 ||
		bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16 {
		return nil, &FilterError{"Predictor"}
	}
	if columns > maxPredictorRow {
		return nil, &LimitError{"maxPredictorRow", maxPredictorRow}
	}
	rowBytes := (colors*bits*columns + 7) / 8
	if rowBytes > maxPredictorRow {
		return nil, &LimitError{"maxPredictorRow", maxPredictorRow}
	}
	return &predictor{
		r: r, tiff: kind == 2, rowBytes: int(rowBytes), bpp: int(max(1, colors*bits/8)),
		colors: int(colors), bits: int(bits),
	}, nil
}

func (p *predictor) Read(b []byte) (int, error) {
	for len(p.out) == 0 {
		if p.err != nil {
			return 0, p.err
		}
		p.next()
	}
	n := copy(b, p.out)
	p.out = p.out[n:]
	return n, nil
}

// next decodes one row into p.out. A last row that is too short is decoded as
// far as it goes.
func (p *predictor) next() {
	want := p.rowBytes
	if !p.tiff {
		want++ // the PNG filter type
	}
	const step = 4 << 10
	p.row = p.row[:0]
	for len(p.row) < want && p.err == nil {
		have := len(p.row)
		n := min(want-have, max(step, have))
		for cap(p.row) < have+n {
			p.row = append(p.row[:cap(p.row)], 0)
		}
		p.row = p.row[:have+n]
		got, err := io.ReadFull(p.r, p.row[have:])
		p.row = p.row[:have+got]
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		p.err = err
	}
	if len(p.row) == 0 {
		return
	}
	if p.tiff {
		p.undoTIFF(p.row)
		p.out = p.row
		return
	}
	row := p.row[1:]
	if err := p.undoPNG(p.row[0], row); err != nil {
		p.err, p.out = err, nil
		return
	}
	p.prev = append(p.prev[:0], row...)
	p.out = row
}

// undoPNG reverses the filter types of PNG (ISO/IEC 15948 §9).
func (p *predictor) undoPNG(kind byte, row []byte) error {
	up := p.prev
	for len(up) < len(row) {
		up = append(up, 0)
	}
	p.prev = up
	bpp := p.bpp
	switch kind {
	case 0:
	case 1:
		for i := bpp; i < len(row); i++ {
			row[i] += row[i-bpp]
		}
	case 2:
		for i := range row {
			row[i] += up[i]
		}
	case 3:
		for i := range row {
			left := 0
			if i >= bpp {
				left = int(row[i-bpp])
			}
			row[i] += byte((left + int(up[i])) / 2)
		}
	case 4:
		for i := range row {
			var left, corner int
			if i >= bpp {
				left, corner = int(row[i-bpp]), int(up[i-bpp])
			}
			row[i] += byte(paeth(left, int(up[i]), corner))
		}
	default:
		return decodeError("unknown PNG filter type")
	}
	return nil
}

func paeth(a, b, c int) int {
	p := a + b - c
	pa, pb, pc := max(p-a, a-p), max(p-b, b-p), max(p-c, c-p)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

// undoTIFF reverses horizontal differencing (TIFF 6.0 §14), sample by sample.
func (p *predictor) undoTIFF(row []byte) {
	switch p.bits {
	case 8:
		for i := p.colors; i < len(row); i++ {
			row[i] += row[i-p.colors]
		}
	case 16:
		for i := 2 * p.colors; i+1 < len(row); i += 2 {
			j := i - 2*p.colors
			v := uint16(row[i])<<8 | uint16(row[i+1])
			v += uint16(row[j])<<8 | uint16(row[j+1])
			row[i], row[i+1] = byte(v>>8), byte(v)
		}
	default:
		mask := byte(1)<<p.bits - 1
		var left [maxPredictorColors]byte
		for i := 0; (i+1)*p.bits <= len(row)*8; i++ {
			at := i * p.bits
			shift := 8 - p.bits - at%8
			c := i % p.colors
			left[c] = (left[c] + row[at/8]>>shift) & mask
			row[at/8] = row[at/8]&^(mask<<shift) | left[c]<<shift
		}
	}
}
