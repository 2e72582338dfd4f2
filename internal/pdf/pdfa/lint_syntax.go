package pdfa

import "bytes"

// value is one object as it stands in the file: number, name, string, array,
// dictionary or reference.
type value []byte

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0 || c == '\f'
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// regular marks bytes that belong to a number, keyword or name.
var regular = func() (t [256]bool) {
	for c := range 256 {
		t[c] = !isSpace(byte(c)) && !isDelimiter(byte(c))
	}
	return t
}()

func skipSpace(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

// maxNesting bounds dictionaries and arrays inside each other. The writer needs
// five levels.
const maxNesting = 16

// skip returns the end of the token or composite that starts at i, or -1.
// References are three tokens to it.
func skip(b []byte, i, depth int) int {
	if i >= len(b) || depth > maxNesting {
		return -1
	}
	switch c := b[i]; {
	case c == '(':
		return skipString(b, i)
	case c == '<' && i+1 < len(b) && b[i+1] == '<':
		return skipUntil(b, i+2, depth, '>')
	case c == '<':
		n := bytes.IndexByte(b[i:], '>')
		if n < 0 {
			return -1
		}
		return i + n + 1
	case c == '[':
		return skipUntil(b, i+1, depth, ']')
	case c == '/':
		i++
	case !regular[c]:
		return -1
	}
	for i < len(b) && regular[b[i]] {
		i++
	}
	return i
}

func skipUntil(b []byte, i, depth int, closer byte) int {
	for {
		i = skipSpace(b, i)
		if i >= len(b) {
			return -1
		}
		if b[i] == closer {
			if closer == ']' {
				return i + 1
			}
			if i+1 < len(b) && b[i+1] == '>' {
				return i + 2
			}
			return -1
		}
		if i = skip(b, i, depth+1); i < 0 {
			return -1
		}
	}
}

func skipString(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// entries calls visit for each entry of a dictionary; a reference is one value.
// The value must have been skipped successfully before.
func (v value) entries(visit func(key, val value)) {
	if len(v) < 4 || v[0] != '<' || v[1] != '<' {
		return
	}
	for i := skipSpace(v, 2); i < len(v) && v[i] == '/'; i = skipSpace(v, i) {
		end := skip(v, i, 0)
		key := v[i:end]
		i = skipSpace(v, end)
		end = v.next(i)
		if end < 0 {
			return
		}
		visit(key, v[i:end])
		i = end
	}
}

// next returns the end of the value at i, taking a reference as one.
func (v value) next(i int) int {
	end := skip(v, i, 0)
	if end < 0 || v[i] < '0' || v[i] > '9' {
		return end
	}
	// "12 0 R"
	if end+4 <= len(v) && v[end] == ' ' && v[end+1] == '0' && v[end+2] == ' ' && v[end+3] == 'R' {
		return end + 4
	}
	return end
}

// get returns the value of a key, or nil.
func (v value) get(key string) value {
	if len(v) < 4 || v[0] != '<' || v[1] != '<' {
		return nil
	}
	for i := skipSpace(v, 2); i < len(v) && v[i] == '/'; i = skipSpace(v, i) {
		end := skip(v, i, 0)
		found := string(v[i:end]) == key
		i = skipSpace(v, end)
		if end = v.next(i); end < 0 {
			return nil
		}
		if found {
			return v[i:end]
		}
		i = end
	}
	return nil
}

// entry is one of a dictionary.
type entry struct{ key, val value }

// split is a dictionary that is asked for many of its keys: to walk over a value
// takes as long as its strings are.
type split []entry

// get returns the value of a key, or nil.
func (d split) get(key string) value {
	for i := range d {
		if string(d[i].key) == key {
			return d[i].val
		}
	}
	return nil
}

// items calls visit for each element of an array.
func (v value) items(visit func(val value)) {
	if len(v) < 2 || v[0] != '[' {
		return
	}
	for i := skipSpace(v, 1); i < len(v) && v[i] != ']'; i = skipSpace(v, i) {
		end := v.next(i)
		if end < 0 {
			return
		}
		visit(v[i:end])
		i = end
	}
}

// ref returns the number of a reference, or 0.
func (v value) ref() int {
	if n := len(v); n > 4 && string(v[n-4:]) == " 0 R" {
		return v[:n-4].int(0)
	}
	return 0
}

// int returns a non-negative integer, or otherwise if it is none.
func (v value) int(otherwise int) int {
	if len(v) == 0 || len(v) > 10 {
		return otherwise
	}
	n := 0
	for _, c := range v {
		if c < '0' || c > '9' {
			return otherwise
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// appendString decodes a literal or hexadecimal string.
func (v value) appendString(dst []byte) []byte {
	if len(v) < 2 {
		return dst
	}
	if v[0] == '<' {
		var acc, n byte
		for _, c := range v[1 : len(v)-1] {
			d, ok := hexDigit(c)
			if !ok {
				continue
			}
			if acc, n = acc<<4|d, n+1; n == 2 {
				dst, acc, n = append(dst, acc), 0, 0
			}
		}
		return dst
	}
	for i := 1; i < len(v)-1; i++ {
		c := v[i]
		if c == '\\' && i+1 < len(v)-1 {
			i++
			if c = v[i]; c == 'r' {
				c = '\r'
			}
		}
		dst = append(dst, c)
	}
	return dst
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}

// appendText decodes a text string to UTF-8.
func (v value) appendText(dst []byte) []byte {
	var room [512]byte
	s := v.appendString(room[:0])
	if len(s) < 2 || s[0] != 0xFE || s[1] != 0xFF {
		return append(dst, s...)
	}
	for i := 2; i+1 < len(s); i += 2 {
		r := rune(s[i])<<8 | rune(s[i+1])
		if r >= 0xD800 && r < 0xDC00 && i+3 < len(s) {
			r = (r-0xD800)<<10 + (rune(s[i+2])<<8 | rune(s[i+3])) - 0xDC00 + 0x10000
			i += 2
		}
		dst = appendRune(dst, r)
	}
	return dst
}
