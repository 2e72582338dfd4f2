package pdf

import (
	"bytes"
	"errors"
	"strconv"
)

// Flaw is a place where the bytes of a revision are not what the standard asks
// for, or more than the revision's own cross-reference accounts for.
type Flaw struct {
	Offset  int64
	Outside bool // bytes that belong to no object and to no section
	Detail  string
}

// maxFlaws bounds the list: one is enough to know that a revision is irregular.
const maxFlaws = 16

// maxGap is how much white space and how many comments may stand between two
// objects, or between an object and the cross-reference.
const maxGap = 1 << 10

// maxGapComment bounds one such comment: writers leave their name there.
const maxGapComment = 256

// Flaws holds the bytes that this revision appended to the one before to the
// letter of ISO 32000-2 §7.3.10, §7.5.4 to §7.5.8. There are the objects that
// its cross-reference lists, the section itself, startxref and %%EOF, and
// nothing but white space and short comments between them; no other bytes, in
// strings, comments or streams, would be taken for an object or for a
// cross-reference by a reader that looks for these words; and none of the
// leniencies was needed after which readers go looking for them.
//
// So whoever reads the file by its cross-reference and whoever reads it by
// searching from its start see the same objects of this revision. Readers
// choose the second when anything is odd, and an attacker chooses what is odd.
//
// The first revision is not looked at: it is what its maker wrote. Errors are
// *ReadError, or [ErrLimit].
func (r *Revision) Flaws() ([]Flaw, error) {
	if r.Index == 0 {
		return nil, nil
	}
	in := &inspector{d: r.doc, r: r, marks: make(map[int64]bool), there: make(map[Ref]bool)}
	for _, step := range [...]func() error{in.objects, in.sections, in.gaps, in.words} {
		if err := step(); err != nil {
			return nil, err
		}
		if len(in.flaws) >= maxFlaws {
			break
		}
	}
	return in.flaws[:min(len(in.flaws), maxFlaws)], nil
}

// inspector looks at the bytes of one revision.
type inspector struct {
	d     *Document
	r     *Revision
	flaws []Flaw
	spans [][2]int64     // accounted for
	marks map[int64]bool // where accounted keywords stand, "obj" of "endobj" too
	there map[Ref]bool   // whether what is referred to is in use
	oldOf Ref            // the object whose references before are
	old   map[Ref]bool
}

func (in *inspector) flaw(off int64, detail string) {
	if len(in.flaws) < maxFlaws {
		in.flaws = append(in.flaws, Flaw{Offset: off, Detail: detail})
	}
}

// bad takes an error that says something about the file's bytes as a flaw and
// returns all others.
func (in *inspector) bad(off int64, err error) error {
	var read *ReadError
	if errors.As(err, &read) || errors.Is(err, ErrLimit) {
		return err
	}
	if in.d.locked == nil || !errors.Is(err, in.d.locked) {
		in.flaw(off, err.Error())
	}
	return nil
}

// objects accounts for what the cross-reference lists.
func (in *inspector) objects() error {
	for e, err := range in.r.Entries() {
		if err != nil {
			return in.bad(in.r.XRefOffset, err)
		}
		if len(in.flaws) >= maxFlaws {
			return nil
		}
		if ok, err := in.stands(e); !ok || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		p, err := in.r.get(e.Ref)
		if err != nil {
			if err = in.bad(e.Offset, err); err != nil {
				return err
			}
			continue
		}
		if err := in.placed(e.Ref, e.Offset, &p); err != nil {
			return err
		}
		if err := in.role(e, &p); err != nil {
			return err
		}
	}
	return nil
}

// placed accounts for one object that stands at off.
func (in *inspector) placed(ref Ref, off int64, p *parsed) error {
	if p.start != off {
		in.flaw(off, "an object does not stand where it should")
		return nil
	}
	if len(in.spans) >= maxOverlapObjects {
		return &LimitError{"maxOverlapObjects", maxOverlapObjects}
	}
	in.spans = append(in.spans, [2]int64{p.start, p.end})
	head := strconv.FormatUint(uint64(ref.Num), 10) + " " + strconv.FormatUint(uint64(ref.Gen), 10) + " obj"
	if ok, err := in.reads(off, head); !ok || err != nil {
		in.flaw(off, "object header is not of the form \"n g obj\"")
		return err
	}
	in.marks[off+int64(len(head)-len("obj"))] = true
	end := p.end - int64(len("endobj"))
	if ok, err := in.reads(end, "endobj"); !ok || err != nil {
		in.flaw(off, "no endobj")
		return err
	}
	in.marks[end+3] = true
	until := end
	if s, ok := p.obj.(*Stream); ok {
		until = s.Dict.end
		if err := in.stream(s, end); err != nil {
			return err
		}
	}
	return in.tokens(in.d.lexerAt(off+int64(len(head)), until), ref, off)
}

// stream checks what stands around a stream's data (§7.3.8.1).
func (in *inspector) stream(s *Stream, endobj int64) error {
	if s.Dict.end > s.start || s.start-s.Dict.end > maxGap {
		in.flaw(s.start, "the keyword stream is not where it should be")
		return nil
	}
	before, err := in.d.src.view(s.Dict.end, int(s.start-s.Dict.end))
	if err != nil {
		return err
	}
	before = bytes.TrimLeft(before, "\x00\t\n\f\r ")
	if string(before) != "stream\n" && string(before) != "stream\r\n" {
		in.flaw(s.start, "the keyword stream is not followed by the data")
	}
	from := s.start + s.length
	if endobj < from || endobj-from > maxGap {
		in.flaw(from, "something stands between the stream's data and endobj")
		return nil
	}
	after, err := in.d.src.view(from, int(endobj-from))
	if err != nil {
		return err
	}
	if string(bytes.Trim(after, "\x00\t\n\f\r ")) != "endstream" {
		in.flaw(from, "something stands between the stream's data and endobj")
		return nil
	}
	in.marks[from+int64(bytes.Index(after, []byte("endstream")))] = true
	return nil
}

// role refuses objects that a searching reader takes for a part of the file's
// structure, though the cross-reference does not use them as such.
func (in *inspector) role(e Entry, p *parsed) error {
	switch o := p.obj.(type) {
	case *Dict:
		switch o.Get("Type") {
		case Name("Catalog"):
			if in.r.Trailer().Get("Root") != Object(e.Ref) {
				in.flaw(p.start, "a catalog that is not the document's")
			}
		}
		if _, ok := o.Get("Type").(Ref); ok {
			in.flaw(p.start, "/Type is a reference")
		}
	case *Stream:
		switch o.Dict.Get("Type") {
		case Name("XRef"):
			if !in.ledTo(p.start, o.Dict) {
				in.flaw(p.start, "a cross-reference stream that nothing leads to")
			}
		case Name("ObjStm"):
			return in.members(e, p)
		}
		if _, ok := o.Dict.Get("Type").(Ref); ok {
			in.flaw(p.start, "/Type is a reference")
		}
	}
	return nil
}

// reads reports whether word stands at off.
func (in *inspector) reads(off int64, word string) (bool, error) {
	if off < 0 {
		return false, nil
	}
	b, err := in.d.src.view(off, len(word))
	return err == nil && string(b) == word, err
}
