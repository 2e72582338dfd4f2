package verify

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/vidimus/vidimus/internal/pdf"
)

const (
	// maxContent bounds the decoded content of a page of ours, which has some
	// twenty kilobytes.
	maxContent = 4 << 20
	// keptContent is up to which size memory for content is kept for the next page.
	keptContent = 256 << 10
	// maxOwnPages bounds the pages of a certificate of ours, which has one.
	maxOwnPages = 8
	// maxForms bounds the form XObjects followed from a page, and their nesting.
	maxForms = 32
	// maxFonts bounds the fonts remembered: a page of ours has three or four.
	maxFonts = 16
)

// pageScan is what a page shows: its text without white space, and the paths
// that look like QR codes.
type pageScan struct {
	text  strings.Builder
	codes []code
	odd   []string // what a page of ours never has

	rev       *pdf.Revision
	encrypted bool
	cache     *scanCache
	forms     int
	fonts     []pageFont
}

// pageFont is a font that was read, under its name in some resources.
type pageFont struct {
	resources *pdf.Dict
	name      pdf.Name
	text      *glyphText
}

// scanPages reads all pages of a revision.
func scanPages(rev *pdf.Revision, cache *scanCache) (*pageScan, error) {
	s := &pageScan{rev: rev, cache: cache}
	for _, r := range rev.Document().Revisions() {
		s.encrypted = s.encrypted || r.Trailer().Has("Encrypt")
	}
	s.text.Grow(2 << 10)
	pages, err := rev.Pages()
	if err != nil {
		return nil, err
	}
	if len(pages) == 0 || len(pages) > maxOwnPages {
		return nil, fmt.Errorf("%d pages", len(pages))
	}
	for i := range pages {
		resources, err := rev.Dict(pages[i].Resources)
		if err != nil {
			return nil, err
		}
		if err := s.contents(pages[i].Dict.Get("Contents"), resources); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// contents scans the streams of /Contents one by one: a page of ours has whole
// operators in each, and leaves the graphics state as it found it.
func (s *pageScan) contents(o pdf.Object, resources *pdf.Dict) error {
	v, err := s.rev.Resolve(o)
	if err != nil {
		return err
	}
	list, ok := v.(pdf.Array)
	if !ok {
		list = pdf.Array{v}
	}
	for _, item := range list {
		st, err := s.rev.Stream(item)
		if err != nil {
			return err
		}
		if st == nil {
			continue
		}
		if err := s.stream(st, resources); err != nil {
			return err
		}
	}
	return nil
}

// stream scans one stream, or remembers what came of it.
func (s *pageScan) stream(st *pdf.Stream, resources *pdf.Dict) error {
	raw, err := s.rawBytes(st)
	if err != nil {
		return err
	}
	constant := s.constant(st)
	if kept := s.cache.stream(raw); constant && kept != nil && kept.fits(s, resources) {
		s.text.WriteString(kept.text)
		return nil
	}
	buf := s.cache.buffer()
	defer s.cache.buffers.Put(buf)
	content, err := st.DecodeTo(*buf, maxContent)
	if err != nil {
		return err
	}
	if cap(content) <= keptContent {
		*buf = content
	}
	before, codes, odd, forms := s.text.Len(), len(s.codes), len(s.odd), s.forms
	fonts, err := s.scan(content, resources, 0)
	if err != nil {
		return err
	}
	// What has a QR code in it differs from certificate to certificate.
	if constant && codes == len(s.codes) && odd == len(s.odd) && forms == s.forms {
		s.cache.keepStream(raw, &streamText{s.text.String()[before:], fonts})
	}
	return nil
}

// constant reports whether the data of a stream say all about what they decode
// to: one filter without parameters, and no encryption.
func (s *pageScan) constant(st *pdf.Stream) bool {
	filter, _ := st.Dict.Get("Filter").(pdf.Name)
	return filter == "FlateDecode" && !st.Dict.Has("DecodeParms") && !st.Dict.Has("F") && !s.encrypted
}

// rawBytes returns the data of a stream as stored.
func (s *pageScan) rawBytes(st *pdf.Stream) ([]byte, error) {
	r := st.Raw()
	if r.Size() > maxContent {
		return nil, errors.New("a stream is too long")
	}
	if m, ok := s.rev.Document().ReaderAt().(pdf.Memory); ok {
		if start, end := st.Span(); 0 <= start && start <= end && end <= int64(len(m)) {
			return m[start:end], nil
		}
	}
	raw := make([]byte, r.Size())
	if n, err := r.ReadAt(raw, 0); n < len(raw) {
		return nil, err
	}
	return raw, nil
}

// object follows a form XObject; an image is named.
func (s *pageScan) object(resources *pdf.Dict, name pdf.Name, depth int) error {
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
	_, err = s.scan(content, own, depth+1)
	return err
}

// font returns the text of a font's glyphs, and remembers it for this page.
func (s *pageScan) font(resources *pdf.Dict, name pdf.Name) (*glyphText, error) {
	for i := range s.fonts {
		if f := &s.fonts[i]; f.resources == resources && f.name == name {
			return f.text, nil
		}
	}
	g, err := s.readFont(resources, name)
	if err == nil && len(s.fonts) < maxFonts {
		s.fonts = append(s.fonts, pageFont{resources, name, g})
	}
	return g, err
}

func (s *pageScan) readFont(resources *pdf.Dict, name pdf.Name) (*glyphText, error) {
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
	raw, err := s.rawBytes(st)
	if err != nil {
		return nil, err
	}
	constant := s.constant(st)
	if g := s.cache.font(raw); constant && g != nil {
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
	if constant {
		s.cache.keepFont(raw, g)
	}
	return g, nil
}

// shows reports whether a value stands on the page. White space is left out on
// both sides: lines break where the page wants.
func (s *pageScan) shows(value string) bool {
	return value != "" && strings.Contains(s.text.String(), squeeze(value))
}

func squeeze(s string) string {
	for i := 0; i < len(s); i++ {
		// All white space is a byte below '!' or begins with one of these four.
		if c := s[i]; c <= ' ' || c == 0xc2 || 0xe1 <= c && c <= 0xe3 {
			return s[:i] + strings.Map(func(r rune) rune {
				if unicode.IsSpace(r) {
					return -1
				}
				return r
			}, s[i:])
		}
	}
	return s
}
