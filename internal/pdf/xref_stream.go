package pdf

// readXRefStream makes a section of the cross-reference stream st
// (ISO 32000-2 §7.5.8).
func (d *Document) readXRefStream(s *section, st *Stream) error {
	s.stream, s.trailer = true, st.Dict
	bad := func(what string) error { return &SyntaxError{s.off, what, ErrXRef} }
	if t, _ := st.Dict.Get("Type").(Name); t != "XRef" {
		return bad("not a cross-reference stream")
	}
	w, _ := st.Dict.Get("W").(Array)
	if len(w) < 3 {
		return bad("/W is not an array of three")
	}
	for i := range w {
		n, ok := w[i].(Integer)
		if !ok || n < 0 || n > 8 || i >= 3 && n != 0 {
			return bad("/W out of range")
		}
		if i < 3 {
			s.w[i] = int(n)
			s.width += int(n)
		}
	}
	if s.width == 0 {
		return bad("/W is all zero")
	}
	size, ok := st.Dict.Get("Size").(Integer)
	if !ok || size < 0 {
		return bad("no /Size")
	}
	data, err := st.Decode(d.xrefBudget)
	if err != nil {
		return &SyntaxError{s.off, "cross-reference stream: " + err.Error(), joined{ErrXRef, err}}
	}
	d.xrefBudget -= int64(len(data))
	s.data = data

	index := Array{Integer(0), size}
	if o := st.Dict.Get("Index"); o != nil {
		if index, ok = o.(Array); !ok || len(index)%2 != 0 {
			return bad("/Index is not an array of pairs")
		}
	}
	pos := int64(0)
	for i := 0; i+1 < len(index); i += 2 {
		first, ok1 := index[i].(Integer)
		count, ok2 := index[i+1].(Integer)
		if !ok1 || !ok2 || first < 0 || count < 0 {
			return bad("/Index out of range")
		}
		if first > maxObjectNumber || count > maxObjectNumber+1-first {
			return &LimitError{"maxObjectNumber", maxObjectNumber}
		}
		if int64(count) > (int64(len(data))-pos)/int64(s.width) {
			return bad("cross-reference stream is shorter than /Index says")
		}
		if err := s.add(uint32(first), uint32(count), pos); err != nil {
			return err
		}
		pos += int64(count) * int64(s.width)
	}
	return s.arrange(d)
}

// joined is an error that is two sentinels at once.
type joined [2]error

func (j joined) Error() string   { return j[0].Error() }
func (j joined) Unwrap() []error { return j[:] }
