package signer

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/vidimus/vidimus/internal/pdf"
)

// write puts the signature into the update and returns it, with a hole of the
// given number of digits.
func (s *surveyed) write(opt PDFOptions, digits int) ([]byte, error) {
	target, err := s.fieldNamed(opt.Field)
	if err != nil {
		return nil, err
	}
	sig := s.update.NewRef()
	catalog := s.catalog
	var references pdf.Array
	if target == nil {
		if catalog, err = s.newField(catalog, sig, opt); err != nil {
			return nil, err
		}
	} else {
		if references, err = s.lockOf(target); err != nil {
			return nil, err
		}
		if err := s.update.Put(target.ref, target.dict.With(pdf.DictEntry{Key: "V", Value: sig})); err != nil {
			return nil, err
		}
		if catalog, err = s.putForm(catalog, pdf.Ref{}); err != nil {
			return nil, err
		}
	}
	if opt.Kind == Certify {
		references = append(pdf.Array{docMDP(opt.Permissions)}, references...)
		if catalog, err = s.certify(catalog, sig); err != nil {
			return nil, err
		}
	}
	if catalog != s.catalog {
		if err := s.update.Put(s.catalogRef, catalog); err != nil {
			return nil, err
		}
	}
	body, err := signatureDict(opt, references, digits)
	if err != nil {
		return nil, err
	}
	s.update.PutRaw(sig, body)
	tail, err := s.update.Tail()
	if err != nil {
		return nil, err
	}
	start := bytes.Index(tail.Bytes[tail.At(sig):], []byte(contentsKey)) + tail.At(sig) + len(contentsKey)
	at := bytes.Index(tail.Bytes[tail.At(sig):], []byte(byteRangeBlank)) + tail.At(sig)
	copy(tail.Bytes[at:], byteRange(s.doc.Size(), len(tail.Bytes), [2]int{start, start + digits}))
	return tail.Bytes, nil
}

// newField makes an invisible signature field, merged with its widget
// (ISO 32000-2 §12.7.5.5), lists it in the form and on the page.
func (s *surveyed) newField(catalog *pdf.Dict, sig pdf.Ref, opt PDFOptions) (*pdf.Dict, error) {
	page, err := s.page(opt.Page)
	if err != nil {
		return nil, err
	}
	widget, appearance := s.update.NewRef(), s.update.NewRef()
	// PDF/A-1 (ISO 19005-1 §6.9) wants an appearance even of what cannot be
	// seen; PDF/A-2 and later do not mind it.
	err = s.update.PutStream(appearance, dict("Type", pdf.Name("XObject"), "Subtype", pdf.Name("Form"),
		"BBox", emptyRect, "Resources", dict()), nil)
	if err != nil {
		return nil, err
	}
	// Print and Locked: PDF/A forbids Hidden and demands Print.
	const printLocked = 1<<2 | 1<<7
	err = s.update.Put(widget, dict("Type", pdf.Name("Annot"), "Subtype", pdf.Name("Widget"), "FT", pdf.Name("Sig"),
		"T", textString(opt.Field), "V", sig, "Rect", emptyRect, "F", pdf.Integer(printLocked),
		"AP", dict("N", appearance), "P", page.ref))
	if err != nil {
		return nil, err
	}
	annots, err := slotOf(s.rev, page.dict().Get("Annots"))
	if err != nil {
		return nil, err
	}
	list, ok := annots.value.(pdf.Array)
	if !ok && annots.value != nil {
		return nil, fmt.Errorf("%w: /Annots is no array", ErrDocument)
	}
	list = appended(list, widget)
	if annots.ref != (pdf.Ref{}) && annots.value != nil {
		err = s.update.Put(annots.ref, list)
	} else {
		err = s.update.Put(page.ref, page.dict().With(pdf.DictEntry{Key: "Annots", Value: list}))
	}
	if err != nil {
		return nil, err
	}
	return s.putForm(catalog, widget)
}

// putForm adds a field to the form unless the reference is zero, and says that
// there are signatures and that only appending keeps them
// (SignaturesExist, AppendOnly: ISO 32000-2 Table 225). Whatever else is in the
// form stays. It returns the catalog, a new one if the form is kept in it.
func (s *surveyed) putForm(catalog *pdf.Dict, added pdf.Ref) (*pdf.Dict, error) {
	form := s.form.dict()
	flags, err := s.rev.Int(form.Get("SigFlags"))
	if err != nil {
		return nil, err
	}
	const exist, appendOnly = 1, 2
	changed := form
	if flags&(exist|appendOnly) != exist|appendOnly {
		changed = changed.With(pdf.DictEntry{Key: "SigFlags", Value: pdf.Integer(flags | exist | appendOnly)})
	}
	if added != (pdf.Ref{}) {
		fields, err := slotOf(s.rev, form.Get("Fields"))
		if err != nil {
			return nil, err
		}
		list, _ := fields.value.(pdf.Array)
		list = appended(list, added)
		if fields.ref != (pdf.Ref{}) && fields.value != nil {
			if err := s.update.Put(fields.ref, list); err != nil {
				return nil, err
			}
		} else {
			changed = changed.With(pdf.DictEntry{Key: "Fields", Value: list})
		}
	}
	switch {
	case changed == form:
		return catalog, nil
	case s.form.ref != (pdf.Ref{}) && form != nil:
		return catalog, s.update.Put(s.form.ref, changed)
	}
	return catalog.With(pdf.DictEntry{Key: "AcroForm", Value: changed}), nil
}

// certify names the signature in the catalog's /Perms (ISO 32000-2 §12.8.6) and
// declares the ETSI extension of PDF before 2.0.
func (s *surveyed) certify(catalog *pdf.Dict, sig pdf.Ref) (*pdf.Dict, error) {
	perms, err := slotOf(s.rev, catalog.Get("Perms"))
	if err != nil {
		return nil, err
	}
	value := perms.dict().With(pdf.DictEntry{Key: "DocMDP", Value: sig})
	if perms.ref != (pdf.Ref{}) && perms.dict() != nil {
		err = s.update.Put(perms.ref, value)
	} else {
		catalog = catalog.With(pdf.DictEntry{Key: "Perms", Value: value})
	}
	if err != nil {
		return nil, err
	}
	version, err := s.rev.Name(catalog.Get("Version"))
	if err != nil {
		return nil, err
	}
	extensions, err := slotOf(s.rev, catalog.Get("Extensions"))
	if err != nil {
		return nil, err
	}
	if max(string(version), s.doc.Version()) >= "2" || extensions.dict().Has("ESIC") || extensions.ref != (pdf.Ref{}) {
		return catalog, nil
	}
	esic := dict("BaseVersion", pdf.Name("1.7"), "ExtensionLevel", pdf.Integer(1))
	return catalog.With(pdf.DictEntry{Key: "Extensions",
		Value: extensions.dict().With(pdf.DictEntry{Key: "ESIC", Value: esic})}), nil
}

// lockOf makes the FieldMDP transform that the field's /Lock demands
// (ISO 32000-2 §12.7.5.5), and refuses mandatory seed values.
func (s *surveyed) lockOf(f *field) (pdf.Array, error) {
	seed, err := s.rev.Dict(f.dict.Get("SV"))
	if err != nil {
		return nil, err
	}
	if flags, err := s.rev.Int(seed.Get("Ff")); err != nil || flags != 0 {
		return nil, fmt.Errorf("%w: %q has mandatory seed values", ErrField, f.name)
	}
	l, err := s.rev.Dict(f.dict.Get("Lock"))
	if err != nil || l == nil {
		return nil, err
	}
	params := dict("Type", pdf.Name("TransformParams"))
	for _, key := range []pdf.Name{"Action", "Fields", "P"} {
		v, err := s.rev.Resolve(l.Get(key))
		if err != nil {
			return nil, err
		}
		params = params.With(pdf.DictEntry{Key: key, Value: v})
	}
	params = params.With(pdf.DictEntry{Key: "V", Value: pdf.Name("1.2")})
	return pdf.Array{dict("Type", pdf.Name("SigRef"), "TransformMethod", pdf.Name("FieldMDP"),
		"TransformParams", params, "Data", s.catalogRef)}, nil
}

func docMDP(permissions int) *pdf.Dict {
	return dict("Type", pdf.Name("SigRef"), "TransformMethod", pdf.Name("DocMDP"),
		"TransformParams", dict("Type", pdf.Name("TransformParams"), "P", pdf.Integer(permissions), "V", pdf.Name("1.2")))
}

// byteRangeBlank keeps the place of the ByteRange until the offsets are known.
var byteRangeBlank = strings.Repeat(" ", byteRangeLen)

// signatureDict is ISO 32000-2 Table 255 as EN 319 142-1 §6.3 restricts it.
func signatureDict(opt PDFOptions, references pdf.Array, digits int) ([]byte, error) {
	d := dict("Type", pdf.Name("Sig"), "Filter", pdf.Name("Adobe.PPKLite"), "SubFilter", pdf.Name("ETSI.CAdES.detached"),
		"M", pdf.String(opt.Time.UTC().Format("D:20060102150405Z")))
	for _, e := range []struct {
		key  pdf.Name
		text string
	}{{"Name", opt.Name}, {"Reason", opt.Reason}, {"Location", opt.Location}, {"ContactInfo", opt.Contact}} {
		if e.text != "" {
			d = d.With(pdf.DictEntry{Key: e.key, Value: textString(e.text)})
		}
	}
	if len(references) > 0 {
		d = d.With(pdf.DictEntry{Key: "Reference", Value: references})
	}
	body, err := pdf.AppendObject(nil, d)
	if err != nil {
		return nil, err
	}
	body = append(body[:len(body)-len(">>")], '\n')
	body = append(body, byteRangeBlank...)
	body = append(body, contentsKey...)
	body = append(body, strings.Repeat("0", digits)...)
	return append(body, ">>>"...), nil
}

var emptyRect = pdf.Array{pdf.Integer(0), pdf.Integer(0), pdf.Integer(0), pdf.Integer(0)}

// dict makes a dictionary from keys (string) and values in turn.
func dict(pairs ...any) *pdf.Dict {
	entries := make([]pdf.DictEntry, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		value, _ := pairs[i+1].(pdf.Object)
		entries = append(entries, pdf.DictEntry{Key: pdf.Name(pairs[i].(string)), Value: value})
	}
	return pdf.NewDict(entries...)
}

// appended copies: the objects of a document are shared.
func appended(list pdf.Array, o pdf.Object) pdf.Array {
	return append(append(make(pdf.Array, 0, len(list)+1), list...), o)
}
