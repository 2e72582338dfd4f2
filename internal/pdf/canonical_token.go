package pdf

import (
	"strconv"
)

// What every reader takes: MuPDF takes names of 127 bytes, old ones numbers of
// 32 bits; nesting is limited by all, at levels that differ.
const (
	plainNesting = 32
	plainName    = 127
	plainNumber  = 24
)

// tokens refuses tokens that readers take differently, and references to what
// is not there, for which some rebuild the cross-reference: unless the object of
// this number had the reference before. off is reported.
func (in *inspector) tokens(l *Lexer, of Ref, off int64) error {
	depth := 0
	var t, num, gen Token // num and gen: the two before t
	for {
		num, gen = gen, t
		num.Bytes, gen.Bytes = nil, nil
		if err := l.Read(&t); err != nil {
			return in.bad(off, err)
		}
		switch t.Kind {
		case EOF:
			return nil
		case TokArrayOpen, TokDictOpen:
			if depth++; depth > plainNesting {
				in.flaw(off, "nested too deep")
				return nil
			}
		case TokArrayClose, TokDictClose:
			depth--
		case TokInteger, TokReal:
			if t.End-t.Pos > plainNumber {
				in.flaw(off, "a number of too many digits")
				return nil
			}
		case TokName:
			if ok, err := in.plainName(l, &t); !ok || err != nil {
				in.flaw(off, "a name that readers take differently")
				return err
			}
		case TokKeyword:
			switch string(t.Bytes) {
			case "true", "false", "null":
			case "R":
				if num.Kind == TokInteger && gen.Kind == TokInteger {
					if ok, err := in.leadsSomewhere(of, num.Int, gen.Int); !ok || err != nil {
						in.flaw(off, "a reference to object "+strconv.FormatInt(num.Int, 10)+", which is not there")
						return err
					}
				}
			default:
				in.flaw(off, "keyword "+quoteShort(t.Bytes))
				return nil
			}
		}
	}
}

// plainName reports whether a name is written in printable characters of ASCII
// and #xx, without the byte 0 (§7.3.5). The others are white space to some
// readers and regular to others, and a zero ends names in C.
func (in *inspector) plainName(l *Lexer, t *Token) (bool, error) {
	if len(t.Bytes) > plainName {
		return false, nil
	}
	b := t.Bytes
	if int64(len(b)) != t.End-t.Pos-1 {
		var err error
		if b, err = l.bytes(t.Pos+1, t.End); err != nil {
			return false, err
		}
	}
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c < '!' || c > '~':
			return false, nil
		case c != '#':
		case i+2 >= len(b) || unhex[b[i+1]] > 15 || unhex[b[i+2]] > 15 || b[i+1] == '0' && b[i+2] == '0':
			return false, nil
		}
	}
	return true, nil
}

// leadsSomewhere reports whether the object that a reference names is in use.
func (in *inspector) leadsSomewhere(of Ref, num, gen int64) (bool, error) {
	if num <= 0 || num > maxObjectNumber || gen < 0 || gen > maxGeneration {
		return false, nil
	}
	ref := Ref{uint32(num), uint16(gen)}
	found, known := in.there[ref]
	if !known {
		e, _, err := in.entry(ref.Num)
		if err != nil {
			return false, err
		}
		found = e.inUse() && e.Ref.Gen == ref.Gen
		if len(in.there) < maxOverlapObjects {
			in.there[ref] = found
		}
	}
	return found || in.referred(of, ref), nil
}

// referred reports whether the object had the reference in the revision before.
func (in *inspector) referred(of, to Ref) bool {
	if of == (Ref{}) {
		return false
	}
	if in.oldOf != of || in.old == nil {
		in.oldOf, in.old = of, make(map[Ref]bool)
		if p, err := in.r.Prev().get(of); err == nil {
			collectRefs(p.obj, in.old)
		}
	}
	return in.old[to]
}

// collectRefs goes as deep as the parser did.
func collectRefs(o Object, into map[Ref]bool) {
	switch o := o.(type) {
	case Ref:
		into[o] = true
	case Array:
		for _, item := range o {
			collectRefs(item, into)
		}
	case *Dict:
		for _, v := range o.Entries() {
			collectRefs(v, into)
		}
	case *Stream:
		collectRefs(o.Dict, into)
	}
}
