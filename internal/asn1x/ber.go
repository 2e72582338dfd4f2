package asn1x

import "errors"

// maxDepth bounds the nesting ToDER follows. A signature with a time-stamp in
// it whose token is time-stamped again nests about 35 deep.
const maxDepth = 64

// maxRewritten bounds the elements that come out in another form. Signatures
// in BER have some tens; the segments of a long content do not count.
const maxRewritten = 100_000

var (
	// ErrDepth: elements nested deeper than any signature nests.
	ErrDepth = errors.New("asn1: nested too deep")
	// ErrTooMany: more indefinite lengths than any signature has.
	ErrTooMany = errors.New("asn1: too many indefinite lengths")
)

// ToDER reads one element from the start of b and returns it with definite
// lengths and unsegmented OCTET STRINGs. An element that has neither is
// returned as it is, without copying, and so is every part of it that has
// neither: certificates inside keep the bytes they were signed with. rest is
// what follows the element. Work and memory are linear in the input.
func ToDER(b []byte) (der, rest []byte, err error) {
	m := measurer{b: b}
	end, size, err := m.element(0, len(b), 0)
	if err != nil {
		return nil, b, err
	}
	if len(m.nodes) == 0 {
		return b[:end:end], b[end:], nil
	}
	w := writer{b: b, nodes: m.nodes, out: make([]byte, 0, size)}
	w.element(0)
	return w.out, b[end:], nil
}

// node is an element that comes out in another form, in the order in which the
// second pass meets them.
type node struct {
	start, end int // offsets in the input
	content    int // octets of content in the output
}

// measurer is the first pass: it finds what has to change and how long it
// becomes.
type measurer struct {
	b     []byte
	nodes []node
}

// element looks at the element at start, within b[:limit], and returns where
// it ends and its size in the output.
func (m *measurer) element(start, limit, depth int) (end, size int, err error) {
	if depth > maxDepth {
		return 0, 0, ErrDepth
	}
	id, head, n, indefinite, err := header(m.b[start:limit])
	if err != nil {
		return 0, 0, err
	}
	pos := start + head
	if id&0x20 == 0 {
		return pos + n, head + n, nil
	}
	if !indefinite {
		limit = pos + n
	}
	at := len(m.nodes)
	if at == maxRewritten {
		return 0, 0, ErrTooMany
	}
	m.nodes = append(m.nodes, node{})
	joined := id == OctetString|0x20
	content := 0
	for {
		if indefinite && limit-pos >= 2 && m.b[pos] == 0 && m.b[pos+1] == 0 {
			pos += 2
			break
		}
		if !indefinite && pos == limit {
			break
		}
		child := len(m.nodes)
		e, s, err := m.element(pos, limit, depth+1)
		if err != nil {
			if indefinite || joined || errors.Is(err, ErrDepth) || errors.Is(err, ErrTooMany) {
				return 0, 0, err
			}
			// Not elements inside: opaque, for whoever reads it to complain.
			m.nodes = m.nodes[:at]
			return limit, limit - start, nil
		}
		if joined {
			switch m.b[pos] {
			case OctetString:
				_, h, _, _, _ := header(m.b[pos:e])
				s = e - pos - h
			case OctetString | 0x20:
				s = m.nodes[child].content
			default:
				return 0, 0, ErrSyntax
			}
		}
		content += s
		pos = e
	}
	if !indefinite && !joined && len(m.nodes) == at+1 {
		m.nodes = m.nodes[:at]
		return pos, pos - start, nil
	}
	m.nodes[at] = node{start: start, end: pos, content: content}
	return pos, tagLen(m.b[start:]) - 1 + HeaderLen(content) + content, nil
}

func tagLen(b []byte) int {
	n := 1
	if b[0]&0x1f == 0x1f {
		for b[n]&0x80 != 0 {
			n++
		}
		n++
	}
	return n
}

// writer is the second pass. The first has checked everything that could fail.
type writer struct {
	b     []byte
	nodes []node
	out   []byte
}

// take returns the node at start, if the element there changes.
func (w *writer) take(start int) (node, bool) {
	if len(w.nodes) == 0 || w.nodes[0].start != start {
		return node{}, false
	}
	n := w.nodes[0]
	w.nodes = w.nodes[1:]
	return n, true
}

// element writes the element at start and returns where it ends.
func (w *writer) element(start int) int {
	id, head, n, indefinite, _ := header(w.b[start:])
	nd, changes := w.take(start)
	if !changes {
		end := start + head + n
		w.out = append(w.out, w.b[start:end]...)
		return end
	}
	each := w.element
	if id == OctetString|0x20 {
		w.out = AppendHeader(w.out, OctetString, nd.content)
		each = w.segment
	} else {
		t := start + tagLen(w.b[start:]) - 1
		w.out = append(w.out, w.b[start:t]...)
		w.out = AppendHeader(w.out, w.b[t], nd.content)
	}
	w.content(start+head, nd.end, indefinite, each)
	return nd.end
}

// segment writes the content of a segment of an OCTET STRING, which may be
// segmented itself.
func (w *writer) segment(start int) int {
	_, head, n, indefinite, _ := header(w.b[start:])
	nd, nested := w.take(start)
	if !nested {
		end := start + head + n
		w.out = append(w.out, w.b[start+head:end]...)
		return end
	}
	w.content(start+head, nd.end, indefinite, w.segment)
	return nd.end
}

func (w *writer) content(pos, end int, indefinite bool, each func(int) int) {
	if indefinite {
		end -= 2
	}
	for pos < end {
		pos = each(pos)
	}
}
