package verify

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/qr"
)

const (
	// maxContent bounds the decoded content of a page of ours, which has some
	// twenty kilobytes.
	maxContent = 4 << 20
	// maxOwnPages bounds the pages of a certificate of ours, which has one.
	maxOwnPages = 8
	// maxForms bounds the form XObjects followed from a page, and their nesting.
	maxForms = 32
	// minModules is how many rectangles make a filled path a QR code and not an
	// ornament: the smallest symbol that holds a token has over a thousand dark
	// modules in several hundred runs.
	minModules = 120
)

// pageScan is what a page shows: its text without white space, and the paths
// that look like QR codes.
type pageScan struct {
	text  strings.Builder
	codes [][]rectangle
	odd   []string // what a page of ours never has

	rev   *pdf.Revision
	cache *scanCache
	forms int
}

// rectangle is one of "x y w h re" in whole modules.
type rectangle struct{ x, y, w, h int }

// scanPages reads all pages of a revision.
func scanPages(rev *pdf.Revision, cache *scanCache) (*pageScan, error) {
	s := &pageScan{rev: rev, cache: cache}
	pages, err := rev.Pages()
	if err != nil {
		return nil, err
	}
	if len(pages) == 0 || len(pages) > maxOwnPages {
		return nil, fmt.Errorf("%d pages", len(pages))
	}
	for i := range pages {
		content, err := s.content(pages[i].Dict.Get("Contents"))
		if err != nil {
			return nil, err
		}
		resources, err := rev.Dict(pages[i].Resources)
		if err != nil {
			return nil, err
		}
		if err := s.scan(content, resources, 0); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// content joins the streams of /Contents with white space between.
func (s *pageScan) content(o pdf.Object) ([]byte, error) {
	v, err := s.rev.Resolve(o)
	if err != nil {
		return nil, err
	}
	list, ok := v.(pdf.Array)
	if !ok {
		list = pdf.Array{v}
	}
	var all []byte
	for _, item := range list {
		st, err := s.rev.Stream(item)
		if err != nil {
			return nil, err
		}
		if st == nil {
			continue
		}
		b, err := st.Decode(maxContent)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 && len(list) == 1 {
			return b, nil
		}
		all = append(append(all, b...), '\n')
		if len(all) > maxContent {
			return nil, errors.New("page content is too long")
		}
	}
	return all, nil
}

// scanState is the part of the graphics state that is followed.
type scanState struct {
	font *glyphText
	mode int64 // text rendering mode
}

func (s *pageScan) scan(content []byte, resources *pdf.Dict, depth int) error {
	var st scanState
	var stack []scanState
	var path []rectangle
	whole := true // path consists of whole rectangles only
	c := pdf.NewContent(content)
	for {
		op, ok, err := c.Next()
		if err != nil {
			return err
		}
		if !ok {
			return nil
		}
		switch op.Operator {
		case "q":
			if len(stack) < maxForms {
				stack = append(stack, st)
			}
		case "Q":
			if n := len(stack); n > 0 {
				st, stack = stack[n-1], stack[:n-1]
			}
		case "Tf":
			if st.font, err = s.font(resources, op.Operands); err != nil {
				return err
			}
		case "Tr":
			st.mode = integerAt(op.Operands, 0)
		case "Tj", "'", "\"", "TJ":
			if err := s.show(&st, op.Operands); err != nil {
				return err
			}
		case "re":
			r, ok := wholeRectangle(op.Operands)
			whole = whole && ok
			path = append(path, r)
		case "m", "l", "c", "v", "y":
			whole = false
		case "f", "F", "f*", "B", "B*", "b", "b*":
			if whole && len(path) >= minModules {
				s.codes = append(s.codes, path)
				path = nil
			}
			path, whole = path[:0], true
		case "S", "s", "n":
			path, whole = path[:0], true
		case "Do":
			if err := s.object(resources, op.Operands, depth); err != nil {
				return err
			}
		case "BI":
			s.odd = append(s.odd, "an inline image")
		case "sh":
			s.odd = append(s.odd, "a shading")
		}
	}
}

func integerAt(operands []pdf.Object, i int) int64 {
	if i < len(operands) {
		if n, ok := operands[i].(pdf.Integer); ok {
			return int64(n)
		}
	}
	return -1
}

func wholeRectangle(operands []pdf.Object) (rectangle, bool) {
	if len(operands) != 4 {
		return rectangle{}, false
	}
	var n [4]int
	for i, o := range operands {
		v, ok := o.(pdf.Integer)
		if !ok || v < 0 || v > 1000 {
			return rectangle{}, false
		}
		n[i] = int(v)
	}
	return rectangle{n[0], n[1], n[2], n[3]}, true
}

// object follows a form XObject; an image is named.
func (s *pageScan) object(resources *pdf.Dict, operands []pdf.Object, depth int) error {
	if len(operands) != 1 {
		return nil
	}
	name, _ := operands[0].(pdf.Name)
	list, err := s.rev.Dict(resources.Get("XObject"))
	if err != nil {
		return err
	}
	form, err := s.rev.Stream(list.Get(name))
	if err != nil || form == nil {
		return err
	}
	if sub, err := s.rev.Name(form.Dict.Get("Subtype")); err != nil || sub != "Form" {
		s.odd = append(s.odd, "an image")
		return err
	}
	if s.forms++; s.forms > maxForms || depth > maxForms/4 {
		return errors.New("too many form XObjects")
	}
	own, err := s.rev.Dict(form.Dict.Get("Resources"))
	if err != nil {
		return err
	}
	if own == nil {
		own = resources
	}
	content, err := form.Decode(maxContent)
	if err != nil {
		return err
	}
	return s.scan(content, own, depth+1)
}

// show appends text; one that is drawn invisibly is not read by people and is
// named instead.
func (s *pageScan) show(st *scanState, operands []pdf.Object) error {
	if len(operands) == 0 {
		return nil
	}
	if st.mode != 0 {
		s.odd = append(s.odd, "text drawn otherwise than filled")
		return nil
	}
	if st.font == nil {
		return errors.New("text without a font")
	}
	switch v := operands[len(operands)-1].(type) {
	case pdf.String:
		return st.font.append(&s.text, v)
	case pdf.Array:
		for _, o := range v {
			if str, ok := o.(pdf.String); ok {
				if err := st.font.append(&s.text, str); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *pageScan) font(resources *pdf.Dict, operands []pdf.Object) (*glyphText, error) {
	if len(operands) != 2 {
		return nil, errors.New("malformed operands of Tf")
	}
	name, _ := operands[0].(pdf.Name)
	fonts, err := s.rev.Dict(resources.Get("Font"))
	if err != nil {
		return nil, err
	}
	font, err := s.rev.Dict(fonts.Get(name))
	if err != nil {
		return nil, err
	}
	st, err := s.rev.Stream(font.Get("ToUnicode"))
	if err != nil {
		return nil, err
	}
	if st == nil {
		return nil, fmt.Errorf("font /%s has no ToUnicode", name)
	}
	raw := make([]byte, st.Raw().Size())
	if n, err := st.Raw().ReadAt(raw, 0); n < len(raw) {
		return nil, err
	}
	key := sha256.Sum256(raw)
	if g := s.cache.font(key); g != nil {
		return g, nil
	}
	cmap, err := st.Decode(maxContent)
	if err != nil {
		return nil, err
	}
	g, err := parseToUnicode(cmap)
	if err != nil {
		return nil, err
	}
	s.cache.keep(key, g)
	return g, nil
}

// shows reports whether a value stands on the page, in any of its forms. White
// space is left out on both sides: lines break where the page wants.
func (s *pageScan) shows(forms ...string) bool {
	text := s.text.String()
	for _, f := range forms {
		if f != "" && strings.Contains(text, squeeze(f)) {
			return true
		}
	}
	return false
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// draws reports whether the page has one QR code and it is code, module by
// module, wherever on the page.
func (s *pageScan) draws(code *qr.Code) error {
	if len(s.codes) != 1 {
		return fmt.Errorf("%d QR codes drawn, not one", len(s.codes))
	}
	n := code.Size()
	grid := make([]bool, n*n)
	for _, r := range s.codes[0] {
		if r.x+r.w > n || r.y+r.h > n {
			return fmt.Errorf("the QR code drawn is larger than %d modules", n)
		}
		for y := r.y; y < r.y+r.h; y++ {
			for x := r.x; x < r.x+r.w; x++ {
				grid[y*n+x] = true
			}
		}
	}
	for y := range n {
		for x := range n {
			if grid[(n-1-y)*n+x] != code.Black(x, y) {
				return errors.New("the QR code drawn is another one")
			}
		}
	}
	return nil
}
