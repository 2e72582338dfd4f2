package signer

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxPathSteps bounds the commands of one emblem outline.
const maxPathSteps = 20000

// walkPath reads SVG path data (SVG 2 §9.3) with the commands M L H V C Z and
// calls visit with absolute M, L, C and Z. y counts downwards, as in SVG.
func walkPath(d string, visit func(cmd byte, p [6]float64)) error {
	s := pathScanner{rest: d}
	var x, y, startX, startY float64
	var cmd byte
	for step := 0; ; step++ {
		if step > maxPathSteps {
			return fmt.Errorf("more than %d commands", maxPathSteps)
		}
		next, ok := s.command()
		switch {
		case ok:
			cmd = next
		case s.done():
			return nil
		case cmd == 0 || cmd == 'Z' || cmd == 'z':
			return fmt.Errorf("number without a command before %q", s.ahead())
		case cmd == 'M':
			cmd = 'L' // further pairs after M are lines
		case cmd == 'm':
			cmd = 'l'
		}
		if step == 0 && cmd != 'M' && cmd != 'm' {
			return errors.New("does not start with M")
		}
		dx, dy := 0.0, 0.0
		if cmd >= 'a' {
			dx, dy = x, y
		}
		var p [6]float64
		out := cmd &^ 0x20
		switch out {
		case 'M', 'L':
			s.numbers(p[:2])
			p[0], p[1] = p[0]+dx, p[1]+dy
			x, y = p[0], p[1]
			if out == 'M' {
				startX, startY = x, y
			}
		case 'H':
			s.numbers(p[:1])
			x, out = p[0]+dx, 'L'
			p[0], p[1] = x, y
		case 'V':
			s.numbers(p[:1])
			y, out = p[0]+dy, 'L'
			p[0], p[1] = x, y
		case 'C':
			s.numbers(p[:])
			for i := range p {
				p[i] += []float64{dx, dy}[i%2]
			}
			x, y = p[4], p[5]
		case 'Z':
			x, y = startX, startY
		default:
			return fmt.Errorf("command %q is not supported", cmd)
		}
		if s.err != nil {
			return s.err
		}
		visit(out, p)
	}
}

type pathScanner struct {
	rest string
	err  error
}

func (s *pathScanner) skip() { s.rest = strings.TrimLeft(s.rest, " ,\t\r\n") }

func (s *pathScanner) done() bool {
	s.skip()
	return s.rest == ""
}

func (s *pathScanner) ahead() string { return s.rest[:min(len(s.rest), 12)] }

func (s *pathScanner) command() (byte, bool) {
	if s.done() {
		return 0, false
	}
	if c := s.rest[0] &^ 0x20; c >= 'A' && c <= 'Z' {
		c = s.rest[0]
		s.rest = s.rest[1:]
		return c, true
	}
	return 0, false
}

func (s *pathScanner) numbers(p []float64) {
	for i := range p {
		s.skip()
		n := 0
		for n < len(s.rest) {
			c := s.rest[n]
			sign := (c == '-' || c == '+') && n == 0
			dot := c == '.' && !strings.Contains(s.rest[:n], ".")
			if !sign && !dot && (c < '0' || c > '9') {
				break
			}
			n++
		}
		v, err := strconv.ParseFloat(s.rest[:n], 64)
		if err != nil || v > 1e6 || v < -1e6 {
			if s.err == nil {
				s.err = fmt.Errorf("want a number before %q", s.ahead())
			}
			return
		}
		p[i], s.rest = v, s.rest[n:]
	}
}
