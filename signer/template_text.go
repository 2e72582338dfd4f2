package signer

import (
	"errors"
	"fmt"
	"strings"
)

// segment is a piece of a compiled text: literal, value or optional group.
type segment struct {
	literal string
	value   valueRef
	group   []segment
}

// maxGroups bounds how deep optional groups nest.
const maxGroups = 4

// compile parses the text of a template; see [Text]. Values of the template
// itself become literals.
func (t *Template) compile(s, lang string) ([]segment, error) {
	segs, rest, err := t.compileGroup(s, lang, 0)
	if err == nil && rest != "" {
		err = errors.New("']' without '['")
	}
	return segs, err
}

func (t *Template) compileGroup(s, lang string, depth int) (segs []segment, rest string, err error) {
	if depth > maxGroups {
		return nil, "", fmt.Errorf("groups nested more than %d deep", maxGroups)
	}
	var lit strings.Builder
	flush := func() {
		if lit.Len() > 0 {
			segs = append(segs, segment{literal: lit.String()})
			lit.Reset()
		}
	}
	for s != "" {
		switch {
		case strings.HasPrefix(s, "{{"), strings.HasPrefix(s, "[["):
			lit.WriteByte(s[0])
			s = s[2:]
		case s[0] == '{':
			name, after, ok := strings.Cut(s[1:], "}")
			if !ok {
				return nil, "", errors.New("'{' without '}'")
			}
			s = after
			if own, ok := t.Values[name]; ok {
				lit.WriteString(own.In(lang))
				continue
			}
			f := valueByName(name)
			if f == valueNone {
				return nil, "", fmt.Errorf("no value {%s}", name)
			}
			flush()
			segs = append(segs, segment{value: f})
		case s[0] == '[':
			flush()
			var group []segment
			if group, s, err = t.compileGroup(s[1:], lang, depth+1); err != nil {
				return nil, "", err
			}
			if s == "" {
				return nil, "", errors.New("'[' without ']'")
			}
			s = s[1:]
			segs = append(segs, segment{group: group})
		case s[0] == ']':
			if depth == 0 {
				return nil, "", errors.New("']' without '['")
			}
			flush()
			return segs, s, nil
		default:
			lit.WriteByte(s[0])
			s = s[1:]
		}
	}
	flush()
	return segs, "", nil
}

// constant reports whether a text has no values of the certificate.
func constant(segs []segment) bool {
	for _, s := range segs {
		if s.value != valueNone && !s.value.perPage() || s.group != nil && !constant(s.group) {
			return false
		}
	}
	return true
}

// expand appends the text with its values. full is false when a value was
// empty.
func expand(dst []byte, segs []segment, v *values) (out []byte, full bool) {
	full = true
	for i := range segs {
		switch s := &segs[i]; {
		case s.group != nil:
			mark := len(dst)
			var ok bool
			if dst, ok = expand(dst, s.group, v); !ok {
				dst = dst[:mark]
			}
		case s.value != valueNone:
			mark := len(dst)
			if dst = v.append(dst, s.value); len(dst) == mark {
				full = false
			}
		default:
			dst = append(dst, s.literal...)
		}
	}
	return dst, full
}

// namesIn appends the names of the values in a text.
func namesIn(names []string, segs []segment) []string {
	for _, s := range segs {
		if s.group != nil {
			names = namesIn(names, s.group)
		} else if s.value != valueNone {
			names = append(names, valueNames[s.value])
		}
	}
	return names
}

func whenName(when string) string { return strings.TrimPrefix(when, "!") }
