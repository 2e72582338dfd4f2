package pdf

import "errors"

// maxHeaderSlack is how much white space and comments may stand between the
// offset in a cross-reference entry and the object's header. Files whose first
// entry points at the comment line after "%PDF-1.x" exist.
const maxHeaderSlack = 256

// objectOverhead is what looking for an object costs beside its bytes, as
// charged to Limits.Lex.
const objectOverhead = 128

// Get returns the object as seen at this revision, nil for objects that are
// free or that no revision up to this one mentions (ISO 32000-2 §7.3.10).
//
// Errors are *ObjectError around [ErrObjectHeader], [ErrGeneration],
// [ErrBeyondRevision], [ErrObjectStream], [ErrSyntax], [ErrStream], [ErrLimit],
// [ErrCycle], [ErrXRef] or, for an object in an encrypted object stream of a
// locked document, what [Document.Locked] says; or a *ReadError.
func (r *Revision) Get(ref Ref) (Object, error) {
	p, err := r.get(ref)
	return p.obj, err
}

// ObjectSpan returns which bytes of the file hold the object that [Revision.Get]
// returns, from its header to after "endobj"; for an object in an object stream,
// those of the stream. Both are -1 if there is no such object.
func (r *Revision) ObjectSpan(ref Ref) (start, end int64, err error) {
	e, _, err := r.Entry(ref.Num)
	if err != nil {
		return -1, -1, err
	}
	if e.Kind == EntryInStream {
		ref = e.Stream
	}
	p, err := r.get(ref)
	if err != nil || p.end == 0 {
		return -1, -1, err
	}
	return p.start, p.end, nil
}

// parsed is an indirect object and where it stands.
type parsed struct {
	obj        Object
	start, end int64 // in the file; 0 and 0 for objects in object streams
	cost       int64 // in the cache
	perRev     bool  // what it means depends on the revision
}

func (r *Revision) get(ref Ref) (parsed, error) {
	e, from, err := r.Entry(ref.Num)
	if err != nil {
		return parsed{}, objectError(ref, -1, err)
	}
	switch {
	case e.Kind == EntryFree || e.Kind == EntryNone:
		return parsed{}, nil
	case e.Ref.Gen != ref.Gen:
		return parsed{}, &ObjectError{ref, e.Offset, ErrGeneration}
	case e.Kind == EntryInStream:
		p, err := r.inStream(ref, &e)
		if err != nil {
			return parsed{}, objectError(ref, -1, err)
		}
		return p, nil
	case e.Offset >= from.End:
		return parsed{}, &ObjectError{ref, e.Offset, ErrBeyondRevision}
	}
	key := cacheKey{off: e.Offset, ref: ref}
	p, ok := r.inPrefix(key)
	if !ok {
		p, ok = r.doc.objects.get(key, r.Index)
	}
	if !ok {
		doubts := r.doc.doubts
		if p, err = r.doc.parseIndirect(e.Offset, ref, r); err != nil {
			return parsed{}, objectError(ref, e.Offset, err)
		}
		r.doc.objects.put(key, r.Index, p, p.perRev, p.cost)
		if r.doc.doubts == doubts {
			r.doc.keepInPrefix(key, p)
		}
	}
	if p.end > from.End {
		return parsed{}, &ObjectError{ref, e.Offset, ErrBeyondRevision}
	}
	return p, nil
}

func objectError(ref Ref, off int64, err error) error {
	var read *ReadError
	if errors.As(err, &read) {
		return err
	}
	return &ObjectError{ref, off, err}
}

// parseIndirect reads the indirect object at off (ISO 32000-2 §7.3.10). Unless
// want is zero the header must be that of want. r resolves an indirect /Length;
// nil where there is no revision yet.
func (d *Document) parseIndirect(off int64, want Ref, r *Revision) (parsed, error) {
	if d.lexBudget -= objectOverhead; d.lexBudget < 0 {
		return parsed{}, &LimitError{"Limits.Lex", 0}
	}
	l := d.takeLexer(off)
	defer d.giveLexer(l)
	l.scratch = d.scratch
	ref, start, err := d.readObjectHeader(l, off)
	if err != nil {
		return parsed{}, err
	}
	if want != (Ref{}) && ref != want {
		return parsed{}, &SyntaxError{off, "another object stands here", ErrObjectHeader}
	}
	p := &d.parser
	p.reset(l)
	p.inFile = true
	obj, err := p.object()
	d.scratch = keepSmall(l.scratch)
	if err != nil {
		return parsed{}, err
	}
	if d.crypt != nil {
		if obj, err = d.crypt.decryptStrings(obj, ref); err != nil {
			return parsed{}, err
		}
	}
	got := parsed{obj: obj, start: start}
	t, err := p.next()
	if err != nil {
		if severe(err) != nil {
			return parsed{}, err
		}
		t = Token{}
	}
	if t.isKeyword("stream") {
		dict, ok := obj.(*Dict)
		if !ok {
			return parsed{}, &SyntaxError{t.Pos, "stream without dictionary", ErrStream}
		}
		s := &Stream{Dict: dict, doc: d, rev: r, ref: ref}
		if err := d.locateStream(s, l, t.End); err != nil {
			return parsed{}, err
		}
		got.obj = s
		got.perRev = s.dependsOnRevision()
		if t, err = l.Next(); severe(err) != nil {
			return parsed{}, err
		}
	}
	if t.isKeyword("endobj") {
		got.end = t.End
	} else {
		got.end = max(l.Offset()-(t.End-t.Pos), start+1)
		d.warn(WarnObjectEnd, start, ref.String())
	}
	got.cost = got.end - start + itemCost*int64(p.items)
	if s, ok := got.obj.(*Stream); ok {
		got.cost -= s.length
	}
	return got, nil
}

// readObjectHeader reads "num gen obj".
func (d *Document) readObjectHeader(l *Lexer, off int64) (Ref, int64, error) {
	num, err := l.Next()
	if severe(err) != nil {
		return Ref{}, 0, err
	}
	bad := err != nil || num.Kind != TokInteger || num.Int <= 0 || num.Int > maxObjectNumber || num.Pos-off > maxHeaderSlack
	var gen, obj Token
	if !bad {
		gen, err = l.Next()
		bad = err != nil || gen.Kind != TokInteger || gen.Int < 0 || gen.Int > maxGeneration
	}
	if !bad {
		obj, err = l.Next()
		bad = err != nil || !obj.isKeyword("obj")
	}
	if severe(err) != nil {
		return Ref{}, 0, err
	}
	if bad {
		return Ref{}, 0, &SyntaxError{off, "no object header", ErrObjectHeader}
	}
	if num.Pos != off {
		d.warn(WarnObjectOffset, off, Ref{uint32(num.Int), uint16(gen.Int)}.String())
	}
	return Ref{uint32(num.Int), uint16(gen.Int)}, num.Pos, nil
}

// keepSmall returns a buffer for reuse, unless it has grown to hold one huge string.
func keepSmall(b []byte) []byte {
	const most = 64 << 10
	if cap(b) > most {
		return nil
	}
	return b[:0]
}
