package pdf

import (
	"slices"
	"strconv"
)

// maxObjStmBytes bounds the decoded size of one object stream (ISO 32000-2
// §7.5.7). Writers put some hundred objects, a few hundred kilobytes, in each.
const maxObjStmBytes = 8 << 20

// objStm is a decoded object stream.
type objStm struct {
	data   []byte
	nums   []uint32
	bounds [][2]int32 // in data, of each object
	start  int64      // of the stream object in the file
	end    int64
	perRev bool
}

// inStream returns an object that stands in an object stream. /Extends plays
// no part: the cross-reference names the very stream.
func (r *Revision) inStream(ref Ref, e *Entry) (parsed, error) {
	d := r.doc
	bad := func(what string) error {
		return &SyntaxError{-1, what + " (object stream " + e.Stream.String() + ")", ErrObjectStream}
	}
	se, from, err := r.Entry(e.Stream.Num)
	if err != nil {
		return parsed{}, err
	}
	if se.Kind != EntryInFile || se.Ref.Gen != 0 {
		return parsed{}, bad("no such object stream")
	}
	if se.Offset >= from.End {
		return parsed{}, ErrBeyondRevision
	}
	key := cacheKey{off: se.Offset, ref: ref, index: e.Index}
	if p, ok := d.objects.get(key, r.Index); ok {
		return p, nil
	}
	stm, err := r.objStm(e.Stream, se.Offset)
	if err != nil {
		return parsed{}, err
	}
	if e.Index >= len(stm.nums) || stm.nums[e.Index] != ref.Num {
		return parsed{}, bad("another object stands at index " + strconv.Itoa(e.Index))
	}
	b := stm.bounds[e.Index]
	// Positions count from the start of the decoded stream.
	l := &Lexer{buf: stm.data[:b[1]], pos: int(b[0]), scratch: d.scratch}
	if d.lexBudget -= int64(b[1] - b[0]); d.lexBudget < 0 {
		return parsed{}, &LimitError{"Limits.Lex", 0}
	}
	p := &d.parser
	p.reset(l)
	p.inFile = false
	obj, err := p.object()
	d.scratch = keepSmall(l.scratch)
	if err != nil {
		return parsed{}, err
	}
	if t, err := p.next(); err != nil || t.Kind != EOF {
		d.warn(WarnObjectEnd, stm.start, ref.String())
	}
	got := parsed{obj: obj, perRev: stm.perRev, cost: int64(b[1]-b[0]) + itemCost*int64(p.items)}
	got.start, got.end = stm.start, stm.end
	d.objects.put(key, r.Index, got, got.perRev, got.cost)
	return got, nil
}

// objStm returns the decoded object stream at off.
func (r *Revision) objStm(ref Ref, off int64) (*objStm, error) {
	d := r.doc
	key := cacheKey{off: off, ref: ref}
	if stm, ok := d.objStms.get(key, r.Index); ok {
		return stm, nil
	}
	p, err := r.get(ref)
	if err != nil {
		return nil, err
	}
	s, ok := p.obj.(*Stream)
	if !ok {
		return nil, &SyntaxError{off, "object stream is no stream", ErrObjectStream}
	}
	data, err := s.Decode(maxObjStmBytes)
	if err != nil {
		return nil, err
	}
	stm, err := d.readObjStm(s, data, off)
	if err != nil {
		return nil, err
	}
	stm.start, stm.end, stm.perRev = p.start, p.end, p.perRev
	d.objStms.put(key, r.Index, stm, p.perRev, int64(len(data))+16*int64(len(stm.nums)))
	return stm, nil
}

// readObjStm reads the pairs of numbers and offsets at the start of the data.
func (d *Document) readObjStm(s *Stream, data []byte, off int64) (*objStm, error) {
	bad := func(what string) error { return &SyntaxError{off, what, ErrObjectStream} }
	if t, _ := s.Dict.Get("Type").(Name); t != "ObjStm" {
		return nil, bad("/Type is not /ObjStm")
	}
	n, ok1 := s.Dict.Get("N").(Integer)
	first, ok2 := s.Dict.Get("First").(Integer)
	if !ok1 || !ok2 || n < 0 || first < 0 || int64(first) > int64(len(data)) {
		return nil, bad("/N or /First out of range")
	}
	stm := &objStm{data: data}
	l := NewLexer(data[:first])
	for range n {
		num, err1 := l.Next()
		at, err2 := l.Next()
		if err1 != nil || err2 != nil || num.Kind != TokInteger || at.Kind != TokInteger ||
			num.Int <= 0 || num.Int > maxObjectNumber || at.Int < 0 || at.Int >= int64(len(data))-int64(first) {
			return nil, bad("broken list of offsets")
		}
		stm.nums = append(stm.nums, uint32(num.Int))
		stm.bounds = append(stm.bounds, [2]int32{int32(int64(first) + at.Int), 0})
	}
	// Each object ends where the next one starts, so that reading all of them
	// costs no more than the stream is long.
	starts := make([]int32, len(stm.bounds))
	for i, b := range stm.bounds {
		starts[i] = b[0]
	}
	slices.Sort(starts)
	for i := range stm.bounds {
		j, _ := slices.BinarySearch(starts, stm.bounds[i][0]+1)
		stm.bounds[i][1] = int32(len(data))
		if j < len(starts) {
			stm.bounds[i][1] = starts[j]
		}
	}
	nums := slices.Clone(stm.nums)
	slices.Sort(nums)
	for i := 1; i < len(nums); i++ {
		if nums[i] == nums[i-1] {
			d.warn(WarnObjStmDuplicate, off, Ref{Num: nums[i]}.String())
		}
		if starts[i] == starts[i-1] {
			return nil, bad("two objects at one place")
		}
	}
	return stm, nil
}
