package xmldsig

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"

	"github.com/vidimus/vidimus/internal/pki/xmldsig/c14n"
)

// node is an element of the Signature.
type node struct {
	space, local string
	start        int
	attrs        []c14n.Attr
	text         []byte
	children     []*node
}

// find reads the document and returns its one signature, with the value of the
// root's Id attribute.
func find(doc []byte) (sig *node, end int, rootID string, err error) {
	s := c14n.NewScanner(doc)
	for {
		t, err := s.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, 0, "", err
		}
		if t.Kind != c14n.StartElement {
			continue
		}
		if t.Depth == 1 {
			rootID = idOf(t.Attrs)
		}
		if t.Space != Namespace || t.Local != "Signature" {
			continue
		}
		if sig != nil {
			return nil, 0, "", failed("more than one signature")
		}
		if t.Depth != 2 {
			return nil, 0, "", failed("the signature is not a child of the root element")
		}
		if sig, end, err = tree(s, t); err != nil {
			return nil, 0, "", err
		}
	}
	return sig, end, rootID, nil
}

// idOf returns the attribute that a reference may name an element by.
func idOf(attrs []c14n.Attr) string {
	for _, a := range attrs {
		if a.Prefix == "" && strings.EqualFold(a.Local, "id") {
			return a.Value
		}
	}
	return ""
}

// tree reads the element whose start tag is t.
func tree(s *c14n.Scanner, t c14n.Token) (*node, int, error) {
	root := newNode(&t)
	open := []*node{root}
	for nodes := 1; ; {
		next, err := s.Next()
		if err != nil {
			return nil, 0, err
		}
		in := open[len(open)-1]
		switch next.Kind {
		case c14n.StartElement:
			if nodes++; nodes > maxNodes {
				return nil, 0, failed("the signature has too many elements")
			}
			if next.Space == Namespace && next.Local == "Signature" {
				return nil, 0, failed("more than one signature")
			}
			n := newNode(&next)
			in.children = append(in.children, n)
			open = append(open, n)
		case c14n.Text:
			in.text = append(in.text, next.Data...)
		case c14n.EndElement:
			if open = open[:len(open)-1]; len(open) == 0 {
				return root, next.End, nil
			}
		}
		if next.End-root.start > maxSize {
			return nil, 0, failed("the signature is too large")
		}
	}
}

func newNode(t *c14n.Token) *node {
	return &node{space: t.Space, local: t.Local, start: t.Start, attrs: append([]c14n.Attr(nil), t.Attrs...)}
}

// all returns the children with a name of this namespace.
func (n *node) all(local string) []*node {
	var out []*node
	for _, c := range n.children {
		if c.space == Namespace && c.local == local {
			out = append(out, c)
		}
	}
	return out
}

// one returns the only child with a name.
func (n *node) one(local string) (*node, error) {
	list := n.all(local)
	if len(list) != 1 {
		return nil, failed("want one " + local + " in " + n.local)
	}
	return list[0], nil
}

// attr returns the value of an attribute without prefix.
func (n *node) attr(local string) (string, bool) {
	for _, a := range n.attrs {
		if a.Prefix == "" && a.Local == local {
			return a.Value, true
		}
	}
	return "", false
}

func (n *node) algorithm() string {
	v, _ := n.attr("Algorithm")
	return v
}

// base64 decodes the text, in which white space means nothing.
func (n *node) base64() ([]byte, error) {
	compact := bytes.Join(bytes.Fields(n.text), nil)
	out := make([]byte, base64.StdEncoding.DecodedLen(len(compact)))
	k, err := base64.StdEncoding.Strict().Decode(out, compact)
	if err != nil || len(n.children) > 0 {
		return nil, failed(n.local + " is not base64")
	}
	return out[:k], nil
}

// elementByID returns where the only element with an identifier starts.
func elementByID(doc []byte, id string) (int, error) {
	s := c14n.NewScanner(doc)
	at := -1
	for {
		t, err := s.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
		if t.Kind != c14n.StartElement {
			continue
		}
		for _, a := range t.Attrs {
			if !strings.EqualFold(a.Local, "id") || a.Value != id {
				continue
			}
			if at >= 0 {
				return 0, failed("identifier " + id + " is not unique")
			}
			at = t.Start
		}
	}
	if at < 0 {
		return 0, failed("no element has the identifier " + id)
	}
	return at, nil
}
