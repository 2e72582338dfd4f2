package pdfa

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/vidimus/vidimus/internal/pdf/sfnt"
)

// file is a document as the rules see it.
type file struct {
	data    []byte
	objs    []object // by number
	trailer value
	xrefAt  int
	broken  []Violation // why the objects could not be read

	catalog, page value
	info          split
	room          split  // for dictionaries that are asked often
	content       []byte // of the page, without the constant part if base is set
	shape         *shape // set when its prefix was checked before
	base          *Base  // of the shape
	scan          contentFacts
	tree          *structureFacts
	ownTree       structureFacts
	fields        []formField
	attached      []attached
}

// formField is a form field, merged with its widget.
type formField struct {
	ref  int
	dict value
	sig  split // signature dictionary; no entries if there is none
}

// attached is a file specification in the name tree.
type attached struct {
	ref  int
	spec value
	file object
}

// constant reports whether an object lies in a prefix that was checked before.
func (f *file) constant(num int) bool { return f.shape != nil && num < f.shape.next }

type object struct {
	dict   value  // or another value
	stream []byte // as stored; nil for none
}

// maxObjects bounds the cross-reference table; a page has about 100 objects.
const maxObjects = 5000

func appendRune(dst []byte, r rune) []byte { return utf8.AppendRune(dst, r) }

func (f *file) fail(code, clause, format string, args ...any) {
	f.broken = append(f.broken, Violation{code, clause, fmt.Sprintf(format, args...)})
}

// read finds all objects by the cross-reference table. If a shape is given, those
// of its prefix, which data must begin with, are taken over.
func (f *file) read(data []byte, s *shape, base *Base) {
	f.data, f.shape, f.base, f.broken = data, s, base, nil
	if s != nil && !bytes.HasPrefix(data, s.prefix) {
		f.fail("xref", "ISO 19005-3 §6.1.4", "the constant beginning is another one")
		return
	}
	f.objs, f.room = f.objs[:0], f.room[:0]
	const mark = "startxref\n"
	tail := data[max(0, len(data)-64):]
	at := bytes.LastIndex(tail, []byte(mark))
	if at < 0 {
		f.fail("eof", "ISO 19005-3 §6.1.3", "no startxref at the end")
		return
	}
	rest := tail[at+len(mark):]
	n := bytes.IndexByte(rest, '\n')
	f.xrefAt = -1
	if n > 0 {
		f.xrefAt = value(rest[:n]).int(-1)
	}
	if f.xrefAt < 0 || f.xrefAt >= len(data) || !bytes.HasPrefix(data[f.xrefAt:], []byte("xref\n0 ")) {
		f.fail("xref", "ISO 19005-3 §6.1.4", "startxref does not point to a table")
		return
	}
	if end := string(rest[n:]); end != "\n%%EOF\n" {
		f.fail("eof", "ISO 19005-3 §6.1.3", "file ends with %q", end)
		return
	}
	f.readTable(data[f.xrefAt+len("xref\n0 "):])
	if len(f.broken) > 0 {
		return
	}
	root := f.trailer.get("/Root")
	if s != nil && root.ref() != objCatalog {
		f.fail("xref", "ISO 19005-3 §6.1.4", "the catalog is not that of the constant beginning")
		return
	}
	f.catalog = f.deref(root)
	f.info = f.split(f.deref(f.trailer.get("/Info")))
	f.page = nil
	f.deref(f.catalog.get("/Pages")).get("/Kids").items(func(kid value) { f.page = f.deref(kid) })
	if f.catalog == nil || f.page == nil {
		f.fail("xref", "ISO 19005-3 §6.1.4", "no catalog or page")
		return
	}
	if f.tree = &f.ownTree; s != nil {
		f.tree = &s.tree
	} else {
		f.tree.read(f)
	}
	f.readForm()
	f.readAttached()
}

func (f *file) readForm() {
	f.fields = f.fields[:0]
	f.catalog.get("/AcroForm").get("/Fields").items(func(v value) {
		dict := f.deref(v)
		f.fields = append(f.fields, formField{v.ref(), dict, f.split(f.deref(dict.get("/V")))})
	})
}

func (f *file) readAttached() {
	f.attached = f.attached[:0]
	i := 0
	f.catalog.get("/Names").get("/EmbeddedFiles").get("/Names").items(func(v value) {
		if i++; i%2 == 0 {
			spec := f.deref(v)
			f.attached = append(f.attached, attached{v.ref(), spec, f.object(spec.get("/EF").get("/F"))})
		}
	})
}

func (f *file) readTable(t []byte) {
	n := bytes.IndexByte(t, '\n')
	size := value(t[:max(n, 0)]).int(-1)
	const entry = xrefEntry
	if size < 1 || size > maxObjects || len(t) < n+1+size*entry {
		f.fail("xref", "ISO 19005-3 §6.1.4", "table of %d entries", size)
		return
	}
	table := t[n+1:]
	first := 1
	f.objs = append(f.objs, object{})
	if f.shape != nil {
		if !bytes.HasPrefix(table, f.shape.xref) || size < f.shape.next {
			f.fail("xref", "ISO 19005-3 §6.1.4", "other entries for the constant objects")
			return
		}
		first = f.shape.next
		f.objs = append(f.objs[:0], f.shape.objs...)
	}
	for num := first; num < size; num++ {
		e := table[num*entry : (num+1)*entry]
		offset := tenDigits(e)
		if offset < 0 || string(e[10:]) != " 00000 n\r\n" {
			f.fail("xref", "ISO 19005-3 §6.1.4", "entry %d is %q", num, e)
			return
		}
		f.objs = append(f.objs, f.readObject(num, offset))
	}
	rest := table[size*entry:]
	const word = "trailer\n"
	end := -1
	if bytes.HasPrefix(rest, []byte(word)) {
		end = skip(rest, len(word), 0)
	}
	if end < 0 {
		f.fail("xref", "ISO 19005-3 §6.1.4", "no trailer")
		return
	}
	f.trailer = rest[len(word):end]
}

func tenDigits(e []byte) int {
	n := 0
	for _, c := range e[:10] {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// readObject reads "num 0 obj", a value, perhaps a stream, and "endobj".
func (f *file) readObject(num, offset int) object {
	var head [32]byte
	want := append(appendInt(head[:0], num), " 0 obj\n"...)
	if offset > len(f.data) || !bytes.HasPrefix(f.data[offset:], want) {
		f.fail("xref", "ISO 19005-3 §6.1.4", "object %d is not at %d", num, offset)
		return object{}
	}
	b := f.data[offset+len(want):]
	end := skip(b, 0, 0)
	if end < 0 {
		f.fail("xref", "ISO 19005-3 §6.1.4", "object %d cannot be read", num)
		return object{}
	}
	o := object{dict: b[:end]}
	b = b[end:]
	if bytes.HasPrefix(b, []byte("\nstream\n")) {
		b = b[len("\nstream\n"):]
		// ISO 19005-3 §6.1.7.1: Length is the number of bytes in the stream.
		length := o.dict.get("/Length").int(-1)
		if length < 0 || length > len(b) || !bytes.HasPrefix(b[length:], []byte("\nendstream")) {
			f.fail("stream-length", "ISO 19005-3 §6.1.7.1", "object %d: Length %d does not lead to endstream", num, length)
			return o
		}
		o.stream = b[:length:length]
		b = b[length+len("\nendstream"):]
	}
	if !bytes.HasPrefix(b, []byte("\nendobj\n")) {
		f.fail("xref", "ISO 19005-3 §6.1.4", "object %d does not end with endobj", num)
	}
	return o
}

// object returns what a reference leads to; zero for anything else.
func (f *file) object(ref value) object {
	if n := ref.ref(); n > 0 && n < len(f.objs) {
		return f.objs[n]
	}
	return object{}
}

// deref returns a direct value as it is, and what a reference leads to.
func (f *file) deref(v value) value {
	if v.ref() != 0 {
		return f.object(v).dict
	}
	return v
}

// split returns the entries of a dictionary; none for anything else.
func (f *file) split(v value) split {
	start := len(f.room)
	v.entries(func(k, val value) { f.room = append(f.room, entry{k, val}) })
	return f.room[start:]
}

// maxInflate bounds what one stream of our own may hold: fonts have some 20 kB,
// constant drawing 100.
const maxInflate = 4 << 20

// decode returns the data of a stream.
func (o *object) decode() ([]byte, error) {
	switch filter := o.dict.get("/Filter"); string(filter) {
	case "":
		return o.stream, nil
	case "/FlateDecode":
		z, err := zlib.NewReader(bytes.NewReader(o.stream))
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(io.LimitReader(z, maxInflate+1))
		if err == nil && len(data) > maxInflate {
			err = fmt.Errorf("more than %d bytes", maxInflate)
		}
		return data, err
	default:
		return nil, fmt.Errorf("filter %s", filter)
	}
}

// inflate joins the page's content streams and scans them; the constant one is
// left out if its base was checked before.
func (f *file) inflate() {
	var all []byte
	f.page.get("/Contents").items(func(ref value) {
		if f.constant(ref.ref()) {
			return
		}
		o := f.object(ref)
		data, err := o.decode()
		if err != nil {
			f.fail("stream-dict", "ISO 19005-3 §6.1.7", "content stream: %v", err)
		}
		all = append(append(all, data...), '\n')
	})
	f.content = all
	f.scan.run(all, f.fontSizes())
}

// fontSizes counts the glyphs of each font.
func (f *file) fontSizes() []int {
	if f.base != nil {
		return f.base.sizes
	}
	var sizes []int
	f.eachFont(func(_ string, _, _, descriptor value) {
		o := f.object(descriptor.get("/FontFile2"))
		program, err := o.decode()
		widths, err2 := sfnt.Advances(program)
		if err != nil || err2 != nil {
			widths = nil // font-embedded says so
		}
		sizes = append(sizes, len(widths))
	})
	return sizes
}

// fileRules are about the file as bytes.
var fileRules = []rule{
	// The % character of the file header shall occur at byte offset 0 … The
	// file header line shall be immediately followed by a comment consisting of
	// a % character followed by at least four characters, each of whose encoded
	// byte values shall have a decimal value greater than 127.
	{code: "header", clause: "ISO 19005-3 §6.1.2", check: func(f *file, bad func(string, ...any)) {
		d := f.data
		if len(d) < 15 || string(d[:9]) != "%PDF-1.7\n" || d[9] != '%' {
			bad("file begins with %q", d[:min(len(d), 15)])
			return
		}
		for _, c := range d[10:14] {
			if c <= 127 {
				bad("second line %q", d[9:15])
				return
			}
		}
	}},
	// The file trailer dictionary shall contain the ID keyword.
	{code: "trailer-id", clause: "ISO 19005-3 §6.1.3", check: func(f *file, bad func(string, ...any)) {
		n := 0
		f.trailer.get("/ID").items(func(v value) {
			if len(v) >= 34 {
				n++
			}
		})
		if n != 2 {
			bad("ID has %d strings of 16 bytes, want 2", n)
		}
	}},
	// The keyword Encrypt shall not be used in the trailer dictionary.
	{code: "trailer-encrypt", clause: "ISO 19005-3 §6.1.3", check: func(f *file, bad func(string, ...any)) {
		if f.trailer.get("/Encrypt") != nil {
			bad("Encrypt is present")
		}
	}},
	// A stream dictionary shall not contain the F, FFilter, or FDecodeParms
	// keys. Here also: Flate is the only filter that this writer uses; LZW is
	// forbidden (§6.1.7.2).
	{code: "stream-dict", clause: "ISO 19005-3 §6.1.7", check: func(f *file, bad func(string, ...any)) {
		for num := range f.objs {
			o := &f.objs[num]
			if o.stream == nil || f.constant(num) {
				continue
			}
			o.dict.entries(func(k, v value) {
				switch string(k) {
				case "/F", "/FFilter", "/FDecodeParms":
					bad("object %d has %s", num, k)
				case "/Filter":
					if string(v) != "/FlateDecode" {
						bad("object %d has filter %s", num, v)
					}
				}
			})
		}
	}},
}
