package pdf

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// lexerCases: input and the tokens expected, one word each.
var lexerCases = []struct{ in, want string }{
	{"", ""},
	{" \t\r\n\f\x00", ""},
	{"% only a comment", ""},
	{"1 -2 +3 007", "i1 i-2 i3 i7"},
	{"1.5 -.5 +4. 0.0 .25", "r1.5 r-0.5 r4 r0 r0.25"},
	{"9223372036854775807 9223372036854775808", "i9223372036854775807 r9.223372036854776e+18"},
	{"-9223372036854775807 123456789012345678901234567890", "i-9223372036854775807 r1.2345678901234568e+29"},
	{". - + -. 1-2 1e5 --3 1.2.3 0x1", "k. k- k+ k-. k1-2 k1e5 k--3 k1.2.3 k0x1"},
	{"3.14159265358979323846264338327950288", "r3.141592653589793"},
	{"/Name/A#20B /#41 /A#zz /A#4 /", "n(Name) n(A B) n(A) n(A#zz) n(A#4) n()"},
	{"/Имя", "n(Имя)"},
	{"(a)(b(c)d)()", "s(a) s(b(c)d) s()"},
	{`(\n\r\t\b\f\(\)\\\x)`, "s(\n\r\t\b\f()\\x)"},
	{`(\101\7\0534\400)`, "s(A\x07+4\x00)"},
	{"(a\\\nb\\\r\nc\\\rd)", "s(abcd)"},
	{"(a\r\nb\rc\nd)", "s(a\nb\nc\nd)"},
	{"<48 65\n6c6C6f7><>", "h(Hellop) h()"},
	{"<<>>[]{}", "<< >> [ ] k{ k}"},
	{"<</A<41>>>", "<< n(A) h(A) >>"},
	{"[1(a)/B<42>true]", "[ i1 s(a) n(B) h(B) ktrue ]"},
	{"endobj%comment\nxref", "kendobj kxref"},
	{"obj<</A", "kobj << n(A)"},
	{")", "k)"},
	{"(open", "ErrSyntax"},
	{"(open\\", "ErrSyntax"},
	{"<41", "ErrSyntax"},
	{"<4x>", "ErrSyntax"},
	{"a > b", "ka ErrSyntax"},
	{"/" + strings.Repeat("a", maxWordLen+1), "ErrLimit"},
}

func tokens(l *Lexer) string {
	var out []string
	for {
		t, err := l.Next()
		if err != nil {
			return strings.Join(append(out, sentinelName(err)), " ")
		}
		switch t.Kind {
		case EOF:
			return strings.Join(out, " ")
		case TokInteger:
			out = append(out, fmt.Sprintf("i%d", t.Int))
		case TokReal:
			out = append(out, fmt.Sprintf("r%v", t.Real))
		case TokString:
			k := "s"
			if t.Hex {
				k = "h"
			}
			out = append(out, fmt.Sprintf("%s(%s)", k, t.Bytes))
		case TokName:
			out = append(out, fmt.Sprintf("n(%s)", t.Bytes))
		case TokKeyword:
			out = append(out, "k"+string(t.Bytes))
		default:
			out = append(out, map[Kind]string{TokArrayOpen: "[", TokArrayClose: "]", TokDictOpen: "<<", TokDictClose: ">>"}[t.Kind])
		}
	}
}

func TestLexer(t *testing.T) {
	for _, c := range lexerCases {
		if got := tokens(NewLexer([]byte(c.in))); got != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.in, got, c.want)
		}
		checkTokens(t, []byte(c.in))
		// Every way in which the input may straddle two pages.
		for i := range min(len(c.in), 60) {
			pad := strings.Repeat(" ", pageSize-i)
			b := []byte(pad + c.in)
			d := mustSource(b)
			if got := tokens(d.lexerAt(0, d.src.size)); got != c.want {
				t.Errorf("%q split after %d bytes\n got %q\nwant %q", c.in, i, got, c.want)
			}
		}
	}
}

func mustSource(b []byte) *Document {
	return &Document{src: source{r: strings.NewReader(string(b)), size: int64(len(b))}, lexBudget: 1 << 40}
}

// parserCases: input and what AppendObject makes of the object read.
var parserCases = []struct{ in, want string }{
	{"1 0 R", "1 0 R"},
	{"[1 0 R 2 3 R]", "[1 0 R 2 3 R]"},
	{"[1 2 3 4 R]", "[1 2 3 4 R]"},
	{"[1 2 3]", "[1 2 3]"},
	{"[1 2/R]", "[1 2/R]"},
	{"[-1 0 R]", "ErrSyntax"},
	{"[1 70000 R]", "ErrSyntax"},
	{"[1 0 (R]", "ErrSyntax"},
	{"<</A 1/B 1 0 R/C[null true false]>>", "<</A 1/B 1 0 R/C[null true false]>>"},
	{"<</A 1 2>>", "ErrSyntax"},
	{"<</A>>", "ErrSyntax"},
	{"<<1 2>>", "ErrSyntax"},
	{"[1 2", "ErrSyntax"},
	{"<</A 1", "ErrSyntax"},
	{"]", "ErrSyntax"},
	{"endobj", "ErrSyntax"},
	{"", "ErrSyntax"},
	{strings.Repeat("[", maxNesting+1), "ErrLimit"},
	{strings.Repeat("[", maxNesting) + strings.Repeat("]", maxNesting), strings.Repeat("[", maxNesting) + strings.Repeat("]", maxNesting)},
}

func TestParser(t *testing.T) {
	for _, c := range parserCases {
		p := parser{lex: NewLexer([]byte(c.in))}
		o, err := p.object()
		got := sentinelName(err)
		if err == nil {
			b, err := AppendObject(nil, o)
			if err != nil {
				t.Fatal(err)
			}
			got = compact(string(b))
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

// compact removes the spaces that the writer puts beside delimiters.
func compact(s string) string {
	for _, d := range []string{"<<", ">>", "[", "]", "/"} {
		s = strings.ReplaceAll(strings.ReplaceAll(s, " "+d, d), d+" ", d)
	}
	return s
}

// contentCases: a content stream and its operations, operands counted, the
// length of an inline image's data, or an error.
var contentCases = []struct{ in, want string }{
	{"", ""},
	{"q 1 0 0 1 5 5 cm BT /F1 12 Tf (a) Tj [(b) -20 (c)] TJ ET Q", "q0 cm6 BT0 Tf2 Tj1 TJ1 ET0 Q0"},
	{"1 0 R", "R2"},
	{"/Span << /MCID 0 /X [1 2] >> BDC EMC", "BDC2 EMC0"},
	{"true null false op", "op3"},
	{"(a)'(b)\"", "'1 \"1"},
	{"BI /W 2 /H 1 /BPC 8 ID abEIcd\nEI Q", "BI1:6 Q0"},
	{"BI ID \nEI", "BI1:0"},
	{"BI /W 1 ID \x80\x81 EI \x00\x01\xff rest EI S", "BI1:14 S0"},
	{"1 2", "ErrSyntax"},
	{"BI /W 1 ID no end", "ErrSyntax"},
	{"[ 1 2 ET q", "ErrSyntax q0"},
	{strings.Repeat("1 ", maxOperands+1) + "x", "ErrLimit"},
}

func TestContent(t *testing.T) {
	for _, c := range contentCases {
		var out []string
		s := NewContent([]byte(c.in))
		for {
			op, ok, err := s.Next()
			if err != nil {
				out = append(out, sentinelName(err))
			} else if ok {
				w := fmt.Sprintf("%s%d", op.Operator, len(op.Operands))
				if op.Operator == "BI" {
					w += fmt.Sprintf(":%d", len(op.Image))
				}
				out = append(out, w)
				if op.Start < 0 || op.End <= op.Start || op.End > int64(len(c.in)) {
					t.Errorf("%q: operation at [%d,%d)", c.in, op.Start, op.End)
				}
			}
			if !ok {
				break
			}
		}
		if got := strings.Join(out, " "); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestLexerReadError(t *testing.T) {
	broken := errors.New("broken disk")
	d := &Document{src: source{r: failingReader{broken}, size: 100}, lexBudget: 1 << 40}
	_, err := d.lexerAt(0, 100).Next()
	var read *ReadError
	if !errors.As(err, &read) || !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type failingReader struct{ err error }

func (f failingReader) ReadAt([]byte, int64) (int, error) { return 0, f.err }
