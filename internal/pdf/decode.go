package pdf

import (
	"errors"
	"io"
)

// maxFilters bounds the filters of one stream. Two are usual; a bomb nests more.
const maxFilters = 8

// DefaultDecodeLimit is the limit that Decode takes for a limit of zero or less.
const DefaultDecodeLimit = 16 << 20

// filterStage is one filter of a stream with its parameters.
type filterStage struct {
	name  Name
	parms *Dict
}

// Image returns the image filter that ends the stream's filter chain: DCTDecode,
// JPXDecode, CCITTFaxDecode or JBIG2Decode, with its parameters. Decode leaves
// that filter's data as they are. The name is empty if there is none.
func (s *Stream) Image() (Name, *Dict, error) {
	_, image, err := s.filters()
	return image.name, image.parms, err
}

// Decode returns the decrypted data with all filters undone but an image
// filter, see [Stream.Image].
//
// It fails with a *LimitError if there are more than limit bytes, or if the
// document's whole budget (Limits.Decode) is spent; with ErrDecode on damaged
// data, ErrFilter on a filter unknown here, ErrExternal if the data are in
// another file, and with what [Document.Locked] says. On ErrDecode what was
// decoded before the damage comes with the error.
func (s *Stream) Decode(limit int64) ([]byte, error) { return s.DecodeTo(nil, limit) }

// DecodeTo is [Stream.Decode] into the memory of buf, as far as it reaches.
func (s *Stream) DecodeTo(buf []byte, limit int64) ([]byte, error) {
	if limit <= 0 {
		limit = DefaultDecodeLimit
	}
	if out, ok := s.inflated(buf, limit); ok {
		return out, nil
	}
	r, err := s.open()
	if err != nil {
		return nil, err
	}
	defer r.close()
	buf = buf[:0]
	for {
		if len(buf) == cap(buf) {
			grow := max(1024, cap(buf)) // grows with the data, not with what the file says
			if cap(buf) == 0 {
				grow = int(min(max(1024, 2*s.length), 64<<10))
			}
			buf = append(make([]byte, 0, cap(buf)+grow), buf...)
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > limit {
			return nil, &LimitError{"Decode limit", limit}
		}
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

// Reader returns what Decode returns as a stream; only the document's decode
// budget limits it.
func (s *Stream) Reader() (io.Reader, error) { return s.open() }

// pipeline is a chain of filters with what is given back at the end.
type pipeline struct {
	last   io.Reader
	pool   *flatePool
	flates []*flateReader
	err    error
}

func (p *pipeline) Read(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.last.Read(b)
	if err != nil {
		p.err = err
		p.close()
	}
	return n, err
}

func (p *pipeline) close() {
	for _, f := range p.flates {
		p.pool.put(f)
	}
	p.flates = nil
	if p.err == nil {
		p.err = io.ErrClosedPipe
	}
}

func (s *Stream) open() (*pipeline, error) {
	if s.Dict.Get("F") != nil {
		return nil, ErrExternal
	}
	stages, _, err := s.filters()
	if err != nil {
		return nil, err
	}
	d := s.doc
	raw, stages, err := d.decrypted(s, stages)
	if err != nil {
		return nil, err
	}
	p := &pipeline{last: &budgetReader{raw, d}, pool: &d.flates}
	for _, st := range stages {
		if err := p.push(d, s, st); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *pipeline) push(d *Document, s *Stream, st filterStage) error {
	warn := func(c Code) { d.warn(c, s.start, s.ref.String()) }
	var r io.Reader
	switch st.name {
	case "FlateDecode", "Fl":
		f := d.flates.get(p.last, warn)
		p.flates = append(p.flates, f)
		r = f
	case "LZWDecode", "LZW":
		early := true
		if v, ok := st.parms.Get("EarlyChange").(Integer); ok {
			early = v != 0
		}
		r = newLZWReader(p.last, early, warn)
	case "ASCII85Decode", "A85":
		p.last = &budgetReader{newASCII85Reader(p.last, warn), d}
		return nil
	case "ASCIIHexDecode", "AHx":
		p.last = &budgetReader{newASCIIHexReader(p.last, warn), d}
		return nil
	case "RunLengthDecode", "RL":
		p.last = &budgetReader{newRunLengthReader(p.last, warn), d}
		return nil
	default:
		return &FilterError{st.name}
	}
	p.last = &budgetReader{r, d}
	pred, err := newPredictor(p.last, st.parms)
	if pred != nil {
		p.last = pred
	}
	return err
}

// FilterError names a filter that this package does not decode. errors.Is with
// ErrFilter holds.
type FilterError struct{ Filter Name }

func (e *FilterError) Error() string { return ErrFilter.Error() + ": /" + string(e.Filter) }

// Unwrap returns ErrFilter.
func (e *FilterError) Unwrap() error { return ErrFilter }

// filters returns the stages before an image filter, and that filter.
func (s *Stream) filters() (stages []filterStage, image filterStage, err error) {
	filter, err := s.resolve(s.Dict.Get("Filter"))
	if err != nil {
		return nil, image, err
	}
	parms, err := s.resolve(s.Dict.Get("DecodeParms"))
	if err != nil {
		return nil, image, err
	}
	names, ok := filter.(Array)
	if !ok {
		if filter == nil {
			return nil, image, nil
		}
		names = Array{filter}
		if _, ok := parms.(Array); !ok {
			parms = Array{parms}
		}
	}
	plist, _ := parms.(Array)
	if len(names) > maxFilters {
		return nil, image, &LimitError{"maxFilters", maxFilters}
	}
	for i, o := range names {
		if o, err = s.resolve(o); err != nil {
			return nil, image, err
		}
		name, ok := o.(Name)
		if !ok {
			return nil, image, &FilterError{Name(typeName(o))}
		}
		st := filterStage{name: name}
		if i < len(plist) {
			if st.parms, err = s.parms(plist[i]); err != nil {
				return nil, image, err
			}
		}
		switch name {
		case "DCTDecode", "DCT", "JPXDecode", "CCITTFaxDecode", "CCF", "JBIG2Decode":
			if i != len(names)-1 {
				return nil, image, &FilterError{name}
			}
			return stages, st, nil
		}
		stages = append(stages, st)
	}
	return stages, image, nil
}

// parms returns a parameter dictionary with its values resolved.
func (s *Stream) parms(o Object) (*Dict, error) {
	o, err := s.resolve(o)
	if err != nil || o == nil {
		return nil, err
	}
	dict, ok := o.(*Dict)
	if !ok {
		return nil, &TypeError{"dictionary", typeName(o)}
	}
	var list []DictEntry
	for k, v := range dict.All() {
		if _, isRef := v.(Ref); isRef && k != "JBIG2Globals" {
			if v, err = s.resolve(v); err != nil {
				return nil, err
			}
		}
		list = append(list, DictEntry{k, v})
	}
	return NewDict(list...), nil
}

func (s *Stream) resolve(o Object) (Object, error) {
	if s.rev == nil {
		if ref, ok := o.(Ref); ok {
			return nil, &ObjectError{ref, -1, ErrXRef}
		}
		return o, nil
	}
	return s.rev.Resolve(o)
}

// budgetReader charges what passes through it to the document.
type budgetReader struct {
	r io.Reader
	d *Document
}

func (b *budgetReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.d.decodeBudget -= int64(n); b.d.decodeBudget < 0 {
		return 0, &LimitError{"Limits.Decode", 0}
	}
	if err != nil && err != io.EOF {
		var limit *LimitError
		var read *ReadError
		if !errors.As(err, &limit) && !errors.As(err, &read) && !errors.Is(err, ErrDecode) {
			err = joined{ErrDecode, err}
		}
	}
	return n, err
}
