package pdf

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// maxTableOffset is the largest offset that the ten digits of a
// cross-reference table hold (ISO 32000-2 §7.5.4).
const maxTableOffset = 9_999_999_999

var (
	// ErrUpdateEncrypted: an encrypted file is not updated, since strings and
	// streams added to it would have to be encrypted.
	ErrUpdateEncrypted = errors.New("pdf: encrypted file cannot be updated")
	// ErrUpdateUnsound: readers may disagree on what the file says, so adding
	// to it would build on sand; see [UnsoundError].
	ErrUpdateUnsound = errors.New("pdf: file is ambiguous or damaged")
	// ErrUpdateSize: object numbers or offsets beyond what the file's kind of
	// cross-reference can express.
	ErrUpdateSize = errors.New("pdf: file too large to update")
)

// UnsoundError lists what makes a file unfit for an update.
// errors.Is(err, ErrUpdateUnsound) holds.
type UnsoundError struct{ Warnings []Warning }

func (e *UnsoundError) Error() string {
	s := ErrUpdateUnsound.Error()
	for i, w := range e.Warnings {
		if i == 3 {
			return s + "; …"
		}
		s += "; " + w.String()
	}
	return s
}

// Unwrap returns ErrUpdateUnsound.
func (e *UnsoundError) Unwrap() error { return ErrUpdateUnsound }

// unsound are the leniencies after which two readers may see two documents.
// With bytes before "%PDF-" they disagree on where offsets count from, those of
// the cross-reference as well as those of a ByteRange.
var unsound = map[Code]bool{
	WarnHeaderOffset: true, WarnHeaderJunk: true, WarnMissingEOF: true, WarnStartXRef: true, WarnXRefOrder: true,
	WarnXRefDuplicate: true, WarnXRefSize: true, WarnHybridConflict: true,
	WarnDuplicateKey: true, WarnLinearizedFalse: true,
}

// Update collects new and changed objects for an incremental update (ISO
// 32000-2 §7.5.6). The original file is neither read again nor held: [Update.Tail]
// returns what has to follow it.
type Update struct {
	doc  *Document
	last *Revision
	size uint32 // the next object number
	objs map[uint32]updated
}

type updated struct {
	ref  Ref
	body []byte // between "obj" and "endobj"
}

// NewUpdate starts an update of the document's newest revision. Errors:
// [ErrUpdateEncrypted], [*UnsoundError], [ErrUpdateSize].
func NewUpdate(d *Document) (*Update, error) {
	last := d.Last()
	for _, r := range d.Revisions() {
		if r.Trailer().Has("Encrypt") {
			return nil, ErrUpdateEncrypted
		}
	}
	size := int64(1)
	for _, r := range d.Revisions() {
		for _, s := range r.sections {
			if n, ok := s.trailer.Get("Size").(Integer); ok {
				size = max(size, int64(n))
			}
		}
	}
	if size > maxObjectNumber {
		return nil, fmt.Errorf("%w: object number %d", ErrUpdateSize, size)
	}
	u := &Update{doc: d, last: last, size: uint32(size), objs: map[uint32]updated{}}
	return u, u.Sound()
}

// Sound returns an [*UnsoundError] if what has been read of the document so
// far makes it unfit for an update. Reading is lazy: ask again after reading.
func (u *Update) Sound() error {
	var bad []Warning
	for _, w := range u.doc.Warnings() {
		if unsound[w.Code] {
			bad = append(bad, w)
		}
	}
	if bad != nil {
		return &UnsoundError{bad}
	}
	return nil
}

// NewRef returns the reference of an object yet to be made.
func (u *Update) NewRef() Ref {
	ref := Ref{Num: u.size}
	u.size++
	return ref
}

// Put writes an object: a new one, or the new value of an old one, which keeps
// its generation number.
func (u *Update) Put(ref Ref, o Object) error {
	body, err := AppendObject(nil, o)
	if err != nil {
		return fmt.Errorf("pdf: update object %v: %w", ref, err)
	}
	u.PutRaw(ref, body)
	return nil
}

// PutStream writes a stream object; data are already encoded as dict says, and
// /Length is set.
func (u *Update) PutStream(ref Ref, dict *Dict, data []byte) error {
	body, err := AppendObject(nil, dict.With(DictEntry{"Length", Integer(len(data))}))
	if err != nil {
		return fmt.Errorf("pdf: update object %v: %w", ref, err)
	}
	body = append(body, "\nstream\n"...)
	body = append(body, data...)
	u.PutRaw(ref, append(body, "\nendstream"...))
	return nil
}

// PutRaw writes an object given as the bytes between "obj" and "endobj".
func (u *Update) PutRaw(ref Ref, body []byte) {
	u.objs[ref.Num] = updated{ref, body}
}

// Tail is an incremental update as bytes.
type Tail struct {
	Bytes []byte
	at    map[uint32]int
}

// At returns where in Bytes the body of an object put into the update starts,
// -1 if there is none.
func (t *Tail) At(ref Ref) int {
	if i, ok := t.at[ref.Num]; ok {
		return i
	}
	return -1
}

// Tail returns the bytes to append to the file: the objects by number, a
// cross-reference table or stream like that of the newest revision, and
// "startxref". The same update of the same file gives the same bytes. Errors:
// [ErrUpdateSize], [*UnsoundError], or what reading the file's last byte returned.
func (u *Update) Tail() (*Tail, error) {
	if err := u.Sound(); err != nil {
		return nil, err
	}
	if u.size > maxObjectNumber {
		return nil, fmt.Errorf("%w: object number %d", ErrUpdateSize, u.size)
	}
	t := &Tail{at: map[uint32]int{}}
	var lastByte [1]byte
	if _, err := u.doc.src.read(lastByte[:], u.doc.Size()-1); err != nil {
		return nil, err
	}
	if c := lastByte[0]; c != '\n' && c != '\r' {
		t.Bytes = append(t.Bytes, '\n')
	}
	offsets := make(map[uint32]int64, len(u.objs)+1)
	hash := sha256.New()
	nums := slices.Sorted(maps.Keys(u.objs))
	for _, num := range nums {
		o := u.objs[num]
		offsets[num] = u.doc.Size() + int64(len(t.Bytes))
		t.Bytes = fmt.Appendf(t.Bytes, "%d %d obj\n", num, o.ref.Gen)
		t.at[num] = len(t.Bytes)
		t.Bytes = append(t.Bytes, o.body...)
		t.Bytes = append(t.Bytes, "\nendobj\n"...)
		hash.Write(o.body)
	}
	trailer := u.trailer(hash.Sum(nil))
	start := u.doc.Size() + int64(len(t.Bytes))
	var err error
	if u.last.sections[0].stream {
		err = u.xrefStream(t, nums, offsets, trailer)
	} else {
		err = u.xrefTable(t, nums, offsets, trailer)
	}
	if err != nil {
		return nil, err
	}
	t.Bytes = fmt.Appendf(t.Bytes, "startxref\n%d\n%%%%EOF\n", start)
	return t, nil
}

// ofSection are trailer keys that describe one cross-reference section only.
var ofSection = map[Name]bool{
	"Size": true, "Prev": true, "XRefStm": true, "Type": true, "W": true, "Index": true,
	"Filter": true, "DecodeParms": true, "Length": true, "ID": true,
}

// trailer is the old one with new /Size, /Prev and /ID. Of the identifier the
// first part stays, and the second changes with the content (§14.4).
func (u *Update) trailer(sum []byte) []DictEntry {
	var entries []DictEntry
	for key, value := range u.last.Trailer().All() {
		if !ofSection[key] {
			entries = append(entries, DictEntry{key, value})
		}
	}
	fresh := String(sum[:16])
	first := fresh
	if o, err := u.last.Resolve(u.last.Trailer().Get("ID")); err == nil {
		if id, ok := o.(Array); ok && len(id) > 0 {
			if s, ok := id[0].(String); ok {
				first = s
			}
		}
	}
	return append(entries, DictEntry{"ID", Array{first, fresh}},
		DictEntry{"Prev", Integer(u.last.XRefOffset)})
}

func (u *Update) xrefTable(t *Tail, nums []uint32, offsets map[uint32]int64, trailer []DictEntry) error {
	t.Bytes = append(t.Bytes, "xref\n"...)
	for _, run := range runs(nums) {
		t.Bytes = fmt.Appendf(t.Bytes, "%d %d\n", run[0], len(run))
		for _, num := range run {
			if offsets[num] > maxTableOffset {
				return fmt.Errorf("%w: offset %d in a cross-reference table", ErrUpdateSize, offsets[num])
			}
			t.Bytes = fmt.Appendf(t.Bytes, "%010d %05d n\r\n", offsets[num], u.objs[num].ref.Gen)
		}
	}
	dict := NewDict(append(trailer, DictEntry{"Size", Integer(u.size)})...)
	var err error
	t.Bytes, err = AppendObject(append(t.Bytes, "trailer\n"...), dict)
	t.Bytes = append(t.Bytes, '\n')
	return err
}

// xrefStream is §7.5.8. The stream has an entry for itself. Fields of 1, 8 and
// 2 bytes hold whatever an update can contain; the entries are not compressed,
// because they are few.
func (u *Update) xrefStream(t *Tail, nums []uint32, offsets map[uint32]int64, trailer []DictEntry) error {
	self := Ref{Num: u.size}
	nums = append(slices.Clone(nums), self.Num)
	offsets[self.Num] = u.doc.Size() + int64(len(t.Bytes))
	var index Array
	for _, run := range runs(nums) {
		index = append(index, Integer(run[0]), Integer(len(run)))
	}
	var data []byte
	for _, num := range nums {
		data = append(data, 1)
		for shift := 56; shift >= 0; shift -= 8 {
			data = append(data, byte(offsets[num]>>shift))
		}
		gen := u.objs[num].ref.Gen
		data = append(data, byte(gen>>8), byte(gen))
	}
	dict := NewDict(append(trailer,
		DictEntry{"Type", Name("XRef")},
		DictEntry{"Size", Integer(self.Num + 1)},
		DictEntry{"W", Array{Integer(1), Integer(8), Integer(2)}},
		DictEntry{"Index", index},
		DictEntry{"Length", Integer(len(data))})...)
	t.Bytes = append(strconv.AppendUint(t.Bytes, uint64(self.Num), 10), " 0 obj\n"...)
	var err error
	if t.Bytes, err = AppendObject(t.Bytes, dict); err != nil {
		return err
	}
	t.Bytes = append(t.Bytes, "\nstream\n"...)
	t.Bytes = append(t.Bytes, data...)
	t.Bytes = append(t.Bytes, "\nendstream\nendobj\n"...)
	return nil
}

// runs cuts sorted numbers into runs of consecutive ones.
func runs(nums []uint32) [][]uint32 {
	var out [][]uint32
	for i := 0; i < len(nums); {
		j := i + 1
		for j < len(nums) && nums[j] == nums[j-1]+1 {
			j++
		}
		out = append(out, nums[i:j])
		i = j
	}
	return out
}
