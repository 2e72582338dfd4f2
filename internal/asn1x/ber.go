package asn1x

import "errors"

// maxDepth bounds the nesting ToDER follows. A signature with a time-stamp in
// it whose token is time-stamped again nests about 35 deep.
const maxDepth = 64

// ErrDepth: elements nested deeper than any signature nests.
var ErrDepth = errors.New("asn1: nested too deep")

// ToDER reads one element from the start of b and returns it with definite
// lengths and unsegmented OCTET STRINGs. An element that has neither is
// returned as it is, without copying, and so is every part of it that has
// neither: certificates inside keep the bytes they were signed with. rest is
// what follows the element. Work and memory are linear in the input.
func ToDER(b []byte) (der, rest []byte, err error) {
	m := measurer{}
	used, size, err := m.element(b, 0)
	if err != nil {
		return nil, b, err
	}
	if !m.nodes[0].changed {
		return b[:used:used], b[used:], nil
	}
	w := writer{nodes: m.nodes, out: make([]byte, 0, size)}
	w.element(b)
	return w.out, b[used:], nil
}

// node is what the first pass knows about a constructed element, in the order
// in which the second pass meets it.
type node struct {
	used    int // octets in the input
	content int // octets of content in the output
	changed bool
}

type measurer struct{ nodes []node }

// element returns the element's size in the input and in the output.
func (m *measurer) element(b []byte, depth int) (used, size int, err error) {
	if depth > maxDepth {
		return 0, 0, ErrDepth
	}
	id, head, n, indefinite, err := header(b)
	if err != nil {
		return 0, 0, err
	}
	if id&0x20 == 0 {
		if depth == 0 {
			m.nodes = append(m.nodes, node{used: head + n})
		}
		return head + n, head + n, nil
	}
	at := len(m.nodes)
	m.nodes = append(m.nodes, node{})
	joined := id == OctetString|0x20
	changed := indefinite || joined
	body := b[head:]
	if !indefinite {
		body = body[:n]
	}
	content, pos := 0, 0
	for {
		if indefinite && len(body)-pos >= 2 && body[pos] == 0 && body[pos+1] == 0 {
			pos += 2
			break
		}
		if !indefinite && pos == len(body) {
			break
		}
		child := len(m.nodes)
		u, s, err := m.element(body[pos:], depth+1)
		if err != nil {
			if indefinite || joined || errors.Is(err, ErrDepth) {
				return 0, 0, err
			}
			// Not elements inside: opaque, for whoever reads it to complain.
			m.nodes = append(m.nodes[:at], node{used: head + n})
			return head + n, head + n, nil
		}
		if joined {
			seg, err := segment(body[pos], m.nodes, child, u, body[pos:])
			if err != nil {
				return 0, 0, err
			}
			s = seg
		}
		changed = changed || len(m.nodes) > child && m.nodes[child].changed
		content += s
		pos += u
	}
	used = head + pos
	m.nodes[at] = node{used: used, content: content, changed: changed}
	if !changed {
		m.nodes = m.nodes[:at+1]
		return used, used, nil
	}
	return used, headerSize(b, content), nil
}

// segment returns how many octets a segment of an OCTET STRING contributes.
func segment(id byte, nodes []node, child, used int, b []byte) (int, error) {
	switch id {
	case OctetString:
		_, head, _, _, err := header(b)
		return used - head, err
	case OctetString | 0x20:
		return nodes[child].content, nil
	}
	return 0, ErrSyntax
}

// headerSize is the output size of the element at b with content octets;
// tag octets are kept, a joined string becomes primitive.
func headerSize(b []byte, content int) int {
	return tagLen(b) - 1 + HeaderLen(content) + content
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

type writer struct {
	nodes []node
	next  int
	out   []byte
}

// element writes the element at b and returns its size in the input. The
// first pass has already checked everything that could fail.
func (w *writer) element(b []byte) int {
	id, head, n, indefinite, _ := header(b)
	if id&0x20 == 0 {
		w.out = append(w.out, b[:head+n]...)
		return head + n
	}
	nd := w.nodes[w.next]
	w.next++
	if !nd.changed {
		w.out = append(w.out, b[:nd.used]...)
		return nd.used
	}
	if id == OctetString|0x20 {
		w.out = AppendHeader(w.out, OctetString, nd.content)
		w.next--
		w.segments(b)
		return nd.used
	}
	t := tagLen(b)
	w.out = append(w.out, b[:t-1]...)
	w.out = AppendHeader(w.out, b[t-1], nd.content)
	end := nd.used
	if indefinite {
		end -= 2
	}
	for pos := head; pos < end; {
		pos += w.element(b[pos:])
	}
	return nd.used
}

// segments writes the content of a segmented OCTET STRING.
func (w *writer) segments(b []byte) int {
	id, head, n, indefinite, _ := header(b)
	if id&0x20 == 0 {
		w.out = append(w.out, b[head:head+n]...)
		return head + n
	}
	nd := w.nodes[w.next]
	w.next++
	end := nd.used
	if indefinite {
		end -= 2
	}
	for pos := head; pos < end; {
		pos += w.segments(b[pos:])
	}
	return nd.used
}
