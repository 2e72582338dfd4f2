package diff_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// maker writes the vectors: documents by hand, revision by revision.
type maker struct {
	t    testing.TB
	root *pkitest.Entity
	leaf *pkitest.Entity
	tsa  *pkitest.Entity
	tmpl *cms.Template
}

func newMaker(t testing.TB) *maker {
	m := &maker{t: t}
	m.root = pkitest.Issue(t, pkitest.Spec{Name: "Vidimus vectors: test root", CA: true})
	m.leaf = pkitest.Issue(t, pkitest.Spec{Name: "Vidimus vectors: test signer", Issuer: m.root})
	m.tsa = pkitest.TSA(t, m.root)
	var err error
	if m.tmpl, err = cms.NewTemplate(m.leaf.Cert, nil, cms.TemplateOptions{}); err != nil {
		t.Fatal(err)
	}
	return m
}

// pdfFile is a document being written.
type pdfFile struct {
	m       *maker
	data    []byte
	objs    map[int]string // as they are now, between "obj" and "endobj"
	trailer string         // what the trailer has beside /Size and /Prev
	prev    int
	size    int
	hidden  int // where a cross-reference stands that nothing leads to
	crypt   *encryption

	pending map[int]string // of the revision being written
	freed   map[int]bool
	gens    map[int]int
	raw     string // bytes to put before the cross-reference
}

func (m *maker) newFile(objs map[int]string, trailer string) *pdfFile {
	f := &pdfFile{m: m, objs: map[int]string{}, trailer: trailer}
	f.begin()
	f.data = []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	for n, o := range objs {
		f.put(n, o)
	}
	return f
}

func (f *pdfFile) begin() {
	f.pending, f.freed, f.gens, f.raw = map[int]string{}, map[int]bool{}, map[int]int{}, ""
}

func (f *pdfFile) put(num int, body string) *pdfFile {
	f.pending[num] = body
	return f
}

func (f *pdfFile) free(nums ...int) *pdfFile {
	for _, n := range nums {
		f.freed[n] = true
	}
	return f
}

// now returns an object as the revision being written has it.
func (f *pdfFile) now(num int) string {
	if o, ok := f.pending[num]; ok {
		return o
	}
	return f.objs[num]
}

// edit replaces text in an object, which must be there.
func (f *pdfFile) edit(num int, old, new string) *pdfFile {
	was := f.now(num)
	if !strings.Contains(was, old) {
		f.m.t.Fatalf("object %d has no %q: %s", num, old, was)
	}
	return f.put(num, strings.Replace(was, old, new, 1))
}

// add puts an entry at the start of a dictionary.
func (f *pdfFile) add(num int, entry string) *pdfFile { return f.edit(num, "<<", "<<"+entry+" ") }

func (f *pdfFile) stream(num int, dict, data string) *pdfFile {
	return f.put(num, f.streamBody(num, dict, data))
}

func (f *pdfFile) streamBody(num int, dict, data string) string {
	if f.crypt != nil {
		data = string(f.crypt.apply(num, []byte(data)))
	}
	return fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// next returns an object number that is free.
func (f *pdfFile) next() int {
	n := f.size
	for k := range f.pending {
		n = max(n, k+1)
	}
	return max(n, 1)
}

func (f *pdfFile) objects() map[int]int {
	offsets := map[int]int{}
	for _, n := range slices.Sorted(maps.Keys(f.pending)) {
		offsets[n] = len(f.data)
		f.data = fmt.Appendf(f.data, "%d %d obj\n%s\nendobj\n", n, f.gens[n], f.pending[n])
		f.objs[n] = f.pending[n]
		f.size = max(f.size, n+1)
	}
	return offsets
}

func (f *pdfFile) link() string {
	s := fmt.Sprintf("/Size %d %s", f.size, f.trailer)
	if f.prev > 0 {
		s += fmt.Sprintf(" /Prev %d", f.prev)
	}
	return s
}

// save writes the revision with a cross-reference table.
func (f *pdfFile) save() *pdfFile { return f.saveTable(f.objects(), "") }

func (f *pdfFile) saveTable(offsets map[int]int, extra string) *pdfFile {
	f.data = append(f.data, f.raw...)
	at := len(f.data)
	f.data = append(f.data, "xref\n0 1\n0000000000 65535 f\r\n"...)
	nums := slices.Sorted(maps.Keys(offsets))
	for n := range f.freed {
		nums = append(nums, n)
	}
	slices.Sort(nums)
	for _, n := range nums {
		if f.freed[n] {
			f.data = fmt.Appendf(f.data, "%d 1\n0000000000 %05d f\r\n", n, f.gens[n]+1)
			continue
		}
		f.data = fmt.Appendf(f.data, "%d 1\n%010d %05d n\r\n", n, offsets[n], f.gens[n])
	}
	f.data = fmt.Appendf(f.data, "trailer\n<<%s %s>>\nstartxref\n%d\n%%%%EOF\n", f.link(), extra, at)
	f.prev = at
	f.begin()
	return f
}

// xrefEntry is an entry of a cross-reference stream.
type xrefEntry struct{ kind, a, b int }

// saveStream writes the revision with a cross-reference stream; the objects
// named go into an object stream.
func (f *pdfFile) saveStream(packed ...int) *pdfFile {
	entries := f.pack(packed)
	for n, off := range f.objects() {
		entries[n] = xrefEntry{1, off, f.gens[n]}
	}
	for n := range f.freed {
		entries[n] = xrefEntry{0, 0, f.gens[n] + 1}
	}
	return f.xrefStream(entries)
}

// pack moves pending objects into an object stream.
func (f *pdfFile) pack(nums []int) map[int]xrefEntry {
	entries := map[int]xrefEntry{}
	if len(nums) == 0 {
		return entries
	}
	holder := f.next()
	var head, body []byte
	for i, n := range nums {
		head = fmt.Appendf(head, "%d %d ", n, len(body))
		body = append(append(body, f.pending[n]...), ' ')
		entries[n] = xrefEntry{2, holder, i}
		f.objs[n] = f.pending[n]
		delete(f.pending, n)
		f.size = max(f.size, n+1)
	}
	f.stream(holder, fmt.Sprintf("/Type /ObjStm /N %d /First %d", len(nums), len(head)), string(head)+string(body))
	return entries
}

func (f *pdfFile) xrefStream(entries map[int]xrefEntry) *pdfFile {
	self := f.size
	f.size++
	at := len(f.data)
	entries[self] = xrefEntry{1, at, 0}
	f.data = append(f.data, xrefStreamObject(self, f.link(), entries)...)
	f.data = fmt.Appendf(f.data, "startxref\n%d\n%%%%EOF\n", at)
	f.prev = at
	f.begin()
	return f
}

func xrefStreamObject(self int, link string, entries map[int]xrefEntry) string {
	var index, rows []byte
	for _, n := range slices.Sorted(maps.Keys(entries)) {
		e := entries[n]
		index = fmt.Appendf(index, "%d 1 ", n)
		rows = append(rows, byte(e.kind))
		rows = binary.BigEndian.AppendUint32(rows, uint32(e.a))
		rows = binary.BigEndian.AppendUint16(rows, uint16(e.b))
	}
	return fmt.Sprintf("%d 0 obj\n<<%s /Type /XRef /W [1 4 2] /Index [%s] /Length %d>>\nstream\n%s\nendstream\nendobj\n",
		self, link, index, len(rows), rows)
}

// saveHybrid writes a table and, for the objects named, a stream that only
// newer readers follow.
func (f *pdfFile) saveHybrid(hidden ...int) *pdfFile {
	entries := f.pack(hidden)
	offsets := f.objects()
	self := f.size
	f.size++
	at := len(f.data)
	f.data = append(f.data, xrefStreamObject(self, f.link(), entries)...)
	for _, n := range hidden {
		f.freed[n] = true
		f.gens[n] = -1
	}
	return f.saveTable(offsets, fmt.Sprintf("/XRefStm %d", at))
}

// hole is the size of /Contents in hexadecimal digits.
const hole = 6000

const signatureStart = "/ByteRange [0 0000000000 0000000000 0000000000] /Contents <"

// signatureBody is a signature dictionary yet to be filled in.
func signatureBody(entries string) string {
	return "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:20250601120000Z) " + entries + " " +
		signatureStart + strings.Repeat("0", hole) + ">>>"
}

func timestampBody() string {
	return "<</Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 " +
		signatureStart + strings.Repeat("0", hole) + ">>>"
}

// sign fills in the last signature dictionary of the file as it is.
func (f *pdfFile) sign() *pdfFile {
	at := bytes.LastIndex(f.data, []byte(signatureStart))
	if at < 0 {
		f.m.t.Fatal("nothing to sign")
	}
	gap := at + len(signatureStart) - 1
	resume := gap + hole + 2
	copy(f.data[at:], fmt.Sprintf("/ByteRange [0 %010d %010d %010d]", gap, resume, len(f.data)-resume))
	covered := append(slices.Clone(f.data[:gap]), f.data[resume:]...)
	var der []byte
	if dict := bytes.LastIndex(f.data[:at], []byte("/SubFilter")); bytes.HasPrefix(f.data[dict:], []byte("/SubFilter /ETSI.RFC3161")) {
		der = pkitest.Token(f.m.t, f.m.tsa, covered, pkitest.Epoch)
	} else {
		h := f.m.tmpl.Hash().New()
		h.Write(covered)
		var err error
		if der, err = f.m.tmpl.Sign(context.Background(), f.m.leaf.Key, h.Sum(nil), cms.SignOptions{}); err != nil {
			f.m.t.Fatal(err)
		}
	}
	if hex.EncodedLen(len(der)) > hole {
		f.m.t.Fatalf("signature of %d bytes", len(der))
	}
	hex.Encode(f.data[gap+1:], der)
	for n, o := range f.objs {
		if strings.Contains(o, signatureStart) {
			i := bytes.LastIndex(f.data[:at], fmt.Appendf(nil, "\n%d 0 obj\n", n)) + len(fmt.Sprintf("\n%d 0 obj\n", n))
			f.objs[n] = string(f.data[i : i+len(o)])
		}
	}
	return f
}

// clone returns a copy to go on with.
func (f *pdfFile) clone() *pdfFile {
	c := *f
	c.data, c.objs = slices.Clone(f.data), maps.Clone(f.objs)
	c.begin()
	return &c
}

// encryption is RC4 with 128 bits of streams only (ISO 32000-1 §7.6, V 4):
// strings stay as they are, which keeps the vectors readable.
type encryption struct{ key []byte }

const passwordPad = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// encrypt makes the file encrypted with the empty user password; before the
// first stream is put. It returns the encryption dictionary.
func (f *pdfFile) encrypt(id string) string {
	o := md5.Sum([]byte("owner"))
	owner := string(o[:]) + string(o[:])
	h := md5.New()
	h.Write([]byte(passwordPad + owner + "\xfc\xff\xff\xff" + id))
	key := h.Sum(nil)
	for range 50 {
		k := md5.Sum(key)
		key = k[:]
	}
	f.crypt = &encryption{key}
	u := md5.Sum([]byte(passwordPad + id))
	for i := range 20 {
		k := slices.Clone(key)
		for j := range k {
			k[j] ^= byte(i)
		}
		c, _ := rc4.NewCipher(k)
		c.XORKeyStream(u[:], u[:])
	}
	return fmt.Sprintf("<</Filter /Standard /V 4 /R 4 /Length 128 /P -4 /O <%x> /U <%x%032d> "+
		"/CF <</StdCF <</CFM /V2 /AuthEvent /DocOpen /Length 16>>>> /StmF /StdCF /StrF /Identity>>", owner, u, 0)
}

func (e *encryption) apply(num int, data []byte) []byte {
	k := md5.Sum(append(slices.Clone(e.key), byte(num), byte(num>>8), byte(num>>16), 0, 0))
	c, _ := rc4.NewCipher(k[:])
	out := make([]byte, len(data))
	c.XORKeyStream(out, data)
	return out
}
