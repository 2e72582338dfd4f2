package pdfa

// contentFacts are what one pass over the page's content finds out.
type contentFacts struct {
	mcids     []mark
	unmarked  int    // painting operators outside marked content
	nested    int    // marked content inside marked content
	open      int    // marks left open, or closed too often (negative)
	saves     int    // q left open
	deepest   int    // nesting of q
	operator  string // first one that is not allowed
	color     string // first operator that leaves device RGB and gray
	font      int    // glyphs of the font last selected; -1 if it is not there
	badFont   string
	notdef    int // glyph 0, odd strings, or a glyph beyond the font
	lastName  value
	fontSizes []int // glyphs of the fonts F0, F1 and so on
}

// class says what a byte can begin in a content stream.
type class uint8

const (
	keyword class = iota // also what can begin nothing
	numeric              // or white space
	opening              // of a string, name, array or dictionary
)

var classes = func() (t [256]class) {
	for c := range 256 {
		switch c := byte(c); {
		case isSpace(c) || c >= '0' && c <= '9' || c == '.' || c == '-':
			t[c] = numeric
		case c == '(' || c == '<' || c == '/' || c == '[':
			t[c] = opening
		}
	}
	return t
}()

// mark is a marked-content sequence with an identifier.
type mark struct {
	id  int
	tag value
}

// run scans content that uses fonts with so many glyphs.
func (s *contentFacts) run(b []byte, fontSizes []int) {
	*s = contentFacts{mcids: s.mcids[:0], fontSizes: fontSizes, font: -1}
	var str, dict value
	depth, marks := 0, 0
	for i := 0; i < len(b); {
		c := b[i]
		switch classes[c] {
		case numeric: // and white space between numbers
			for i++; i < len(b) && classes[b[i]] == numeric; i++ {
			}
			continue
		case opening:
			end := skip(b, i, 0)
			if end < 0 {
				s.operator = "unreadable operand"
				return
			}
			switch {
			case c == '/':
				s.lastName = b[i:end]
			case c == '(':
				str = b[i:end]
			case c == '<' && b[i+1] == '<':
				dict = b[i:end]
			}
			i = end
			continue
		}
		end := i
		for end < len(b) && regular[b[end]] {
			end++
		}
		if end == i {
			s.operator = string(b[i : i+1])
			return
		}
		op := b[i:end]
		i = end
		switch string(op) {
		case "re", "m", "l", "c", "h", "cm", "w", "Td", "BT", "ET", "Tc":
		case "g", "G", "rg", "RG":
		case "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN", "sh":
			if s.color == "" {
				s.color = string(op)
			}
		case "f", "f*", "S":
			if marks == 0 {
				s.unmarked++
			}
		case "Tj":
			if marks == 0 {
				s.unmarked++
			}
			s.glyphs(str)
		case "Tf":
			s.selectFont(s.lastName)
		case "q":
			depth++
			s.deepest = max(s.deepest, depth)
		case "Q":
			depth--
		case "BDC":
			marks++
			if marks > 1 {
				s.nested++
			}
			s.mcids = append(s.mcids, mark{dict.get("/MCID").int(-1), s.lastName})
		case "BMC":
			marks++
			if marks > 1 {
				s.nested++
			}
		case "EMC":
			marks--
		default:
			if s.operator == "" {
				s.operator = string(op)
			}
		}
	}
	s.open, s.saves = marks, depth
}

func (s *contentFacts) selectFont(name value) {
	s.font = -1
	if len(name) == 3 && name[1] == 'F' && name[2] >= '0' && name[2] <= '9' {
		if n := int(name[2] - '0'); n < len(s.fontSizes) {
			s.font = s.fontSizes[n]
		}
	}
	if s.font < 0 && s.badFont == "" {
		s.badFont = string(name)
	}
}

// glyphs checks the codes of a shown string without copying it.
func (s *contentFacts) glyphs(str value) {
	if len(str) < 2 {
		s.notdef++
		return
	}
	high, half := 0, false
	for i := 1; i < len(str)-1; i++ {
		c := int(str[i])
		if c == '\\' {
			i++
			if c = int(str[i]); c == 'r' {
				c = '\r'
			}
		}
		if half = !half; half {
			high = c
			continue
		}
		if gid := high<<8 | c; gid == 0 || gid >= s.font {
			s.notdef++
		}
	}
	if half {
		s.notdef++
	}
}
