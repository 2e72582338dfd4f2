package registry

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/vidimus/vidimus"
	"golang.org/x/mod/sumdb/tlog"
)

// Leaf is what the log says about one event. It has no personal data: who holds
// the certificate, who acted and on what basis stand in the database, and the
// leaf commits to them with SHA-256 under a random nonce that never leaves it.
//
// Its bytes are lines of "name value", each ended by a newline, with exactly
// these names in this order:
//
//	vidimus/leaf/1
//	type issue | change | erase
//	id          the certificate's ID
//	seq         0 for the issue, then counted per certificate
//	prev        RFC 6962 hash of the certificate's previous leaf, "-" for the issue
//	at          when the registry recorded it, UTC, microseconds
//	journal     commitment to the line of the journal
//
// then for an issue
//
//	kind        code of the kind of accreditation
//	record      commitment to the record
//	document    SHA-256 of the signed document
//
// and for a change
//
//	action      suspend, reinstate, revoke, annul or replace
//	reason      code of [vidimus.Reasons]
//	effective   from when it counts
//	replacement ID of the certificate that stands in place of this one, or "-"
//
// Hashes are in lower-case hexadecimal. One leaf has one spelling: what
// [ParseLeaf] accepts, [Leaf.Bytes] gives back. The log's entry is these bytes,
// its leaf hash SHA-256(0x00 ‖ bytes), RFC 6962 §2.1.
type Leaf struct {
	Type    LeafType
	ID      vidimus.ID
	Seq     int64
	Prev    tlog.Hash // zero for the issue
	At      time.Time
	Journal [32]byte

	Kind     string // issue
	Record   [32]byte
	Document [32]byte

	Action      vidimus.Action // change
	Reason      string
	Effective   time.Time
	Replacement vidimus.ID
}

// LeafType says what happened.
type LeafType string

const (
	LeafIssue  LeafType = "issue"
	LeafChange LeafType = "change"
	LeafErase  LeafType = "erase" // row, document, salt and nonces were deleted
)

const (
	leafMagic  = "vidimus/leaf/1"
	leafTime   = "2006-01-02T15:04:05.000000Z"
	maxLeaf    = 1024 // bytes; all lines together are below 600 with a kind of 64
	maxLeafKey = 64   // bytes of a code (kind, action, reason)
)

// Bytes returns the entry of the log.
func (l *Leaf) Bytes() []byte {
	b := make([]byte, 0, 512)
	line := func(name, value string) {
		b = append(append(append(append(b, name...), ' '), value...), '\n')
	}
	hash := func(name string, h [32]byte) {
		b = append(append(b, name...), ' ')
		b = append(hex.AppendEncode(b, h[:]), '\n')
	}
	b = append(append(b, leafMagic...), '\n')
	line("type", string(l.Type))
	line("id", l.ID.String())
	line("seq", strconv.FormatInt(l.Seq, 10))
	if l.Type == LeafIssue {
		line("prev", "-")
	} else {
		hash("prev", l.Prev)
	}
	line("at", l.At.UTC().Format(leafTime))
	hash("journal", l.Journal)
	switch l.Type {
	case LeafIssue:
		line("kind", l.Kind)
		hash("record", l.Record)
		hash("document", l.Document)
	case LeafChange:
		line("action", string(l.Action))
		line("reason", l.Reason)
		line("effective", l.Effective.UTC().Format(leafTime))
		replacement := "-"
		if !l.Replacement.IsZero() {
			replacement = l.Replacement.String()
		}
		line("replacement", replacement)
	}
	return b
}

// ParseLeaf reads an entry of the log. Anything that [Leaf.Bytes] would not
// have written is [ErrLeaf].
func ParseLeaf(data []byte) (*Leaf, error) {
	if len(data) > maxLeaf {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrLeaf, maxLeaf)
	}
	p := leafParser{rest: string(data)}
	l := &Leaf{}
	p.magic()
	l.Type = LeafType(p.value("type"))
	l.ID = p.id("id")
	l.Seq = p.number("seq")
	switch l.Type {
	case LeafIssue:
		if p.value("prev") != "-" || l.Seq != 0 {
			p.fail("an issue is the first leaf of its certificate")
		}
	case LeafChange, LeafErase:
		if l.Prev = p.hash("prev"); l.Seq == 0 {
			p.fail("seq 0 belongs to the issue")
		}
	default:
		p.fail("unknown type")
	}
	l.At = p.time("at")
	l.Journal = p.hash("journal")
	switch l.Type {
	case LeafIssue:
		l.Kind = p.code("kind")
		l.Record = p.hash("record")
		l.Document = p.hash("document")
	case LeafChange:
		l.Action = vidimus.Action(p.code("action"))
		l.Reason = p.code("reason")
		l.Effective = p.time("effective")
		if r := p.value("replacement"); r != "-" {
			l.Replacement = p.parseID("replacement", r)
		}
	}
	if p.rest != "" {
		p.fail("something follows the last line")
	}
	if p.err != nil {
		return nil, p.err
	}
	if !bytes.Equal(l.Bytes(), data) {
		return nil, fmt.Errorf("%w: not in canonical form", ErrLeaf)
	}
	return l, nil
}

// leafParser takes lines off rest and keeps the first error.
type leafParser struct {
	rest string
	err  error
}

func (p *leafParser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("%w: %s", ErrLeaf, fmt.Sprintf(format, args...))
	}
}

func (p *leafParser) magic() {
	line, rest, ok := strings.Cut(p.rest, "\n")
	if !ok || line != leafMagic {
		p.fail("does not begin with %q", leafMagic)
	}
	p.rest = rest
}

func (p *leafParser) value(name string) string {
	line, rest, ok := strings.Cut(p.rest, "\n")
	value, named := strings.CutPrefix(line, name+" ")
	if !ok || !named {
		p.fail("no line %q where it is due", name)
		return ""
	}
	p.rest = rest
	return value
}

func (p *leafParser) code(name string) string {
	v := p.value(name)
	if !validCode(v) {
		p.fail("%s is not a code", name)
	}
	return v
}

// validCode accepts codes of kinds, actions and reasons: visible characters
// without spaces, so that a code is one word of its line.
func validCode(s string) bool {
	for _, r := range s {
		if !unicode.IsGraphic(r) || unicode.IsSpace(r) || r == utf8.RuneError {
			return false
		}
	}
	return s != "" && len(s) <= maxLeafKey
}

func (p *leafParser) number(name string) int64 {
	n, err := strconv.ParseInt(p.value(name), 10, 64)
	if err != nil || n < 0 {
		p.fail("%s is not a count", name)
	}
	return n
}

func (p *leafParser) hash(name string) (h [32]byte) {
	v := p.value(name)
	if n, err := hex.Decode(h[:], []byte(v[:min(len(v), 2*len(h))])); err != nil || n != len(h) {
		p.fail("%s is not a hash", name)
	}
	return h
}

func (p *leafParser) time(name string) time.Time {
	t, err := time.Parse(leafTime, p.value(name))
	if err != nil {
		p.fail("%s is not a time", name)
	}
	return t
}

func (p *leafParser) id(name string) vidimus.ID { return p.parseID(name, p.value(name)) }

func (p *leafParser) parseID(name, v string) vidimus.ID {
	id, err := vidimus.ParseID(v)
	if err != nil {
		p.fail("%s is not an ID", name)
	}
	return id
}
