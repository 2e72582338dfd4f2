package signer

import (
	"fmt"

	"github.com/vidimus/vidimus/internal/pdf"
)

// surveyed is what matters of a document that is to be signed.
type surveyed struct {
	doc        *pdf.Document
	rev        *pdf.Revision
	update     *pdf.Update
	catalogRef pdf.Ref
	catalog    *pdf.Dict
	form       slot // the interactive form; its value may be absent
	fields     []field

	signed    bool // there is a signature or a document time-stamp
	certified bool
	mdp       int    // the strictest DocMDP /P of all signatures; 0: none
	locks     []lock // FieldMDP
}

// slot is a value and where it is kept: in an object of its own, or, when ref
// is zero, in its parent.
type slot struct {
	ref   pdf.Ref
	value pdf.Object
}

func (s slot) dict() *pdf.Dict {
	d, _ := s.value.(*pdf.Dict)
	return d
}

// maxRefSteps bounds references to references, as package pdf does.
const maxRefSteps = 16

// slotOf follows o to its value and remembers the last object on the way.
func slotOf(rev *pdf.Revision, o pdf.Object) (slot, error) {
	var s slot
	for range maxRefSteps {
		ref, ok := o.(pdf.Ref)
		if !ok {
			s.value = o
			return s, nil
		}
		s.ref = ref
		var err error
		if o, err = rev.Get(ref); err != nil {
			return slot{}, err
		}
	}
	return slot{}, pdf.ErrCycle
}

// survey reads catalog, form and signatures of the newest revision.
func survey(doc *pdf.Document) (*surveyed, error) {
	update, err := pdf.NewUpdate(doc)
	if err != nil {
		return nil, err
	}
	s := &surveyed{doc: doc, rev: doc.Last(), update: update}
	root, err := slotOf(s.rev, s.rev.Trailer().Get("Root"))
	if err != nil {
		return nil, err
	}
	if s.catalogRef, s.catalog = root.ref, root.dict(); s.catalog == nil || root.ref == (pdf.Ref{}) {
		return nil, fmt.Errorf("%w: no document catalog", ErrDocument)
	}
	if s.form, err = slotOf(s.rev, s.catalog.Get("AcroForm")); err != nil {
		return nil, err
	}
	if s.form.value != nil && s.form.dict() == nil {
		return nil, fmt.Errorf("%w: /AcroForm is no dictionary", ErrDocument)
	}
	if s.fields, err = walkFields(s.rev, s.form.dict()); err != nil {
		return nil, err
	}
	perms, err := s.rev.Dict(s.catalog.Get("Perms"))
	if err != nil {
		return nil, err
	}
	if perms.Get("DocMDP") != nil {
		s.certified, s.signed = true, true
		if err := s.restrictions(perms.Get("DocMDP")); err != nil {
			return nil, err
		}
		if s.mdp == 0 {
			s.mdp = defaultPermissions
		}
	}
	for _, f := range s.fields {
		if f.value == nil {
			continue
		}
		s.signed = true
		if err := s.restrictions(f.value); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// defaultPermissions is the value of DocMDP /P when it is absent (ISO 32000-2
// Table 257) and of [PDFOptions.Permissions].
const defaultPermissions = 2

// lock is a FieldMDP restriction (ISO 32000-2 §12.8.2.4).
type lock struct {
	action pdf.Name
	fields []string
}

// covers reports whether the field is locked. A name stands for all fields below it.
func (l lock) covers(name string) bool {
	listed := false
	for _, f := range l.fields {
		if name == f || len(name) > len(f) && name[:len(f)] == f && name[len(f)] == '.' {
			listed = true
		}
	}
	switch l.action {
	case "Include":
		return listed
	case "Exclude":
		return !listed
	}
	return true // All, and whatever else it says
}

// maxReferences bounds the transforms of one signature; two are usual.
const maxReferences = 64

// restrictions collects what the signature forbids (ISO 32000-2 Table 256).
func (s *surveyed) restrictions(signature pdf.Object) error {
	dict, err := s.rev.Dict(signature)
	if err != nil {
		return err
	}
	refs, err := s.rev.Array(dict.Get("Reference"))
	if err != nil {
		return err
	}
	if len(refs) > maxReferences {
		return fmt.Errorf("%w: signature with %d references", ErrDocument, len(refs))
	}
	for _, o := range refs {
		ref, err := s.rev.Dict(o)
		if err != nil {
			return err
		}
		method, err := s.rev.Name(ref.Get("TransformMethod"))
		if err != nil {
			return err
		}
		params, err := s.rev.Dict(ref.Get("TransformParams"))
		if err != nil {
			return err
		}
		switch method {
		case "DocMDP":
			err = s.addDocMDP(params)
		case "FieldMDP":
			err = s.addFieldMDP(params)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *surveyed) addDocMDP(params *pdf.Dict) error {
	p := int64(defaultPermissions)
	if params.Get("P") != nil {
		var err error
		if p, err = s.rev.Int(params.Get("P")); err != nil {
			return err
		}
	}
	if p < 1 || p > 3 {
		p = 1 // not defined: nothing is allowed
	}
	if s.mdp == 0 || int(p) < s.mdp {
		s.mdp = int(p)
	}
	return nil
}

func (s *surveyed) addFieldMDP(params *pdf.Dict) error {
	l, err := readLock(s.rev, params)
	if err != nil {
		return err
	}
	s.locks = append(s.locks, l)
	if params.Get("P") != nil { // PDF 2.0: the lock restricts the document, too
		return s.addDocMDP(params)
	}
	return nil
}

func readLock(rev *pdf.Revision, params *pdf.Dict) (lock, error) {
	action, err := rev.Name(params.Get("Action"))
	if err != nil {
		return lock{}, err
	}
	names, err := rev.Array(params.Get("Fields"))
	if err != nil {
		return lock{}, err
	}
	l := lock{action: action}
	for _, o := range names {
		name, err := rev.Str(o)
		if err != nil {
			return lock{}, err
		}
		l.fields = append(l.fields, textOf(name))
	}
	return l, nil
}

// decide settles kind and field, or says what forbids the signature.
func (s *surveyed) decide(opt *PDFOptions) error {
	switch opt.Kind {
	case Auto:
		opt.Kind = Certify
		if s.signed {
			opt.Kind = Approve
		}
	case Certify, Approve:
	default:
		return fmt.Errorf("%w: kind %q", ErrOptions, opt.Kind)
	}
	// ISO 32000-2 §12.8.2.2.1: one DocMDP signature, the first one.
	if opt.Kind == Certify && s.signed {
		return fmt.Errorf("%w: a certification has to be the first signature", ErrSigned)
	}
	if opt.Kind == Approve && opt.Permissions != 0 {
		return fmt.Errorf("%w: permissions belong to a certification", ErrOptions)
	}
	if opt.Permissions == 0 {
		opt.Permissions = defaultPermissions
	}
	if s.mdp == 1 {
		return fmt.Errorf("%w: DocMDP /P 1 allows no changes", ErrNotPermitted)
	}
	if opt.Field == "" {
		opt.Field = s.freeName()
	}
	for _, l := range s.locks {
		if l.covers(opt.Field) {
			return fmt.Errorf("%w: field %q is locked", ErrNotPermitted, opt.Field)
		}
	}
	return nil
}

func (s *surveyed) freeName() string {
	taken := map[string]bool{}
	for _, f := range s.fields {
		taken[f.name] = true
	}
	for i := 1; ; i++ {
		if name := fmt.Sprintf("Signature%d", i); !taken[name] {
			return name
		}
	}
}
