package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// plainPDF is a document of one page and classic form.
func plainPDF(text string) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(s string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), s)
	}
	content := "BT /F1 24 Tf 72 720 Td (" + text + ") Tj ET"
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, off := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", off)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

func (iss *issuing) sign(t testing.TB, doc []byte, opt signer.PDFOptions) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := iss.pki.Signer.SignPDF(context.Background(), &out, bytes.NewReader(doc), int64(len(doc)), opt); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// append adds an incremental update with the given objects and trailer entries.
func appendUpdate(doc []byte, root string, objects map[int]string) []byte {
	prev := regexp.MustCompile(`startxref\s+(\d+)`).FindAllSubmatch(doc, -1)
	out := bytes.Clone(doc)
	var xref strings.Builder
	size := 1000
	for num := 1; num < size; num++ {
		if body, ok := objects[num]; ok {
			fmt.Fprintf(&xref, "%d 1\n%010d 00000 n \n", num, len(out))
			out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", num, body)
		}
	}
	start := len(out)
	return fmt.Appendf(out, "xref\n%strailer\n<< /Size %d /Root %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n",
		xref.String(), size, root, prev[len(prev)-1][1], start)
}

var byteRangeText = regexp.MustCompile(`/ByteRange ?\[ ?(\d+) +(\d+) +(\d+) +(\d+) *\]`)

// setByteRange writes another array into the room of the old one.
func setByteRange(t *testing.T, doc []byte, array string) []byte {
	at := byteRangeText.FindIndex(doc)
	if at == nil {
		t.Fatal("no ByteRange")
	}
	want := "/ByteRange" + array
	if len(want) > at[1]-at[0] {
		t.Fatalf("no room for %q", want)
	}
	out := bytes.Clone(doc)
	copy(out[at[0]:at[1]], want+strings.Repeat(" ", at[1]-at[0]-len(want)))
	return out
}

func byteRangeOf(t *testing.T, doc []byte) (n [4]int) {
	t.Helper()
	m := byteRangeText.FindSubmatch(doc)
	if m == nil {
		t.Fatal("no ByteRange")
	}
	for i := range n {
		fmt.Sscan(string(m[i+1]), &n[i])
	}
	return n
}

func replace(t *testing.T, doc []byte, old, new string) []byte {
	t.Helper()
	if !bytes.Contains(doc, []byte(old)) {
		t.Fatalf("no %q in the document", old)
	}
	if len(old) != len(new) {
		t.Fatalf("%q and %q differ in length", old, new)
	}
	return bytes.Replace(doc, []byte(old), []byte(new), 1)
}

// attacks take a properly signed document and make another one of it that must
// not pass.
var attacks = map[string]func(t *testing.T, doc []byte) []byte{
	"text replaced": func(t *testing.T, d []byte) []byte { return replace(t, d, "(one hundred)", "(one million)") },
	"ByteRange of three numbers": func(t *testing.T, d []byte) []byte {
		n := byteRangeOf(t, d)
		return setByteRange(t, d, fmt.Sprintf("[0 %d %d]", n[1], n[2]))
	},
	"ByteRange empty":      func(t *testing.T, d []byte) []byte { return setByteRange(t, d, "[]") },
	"ByteRange null":       func(t *testing.T, d []byte) []byte { return setByteRange(t, d, " null") },
	"ByteRange negative":   func(t *testing.T, d []byte) []byte { return setByteRange(t, d, "[0 -1 1 9]") },
	"ByteRange of zeros":   func(t *testing.T, d []byte) []byte { return setByteRange(t, d, "[0 0 0 0]") },
	"ByteRange of strings": func(t *testing.T, d []byte) []byte { return setByteRange(t, d, "[(0)(1)(2)(3)]") },
	"ByteRange renamed":    func(t *testing.T, d []byte) []byte { return replace(t, d, "/ByteRange", "/ByteRanga") },
	"ByteRange not from the start": func(t *testing.T, d []byte) []byte {
		n := byteRangeOf(t, d)
		return setByteRange(t, d, fmt.Sprintf("[9 %d %d %d]", n[1]-9, n[2], n[3]))
	},
	"ByteRange with a wider gap": func(t *testing.T, d []byte) []byte {
		n := byteRangeOf(t, d)
		return setByteRange(t, d, fmt.Sprintf("[0 %d %d %d]", n[1]-5, n[2]+5, n[3]-5))
	},
	"ByteRange that ends early": func(t *testing.T, d []byte) []byte {
		n := byteRangeOf(t, d)
		return setByteRange(t, d, fmt.Sprintf("[0 %d %d %d]", n[1], n[2], n[3]-9))
	},
	"ByteRange over Contents": func(t *testing.T, d []byte) []byte {
		n := byteRangeOf(t, d)
		return setByteRange(t, d, fmt.Sprintf("[0 %d %d %d]", n[1]+2, n[2], n[3]))
	},
	"ByteRange over itself": func(t *testing.T, d []byte) []byte {
		n := byteRangeOf(t, d)
		return setByteRange(t, d, fmt.Sprintf("[0 %d %d %d]", n[2], n[1], n[3]))
	},
	"ByteRange beyond the end": func(t *testing.T, d []byte) []byte {
		n := byteRangeOf(t, d)
		return setByteRange(t, d, fmt.Sprintf("[0 %d %d %d]", n[1], n[2], n[3]+1))
	},
	"ByteRange far beyond the end": func(t *testing.T, d []byte) []byte {
		return setByteRange(t, d, "[0 1 2 999999999]")
	},
	"Contents renamed": func(t *testing.T, d []byte) []byte { return replace(t, d, "/Contents\n<", "/Contentz\n<") },
	"Contents of zeros": func(t *testing.T, d []byte) []byte {
		n := byteRangeOf(t, d)
		out := bytes.Clone(d)
		copy(out[n[1]+1:n[2]-1], bytes.Repeat([]byte{'0'}, n[2]-n[1]-2))
		return out
	},
	"Contents cut": func(t *testing.T, d []byte) []byte {
		n := byteRangeOf(t, d)
		out := bytes.Clone(d)
		copy(out[n[1]+101:n[2]-1], bytes.Repeat([]byte{'0'}, n[2]-n[1]-102))
		return out
	},
	"Contents with letters": func(t *testing.T, d []byte) []byte {
		out := bytes.Clone(d)
		out[byteRangeOf(t, d)[1]+1] = 'x'
		return out
	},
	"Contents as a literal string": func(t *testing.T, d []byte) []byte {
		n := byteRangeOf(t, d)
		out := bytes.Clone(d)
		out[n[1]], out[n[2]-1] = '(', ')'
		return out
	},
	"other data behind the CMS": func(t *testing.T, d []byte) []byte {
		out := bytes.Clone(d)
		// The last digit is padding, or, when the signature fills its hole, part of
		// it: either way another one must not pass.
		last := byteRangeOf(t, d)[2] - 2
		if out[last]++; d[last] == '9' || d[last] == 'f' || d[last] == 'F' {
			out[last] = '0'
		}
		return out
	},
	"bytes after the end":    func(_ *testing.T, d []byte) []byte { return append(bytes.Clone(d), "hidden"...) },
	"bytes before the start": func(_ *testing.T, d []byte) []byte { return append([]byte("hidden\n"), d...) },
	"an update without cross-reference": func(_ *testing.T, d []byte) []byte {
		return append(bytes.Clone(d), "4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n%%EOF\n"...)
	},
	"page content replaced in an update": func(_ *testing.T, d []byte) []byte {
		return appendUpdate(d, "1 0 R", map[int]string{4: "<< /Length 0 >>\nstream\n\nendstream"})
	},
	"form removed in an update": func(_ *testing.T, d []byte) []byte {
		return appendUpdate(d, "1 0 R", map[int]string{1: "<< /Type /Catalog /Pages 2 0 R >>"})
	},
	"another catalog in an update": func(_ *testing.T, d []byte) []byte {
		return appendUpdate(d, "900 0 R", map[int]string{
			900: "<< /Type /Catalog /Pages 901 0 R >>", 901: "<< /Type /Pages /Kids [] /Count 0 >>"})
	},
	"signed document wrapped in another": wrap,
	"SubFilter unknown": func(t *testing.T, d []byte) []byte {
		return replace(t, d, "/ETSI.CAdES.detached", "/ETSI.CAdES.detachex")
	},
	"signature of another document": func(t *testing.T, d []byte) []byte {
		iss := newIssuing()
		other := iss.sign(t, plainPDF("one million"), signer.PDFOptions{Time: today})
		n, m := byteRangeOf(t, d), byteRangeOf(t, other)
		out := bytes.Clone(d)
		copy(out[n[1]:n[2]], other[m[1]:m[2]])
		return out
	},
}

// wrap moves the signed second part to the end and shows another document in
// between (signature wrapping: the range still covers what was signed).
func wrap(t *testing.T, d []byte) []byte {
	n := byteRangeOf(t, d)
	tail := d[n[2]:]
	between := "\n4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n"
	out := append(bytes.Clone(d[:n[2]]), tail...)
	out = append(out, between...)
	at := len(out)
	out = append(out, tail...)
	return setByteRange(t, out, fmt.Sprintf("[0 %d %d %d]", n[1], at, n[3]))
}

func TestAttacks(t *testing.T) {
	iss := newIssuing()
	doc := iss.sign(t, plainPDF("one hundred"), signer.PDFOptions{Time: today})
	opts := verify.Options{Trust: iss.trust, Now: clock, RevocationNoneUnsafe: true}
	if r := check(t, doc, opts); r.Verdict() != verify.Passed {
		t.Fatalf("before the attacks: %s", show(r))
	}
	for name, attack := range attacks {
		t.Run(name, func(t *testing.T) {
			r := check(t, attack(t, doc), opts)
			if r.ExitCode() == 0 {
				t.Fatal(show(r))
			}
			if r.Verdict() == verify.NoSignature {
				t.Errorf("the attack makes the document look unsigned: %v", r.Findings)
			}
		})
	}
}
