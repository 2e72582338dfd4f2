package pdf

import (
	"bytes"
	"slices"
)

// gaps accounts for the bytes between objects and sections.
func (in *inspector) gaps() error {
	slices.SortFunc(in.spans, func(a, b [2]int64) int { return int(max(-1, min(1, a[0]-b[0]))) })
	at := in.r.Start
	for _, s := range append(in.spans, [2]int64{in.r.End, in.r.End}) {
		if s[0] < in.r.Start || s[0] < at {
			in.flaw(s[0], "objects share bytes")
			continue
		}
		if err := in.gap(at, s[0]); err != nil {
			return err
		}
		at = s[1]
	}
	return nil
}

// gap takes white space and short comments between two parts of the file.
func (in *inspector) gap(from, to int64) error {
	outside := func(off int64, detail string) error {
		in.flaws = append(in.flaws, Flaw{Offset: off, Outside: true, Detail: detail})
		return nil
	}
	if to-from > maxGap {
		return outside(from, "much that belongs to nothing")
	}
	b, err := in.d.src.view(max(0, from-1), int(to-max(0, from-1)))
	if err != nil {
		return err
	}
	if from > 0 {
		// What directly follows another part runs on in it: %%EOF is a comment.
		last := b[0]
		b = b[1:]
		first := byte(' ')
		if len(b) > 0 {
			first = b[0]
		}
		switch {
		case len(b) == 0 && to == in.r.End:
			return nil
		case from == in.r.Start && !isEOL(last) && (len(b) == 0 || bytes.IndexFunc(b, func(c rune) bool { return c == '\r' || c == '\n' }) < 0 || bytes.ContainsAny(untilEOL(b), "%")):
			return outside(from, "the revision begins in the comment %%EOF")
		case len(b) == 0 && class[last] != white, len(b) > 0 && class[first] != white && first != '%':
			return outside(from, "what belongs to nothing")
		}
	}
	for len(b) > 0 {
		if class[b[0]] == white {
			b = b[1:]
			continue
		}
		off := to - int64(len(b))
		line := untilEOL(b)
		if b[0] != '%' || len(line) > maxGapComment || len(line) == len(b) && to != in.r.End || bytes.HasPrefix(b, []byte("%PDF-")) {
			return outside(off, "what belongs to nothing")
		}
		b = b[len(line):]
	}
	return nil
}

func isEOL(c byte) bool { return c == '\r' || c == '\n' }

func untilEOL(b []byte) []byte {
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		return b[:i]
	}
	return b
}

// keywords are what readers look for that rebuild a cross-reference.
var keywords = [...]string{"obj", "endstream", "trailer", "xref", "%%EOF"}

// words looks for keywords that are not accounted for, wherever they stand.
func (in *inspector) words() error {
	longest := 0
	for _, w := range keywords {
		longest = max(longest, len(w))
	}
	for off := in.r.Start; off < in.r.End; {
		b, err := in.d.window(off, in.r.End)
		if err != nil {
			return err
		}
		last := off+int64(len(b)) >= in.r.End || len(b) < longest
		own := len(b) - longest + 1 // a word that begins later is met in the next window
		if last {
			own = len(b)
		}
		for _, w := range keywords {
			for i := 0; ; i++ {
				j := bytes.Index(b[i:], []byte(w))
				if j < 0 || i+j >= own {
					break
				}
				i += j
				if at := off + int64(i); !in.marks[at] {
					if bad, err := in.d.takenFor(w, at); err != nil {
						return err
					} else if bad {
						in.flaw(at, "\""+w+"\" stands where a reader may take it for structure")
					}
				}
				if len(in.flaws) >= maxFlaws {
					return nil
				}
			}
		}
		if last {
			return nil
		}
		off += int64(own)
	}
	return nil
}

// lookBehind and lookAhead bound the bytes around a word that are looked at.
// What reaches further counts as the worst.
const (
	lookBehind = 512
	lookAhead  = 64
)

// takenFor reports whether a reader that searches may take the word at this
// place for structure, knowing nothing of strings and streams.
func (d *Document) takenFor(word string, at int64) (bool, error) {
	from := max(0, at-lookBehind)
	b, err := d.src.view(from, int(at-from)+len(word)+lookAhead)
	if err != nil {
		return false, err
	}
	before, after := b[:at-from], b[int(at-from)+len(word):]
	ends := len(after) == 0 || class[after[0]] != regular
	switch word {
	case "obj":
		return bytes.HasSuffix(before, []byte("end")) || headerBefore(before, ends), nil
	case "trailer":
		rest := bytes.TrimLeft(after, "\x00\t\n\f\r ")
		return startsLine(before) || len(rest) == 0 || rest[0] == '%' || bytes.HasPrefix(rest, []byte("<<")), nil
	case "xref":
		if bytes.HasSuffix(before, []byte("start")) {
			return true, nil
		}
		rest := bytes.TrimLeft(after, "\x00\t\n\f\r ")
		return ends && startsLine(before) || len(rest) < len(after) && (len(rest) == 0 || isDigit(rest[0]) || rest[0] == '%'), nil
	}
	return true, nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// startsLine reports whether nothing but white space stands before on the line.
func startsLine(before []byte) bool {
	b := bytes.TrimRight(before, "\x00\t\f ")
	return len(b) == 0 || isEOL(b[len(b)-1])
}

// headerBefore reports whether before ends in two numbers, as in "4 0 obj", in
// white space, or with a comment among them: "4 0 %…" and a new line. ends says
// that "obj" is a whole word.
func headerBefore(before []byte, ends bool) bool {
	b := trimSpace(before)
	if len(b) == 0 {
		return true
	}
	if !inNumber(b[len(b)-1]) {
		return ends && len(b) < len(before) && commentedOut(before)
	}
	for len(b) > 0 && inNumber(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	c := trimSpace(b)
	switch {
	case len(c) == 0:
		return true
	case len(c) < len(b) && inNumber(c[len(c)-1]):
		return true
	}
	return ends && len(c) < len(b) && commentedOut(b)
}

// inNumber: some readers take "+3 -0 obj" for a header.
func inNumber(c byte) bool { return isDigit(c) || c == '+' || c == '-' || c == '.' }

// trimSpace cuts off what any reader takes for white space: PDFium counts the
// bytes 128 and 255 among it, others the vertical tab.
func trimSpace(b []byte) []byte {
	for len(b) > 0 {
		switch c := b[len(b)-1]; {
		case class[c] == white, c == '\v', c == 0x80, c == 0xff:
			b = b[:len(b)-1]
		default:
			return b
		}
	}
	return b
}

// commentedOut reports whether the last line that is not blank may end in a
// comment.
func commentedOut(b []byte) bool {
	space := b[len(trimSpace(b)):]
	if !bytes.ContainsAny(space, "\r\n") {
		return false
	}
	b = b[:len(b)-len(space)]
	i := bytes.LastIndexAny(b, "\r\n")
	return i < 0 || bytes.IndexByte(b[i+1:], '%') >= 0
}
