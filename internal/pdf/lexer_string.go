package pdf

// unhex maps a hexadecimal digit to its value, everything else to notHex.
const notHex = 0xff

var unhex = func() (t [256]uint8) {
	for i := range t {
		t[i] = notHex
	}
	for i := range uint8(10) {
		t['0'+i] = i
	}
	for i := range uint8(6) {
		t['a'+i], t['A'+i] = 10+i, 10+i
	}
	return t
}()

// hexString reads the rest of <…> (ISO 32000-2 §7.3.4.3). An odd last digit
// counts as if a zero followed.
func (l *Lexer) hexString(start int64) ([]byte, error) {
	out := l.scratch[:0]
	var high uint8 = notHex
	for len(out) <= maxStringLen {
		if ok, err := l.more(); !ok {
			return nil, orSyntax(err, l, start, "hexadecimal string has no end")
		}
		buf := l.buf[l.pos:]
		for i := 0; i < len(buf); i++ {
			c := buf[i]
			v := unhex[c]
			if high == notHex && i+1 < len(buf) { // two digits, as nearly all stand
				if w := unhex[buf[i+1]]; v|w < notHex {
					out = append(out, v<<4|w)
					i++
					continue
				}
			}
			switch {
			case v == notHex:
				if c == '>' {
					l.pos += i + 1
					if high != notHex {
						out = append(out, high<<4)
					}
					l.scratch = out
					return out, nil
				}
				if class[c] != white {
					return nil, l.syntax(l.Offset()+int64(i), "not a hexadecimal digit")
				}
			case high == notHex:
				high = v
			default:
				out = append(out, high<<4|v)
				high = notHex
			}
		}
		l.pos = len(l.buf)
	}
	return nil, &LimitError{"maxStringLen", maxStringLen}
}

// special marks the bytes of a literal string that do not just stand for themselves.
var special = [256]bool{'(': true, ')': true, '\r': true, '\\': true}

// literal reads the rest of (…) (ISO 32000-2 §7.3.4.2).
func (l *Lexer) literal(start int64) ([]byte, error) {
	out := l.scratch[:0]
	depth := 1
	next := func() (byte, bool, error) {
		ok, err := l.more()
		if !ok {
			return 0, false, err
		}
		c := l.buf[l.pos]
		l.pos++
		return c, true, nil
	}
	peek := func() (byte, bool) {
		if ok, err := l.more(); !ok || err != nil {
			return 0, false
		}
		return l.buf[l.pos], true
	}
	for len(out) <= maxStringLen {
		rest := l.buf[l.pos:min(len(l.buf), l.pos+maxStringLen-len(out))]
		plain := 0
		for plain < len(rest) && !special[rest[plain]] {
			plain++
		}
		out = append(out, rest[:plain]...)
		l.pos += plain
		c, ok, err := next()
		if !ok {
			return nil, orSyntax(err, l, start, "string has no end")
		}
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				l.scratch = out
				return out, nil
			}
		case '\r':
			if c, ok := peek(); ok && c == '\n' {
				l.pos++
			}
			c = '\n'
		case '\\':
			c, ok, err = next()
			if !ok {
				return nil, orSyntax(err, l, start, "string has no end")
			}
			switch c {
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case 'b':
				c = '\b'
			case 'f':
				c = '\f'
			case '\r':
				if c, ok := peek(); ok && c == '\n' {
					l.pos++
				}
				continue
			case '\n':
				continue
			case '0', '1', '2', '3', '4', '5', '6', '7':
				v := int(c - '0')
				for range 2 {
					d, ok := peek()
					if !ok || d < '0' || d > '7' {
						break
					}
					l.pos++
					v = v<<3 | int(d-'0')
				}
				c = byte(v) // high-order overflow is ignored, says the clause
			}
		}
		out = append(out, c)
	}
	return nil, &LimitError{"maxStringLen", maxStringLen}
}

func orSyntax(err error, l *Lexer, off int64, what string) error {
	if err != nil {
		return err
	}
	return l.syntax(off, what)
}
