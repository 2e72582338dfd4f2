package pdf

// Limits of one object. The deepest direct nesting seen in practice is under
// 20; no legitimate object holds a quarter of a million direct parts (the
// largest are width arrays of fonts with 65,536 glyphs).
const (
	maxNesting     = 128
	maxObjectItems = 1 << 18
)

// parser builds objects from tokens. It looks ahead at most two tokens, and
// only past integers, to tell "1 2 R" from "1 2".
type parser struct {
	lex    *Lexer
	queue  [3]Token
	queued int
	ahead  error // met while looking ahead, due after the queue
	depth  int
	items  int

	names  *nameTable
	values []Object    // of the arrays being read
	pairs  []dictEntry // of the dictionaries being read
	inFile bool
	noRefs bool // content streams have no references
	onDup  func(*Dict)
}

func (p *parser) reset(l *Lexer) {
	p.lex, p.queued, p.ahead, p.depth, p.items = l, 0, nil, 0, 0
	if cap(p.values) > keptItems {
		p.values = nil
	}
	if cap(p.pairs) > keptItems {
		p.pairs = nil
	}
	p.values, p.pairs = p.values[:0], p.pairs[:0]
}

// keptItems is up to which size the parser's stacks are kept for the next object.
const keptItems = 1 << 10

func (p *parser) next() (Token, error) {
	var t Token
	err := p.read(&t)
	return t, err
}

func (p *parser) read(t *Token) error {
	if p.queued > 0 {
		*t = p.queue[0]
		p.queued--
		copy(p.queue[:], p.queue[1:])
		return nil
	}
	if p.ahead != nil {
		return p.ahead
	}
	return p.lex.Read(t)
}

// peek returns the i-th token ahead (0 = next).
func (p *parser) peek(i int) (*Token, error) {
	for p.queued <= i {
		if p.ahead != nil {
			return nil, p.ahead
		}
		if err := p.lex.Read(&p.queue[p.queued]); err != nil {
			p.ahead = err
			return nil, err
		}
		p.queued++
	}
	return &p.queue[i], nil
}

// object reads one object; a keyword where an object should start is an error.
func (p *parser) object() (Object, error) {
	var t Token
	if err := p.read(&t); err != nil {
		return nil, err
	}
	o, _, err := p.objectFrom(&t)
	return o, err
}

// objectFrom reads the object that starts with t and returns where it ends.
func (p *parser) objectFrom(t *Token) (Object, int64, error) {
	if p.items++; p.items > maxObjectItems {
		return nil, 0, &LimitError{"maxObjectItems", maxObjectItems}
	}
	switch t.Kind {
	case TokInteger:
		return p.integerOrRef(t)
	case TokReal:
		return Real(t.Real), t.End, nil
	case TokString:
		return String(t.Bytes), t.End, nil
	case TokName:
		return p.names.object(t.Bytes), t.End, nil
	case TokArrayOpen:
		return p.array(t.Pos)
	case TokDictOpen:
		return p.dict(t.Pos)
	case TokKeyword:
		switch string(t.Bytes) {
		case "null":
			return nil, t.End, nil
		case "true":
			return Bool(true), t.End, nil
		case "false":
			return Bool(false), t.End, nil
		}
		return nil, 0, p.lex.syntax(t.Pos, "unexpected keyword "+quoteShort(t.Bytes))
	case EOF:
		return nil, 0, p.lex.syntax(t.Pos, "unexpected end")
	}
	return nil, 0, p.lex.syntax(t.Pos, "unexpected closing delimiter")
}

// maxGeneration is the largest generation number (ISO 32000-2 §7.5.4).
const maxGeneration = 65535

// maxObjectNumber is the largest object number taken for real: ISO 32000-1
// Annex C gives 8,388,607 indirect objects.
const maxObjectNumber = 1<<23 - 1

func (p *parser) integerOrRef(t *Token) (Object, int64, error) {
	if t.Int >= 0 && t.Int <= 1<<32-1 && !p.noRefs {
		gen, err := p.peek(0)
		if err == nil && gen.Kind == TokInteger && gen.Int >= 0 && gen.Int <= maxGeneration {
			r, err := p.peek(1)
			if err == nil && r.isKeyword("R") {
				ref := Ref{Num: uint32(t.Int), Gen: uint16(p.queue[0].Int)}
				end := r.End
				p.queued = 0
				return ref, end, nil
			}
		}
	}
	return Integer(t.Int), t.End, nil
}

func (p *parser) enter() error {
	if p.depth++; p.depth > maxNesting {
		return &LimitError{"maxNesting", maxNesting}
	}
	return nil
}

func (p *parser) array(open int64) (Object, int64, error) {
	if err := p.enter(); err != nil {
		return nil, 0, err
	}
	mark := len(p.values)
	var t Token
	for {
		if err := p.read(&t); err != nil {
			return nil, 0, err
		}
		if t.Kind == TokArrayClose {
			p.depth--
			a := append(make(Array, 0, len(p.values)-mark), p.values[mark:]...)
			clear(p.values[mark:])
			p.values = p.values[:mark]
			return a, t.End, nil
		}
		if t.Kind == EOF {
			return nil, 0, p.lex.syntax(open, "array has no end")
		}
		o, _, err := p.objectFrom(&t)
		if err != nil {
			return nil, 0, err
		}
		p.values = append(p.values, o)
	}
}

func (p *parser) dict(open int64) (*Dict, int64, error) {
	if err := p.enter(); err != nil {
		return nil, 0, err
	}
	mark := len(p.pairs)
	var t Token
	for {
		if err := p.read(&t); err != nil {
			return nil, 0, err
		}
		switch t.Kind {
		case TokDictClose:
			p.depth--
			entries := append(make([]dictEntry, 0, len(p.pairs)-mark), p.pairs[mark:]...)
			clear(p.pairs[mark:])
			p.pairs = p.pairs[:mark]
			d := makeDict(entries, open, t.End, p.inFile)
			if d.dup && p.onDup != nil {
				p.onDup(d)
			}
			return d, t.End, nil
		case EOF:
			return nil, 0, p.lex.syntax(open, "dictionary has no end")
		case TokName:
		default:
			return nil, 0, p.lex.syntax(t.Pos, "dictionary key is not a name")
		}
		key := p.names.name(t.Bytes)
		if err := p.read(&t); err != nil {
			return nil, 0, err
		}
		o, end, err := p.objectFrom(&t)
		if err != nil {
			return nil, 0, err
		}
		p.pairs = append(p.pairs, dictEntry{key, o, t.Pos, end})
	}
}

// nameTable keeps one copy of each name, and of the interface value that holds
// it: a file says /Type thousands of times. Bounded, since names are input.
type nameTable struct{ objects map[string]Object }

const (
	maxInterned    = 1 << 10
	maxInternedLen = 40
)

func (n *nameTable) object(b []byte) Object {
	if n == nil {
		return Name(b)
	}
	if o, ok := n.objects[string(b)]; ok {
		return o
	}
	o := Object(Name(b))
	if len(b) <= maxInternedLen && len(n.objects) < maxInterned {
		if n.objects == nil {
			n.objects = make(map[string]Object)
		}
		n.objects[string(o.(Name))] = o
	}
	return o
}

func (n *nameTable) name(b []byte) Name { return n.object(b).(Name) }

func quoteShort(b []byte) string {
	const most = 24 // enough to recognise the place
	if len(b) > most {
		b = b[:most]
	}
	out := []byte{'"'}
	for _, c := range b {
		if c < ' ' || c > '~' {
			c = '?'
		}
		out = append(out, c)
	}
	return string(append(out, '"'))
}
