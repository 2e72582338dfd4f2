package diff

import (
	"context"
	"errors"

	"github.com/vidimus/vidimus/internal/pdf"
)

const (
	// maxObjects bounds the objects that are tracked. A book of ten thousand
	// pages has under 100,000; each costs about 100 bytes.
	maxObjects = 1 << 18
	// maxNodes bounds the parts of objects and cross-references that are looked
	// at in all: about a second's work.
	maxNodes = 1 << 24
	// maxCompared bounds the bytes of streams that are compared because they
	// were written anew.
	maxCompared = 256 << 20
	// maxParsed bounds the bytes of metadata and of comments' appearances that
	// are parsed, to which comes half the size of the file. Both have some
	// kilobytes each.
	maxParsed = 1 << 20
	// checkEvery is how many objects are read between two looks at the context.
	checkEvery = 1 << 10
)

// record is what is known of one object number.
type record struct {
	roles   role
	parent  uint32 // object from which it was reached first; 0 = the trailer
	strict  uint32 // that from which it was reached as one that must stay
	page    int32
	pending uint8  // strict references not yet followed: 1 by a link key, 2 by another
	shared  bool   // belongs to more than one field
	field   *field // of fields and what belongs to them
	above   *field // of fields: the one above
}

// field is a form field, or one that a widget belongs to.
type field struct {
	name   string
	ftype  pdf.Name
	ff     pdf.Integer // field flags
	parent *field
	depth  int
}

// frame is the place of a value: in which object, under which key.
type frame struct {
	num   uint32
	key   string // nearest dictionary key
	path  string // within the object; only kept where changes are compared
	base  string // path of the place, for an object not yet reached
	must  bool   // it is about an object that must stay
	inner bool   // not the object itself but a direct part of it
	page  int32
	field *field // for the role of a field: the one above
}

func (f frame) under(key pdf.Name) frame {
	f.key, f.inner = string(key), true
	return f
}

// at is under, and keeps the path for a report.
func (f frame) at(key pdf.Name) frame {
	f = f.under(key)
	f.path = join(f.path, f.key)
	return f
}

func join(path, key string) string {
	switch {
	case path == "":
		return key
	case key == "":
		return path
	case key[0] == '[':
		return path + key
	}
	return path + "/" + key
}

// state is the document at one revision: every object with its roles. Roles
// are only ever added from one revision to the next: an object does not become
// harmless by being used in one place less.
type state struct {
	ctx              context.Context
	rev              *pdf.Revision // from which objects are read
	recs             map[uint32]*record
	typed            []job // to follow first, so that owners are known
	loose            []job // strict references met meanwhile
	pages            int32
	nodes            int
	compared, parsed int64
	holders          holders
	// xmp is what was last read of the metadata, from the stream at xmpAt.
	xmp   map[string]string
	xmpAt int64
	// covered is the area of new signature fields by page.
	covered map[int32]float64
	// marks are the comments added, by page.
	marks map[int]*marks
	// searched counts what was searched to name places in reports.
	searched int
	names    map[string]bool // of root fields
	err      error           // that ends everything: limit, reader or context

	spills   bool    // an object begins or ends after its revision
	spilling pdf.Ref // the first such
	// enter is called for each (object, role) that is new; while a revision is
	// compared it looks at what has changed.
	enter func(j job, rec *record)
}

type job struct {
	ref    pdf.Ref
	role   role
	key    string
	parent uint32
}

// newState walks the document as rev shows it.
func newState(ctx context.Context, rev *pdf.Revision) *state {
	s := &state{ctx: ctx, rev: rev, recs: make(map[uint32]*record), names: make(map[string]bool), covered: make(map[int32]float64),
		marks: make(map[int]*marks)}
	s.enter = s.follow
	s.trailer(rev.Trailer())
	s.run()
	if _, err := rev.Catalog(); err != nil && s.err == nil {
		s.fail(errNoCatalog)
	}
	return s
}

// trailer gives the objects that the trailer names their roles.
func (s *state) trailer(t *pdf.Dict) {
	for key, v := range t.Entries() {
		f := frame{key: string(key)}
		switch key {
		case "Root":
			s.child(f, v, roleCatalog)
		case "Info":
			s.child(f, v, roleInfo)
		case "Size", "Prev", "XRefStm", "Type", "W", "Index", "Length", "Filter", "DecodeParms":
			// Of the section. References in them are not followed by the reader.
		default:
			s.child(f, v, roleStrict)
		}
	}
}

// run follows references until there are none left: first those that give
// roles of their own, then the strict ones.
func (s *state) run() {
	for n := 0; s.err == nil; n++ {
		if n%checkEvery == 0 {
			if err := s.ctx.Err(); err != nil {
				s.fail(err)
				return
			}
		}
		switch {
		case len(s.typed) > 0:
			j := s.typed[len(s.typed)-1]
			s.typed = s.typed[:len(s.typed)-1]
			s.enter(j, s.recs[j.ref.Num])
		case len(s.loose) > 0:
			j := s.loose[len(s.loose)-1]
			s.loose = s.loose[:len(s.loose)-1]
			rec := s.recs[j.ref.Num]
			if rec.roles.isLink(j.key) || rec.roles&roleStrict != 0 {
				continue
			}
			if rec.roles == 0 {
				rec.parent = j.parent
			}
			rec.roles |= roleStrict
			rec.strict = j.parent
			s.enter(j, rec)
		default:
			return
		}
	}
}

func (s *state) fail(err error) {
	if s.err == nil && err != nil {
		s.err = err
	}
}

// fatal takes errors that say nothing about one object but end the work.
func (s *state) fatal(err error) bool {
	var read *pdf.ReadError
	if errors.As(err, &read) || errors.Is(err, pdf.ErrLimit) {
		s.fail(err)
		return true
	}
	return false
}

// fatalRead is fatal for the decoding of a stream, where a limit concerns only
// that stream.
func (s *state) fatalRead(err error) {
	var read *pdf.ReadError
	if errors.As(err, &read) {
		s.fail(err)
	}
}

// child gives the value its role: at once what stands there directly, later
// what is referred to.
func (s *state) child(f frame, v pdf.Object, r role) {
	switch v := v.(type) {
	case pdf.Ref:
		s.assign(f, v, r)
	case pdf.Array, *pdf.Dict:
		s.expand(r, v, f)
	}
}

func (s *state) assign(f frame, ref pdf.Ref, r role) {
	s.spend(1)
	if s.err != nil || ref.Num == 0 {
		return
	}
	rec := s.recs[ref.Num]
	if rec == nil {
		if len(s.recs) >= maxObjects {
			s.fail(&pdf.LimitError{Name: "maxObjects", Limit: maxObjects})
			return
		}
		rec = &record{parent: f.num, page: f.page}
		s.recs[ref.Num] = rec
	}
	if r == roleStrict {
		bit := uint8(2)
		if linkKeys[f.key] {
			bit = 1
		}
		if rec.pending&(bit|2) != 0 || rec.roles&roleStrict != 0 {
			return
		}
		rec.pending |= bit
		s.loose = append(s.loose, job{ref, r, f.key, f.num})
		return
	}
	if r == roleAPPart && rec.roles.isLink(f.key) {
		return
	}
	if f.page > 0 && rec.page == 0 {
		rec.page = f.page
	}
	switch {
	case f.field == nil:
	case r == roleField:
		rec.above = f.field
	case rec.field == nil:
		rec.field = f.field
	case r&(roleAP|roleAPState|roleAPPart|roleValue) != 0 && rec.field.name != f.field.name:
		rec.shared = true
	}
	if rec.roles&r != 0 {
		return
	}
	if rec.roles == 0 {
		rec.parent = f.num
	}
	rec.roles |= r
	s.typed = append(s.typed, job{ref, r, f.key, f.num})
}

// spend counts work against maxNodes.
func (s *state) spend(n int) {
	if s.nodes += n; s.nodes > maxNodes {
		s.fail(&pdf.LimitError{Name: "maxNodes", Limit: maxNodes})
	}
}

// spendCompared counts bytes against maxCompared.
func (s *state) spendCompared(n int) {
	if s.compared += int64(n); s.compared > maxCompared {
		s.fail(&pdf.LimitError{Name: "maxCompared", Limit: maxCompared})
	}
}

// spendParsed counts bytes against maxParsed, and reports whether they may be parsed.
func (s *state) spendParsed(n int) bool {
	if s.parsed += int64(n); s.parsed > s.maxParsed() {
		s.fail(&pdf.LimitError{Name: "maxParsed", Limit: maxParsed})
	}
	return s.err == nil
}

func (s *state) maxParsed() int64 { return maxParsed + s.rev.Document().Size()/2 }

// follow reads an object and gives roles to what it refers to.
func (s *state) follow(j job, rec *record) {
	s.container(j.ref)
	o, err := s.rev.Get(j.ref)
	if err != nil {
		s.unreadable(j, err)
		return
	}
	if o != nil {
		s.expand(j.role, o, rec.frame(j))
	}
}

// errNoCatalog says that the signed revision has nothing to start from.
var errNoCatalog = errors.New("diff: the signed revision has no catalog")

// unreadable takes note of an object that cannot be read. One that was broken
// when it was signed shows nothing, and nothing follows from it; but where the
// catalog or the password is missing nothing can be said.
func (s *state) unreadable(j job, err error) {
	switch {
	case s.fatal(err):
	case errors.Is(err, pdf.ErrBeyondRevision):
		// Other readers let it read on in what was appended later.
		if !s.spills {
			s.spills, s.spilling = true, j.ref
		}
	case s.rev.Document().Locked() != nil && errors.Is(err, s.rev.Document().Locked()):
		s.fail(err)
	}
}

// frame returns the place of the object itself.
func (rec *record) frame(j job) frame {
	f := frame{num: j.ref.Num, key: j.key, page: rec.page, field: rec.field}
	switch j.role {
	case roleField:
		f.field = rec.above
	case roleStrict:
		f.must, f.field, f.page = true, nil, 0
	}
	return f
}

// container makes the object stream that holds the object one that must stay.
func (s *state) container(ref pdf.Ref) {
	s.spend(s.rev.Index + 1) // what looking an entry up may take
	e, _, err := s.rev.Entry(ref.Num)
	if err != nil {
		s.fatal(err)
		return
	}
	if e.Kind == pdf.EntryInStream {
		s.assign(frame{key: "ObjStm"}, e.Stream, roleStrict)
	}
}
