package verify

import (
	"fmt"

	"github.com/vidimus/vidimus/internal/pdf"
)

// permissions is what a signature allows to be changed after it.
type permissions struct {
	docMDP  int        // 1 to 3; 0: it says nothing about the document
	certify bool       // it is a certification signature
	lock    *fieldLock // nil: it says nothing about fields
}

// fieldLock names the fields that must not change (ISO 32000-2 §12.7.5.5, table
// 236, and §12.8.2.4, table 258).
type fieldLock struct {
	action string // All, Include, Exclude
	fields []string
}

// readPermissions reads the transforms of the signature's /Reference (DocMDP,
// ISO 32000-2 §12.8.2.2; FieldMDP, §12.8.2.4) and the lock of its field, all as
// the signed revision has them. What cannot be read is an error: to take it for
// absent would allow what the signer forbade.
func readPermissions(rev *pdf.Revision, f *sigField) (permissions, error) {
	var p permissions
	refs, err := rev.Array(f.value.Get("Reference"))
	if err != nil {
		return p, fmt.Errorf("/Reference: %w", err)
	}
	for _, o := range refs {
		d, err := rev.Dict(o)
		if err != nil {
			return p, fmt.Errorf("/Reference: %w", err)
		}
		method, err := rev.Name(d.Get("TransformMethod"))
		if err != nil {
			return p, fmt.Errorf("/TransformMethod: %w", err)
		}
		params, err := rev.Dict(d.Get("TransformParams"))
		if err != nil {
			return p, fmt.Errorf("/TransformParams: %w", err)
		}
		switch method {
		case "DocMDP":
			if p.docMDP, err = readLevel(rev, params, 2); err != nil {
				return p, err
			}
			p.certify = true
		case "FieldMDP":
			if p.lock, err = readLock(rev, params); err != nil {
				return p, err
			}
		}
	}
	field, err := signedField(rev, f)
	if err != nil {
		return p, err
	}
	lock, err := rev.Dict(field.Get("Lock"))
	if err != nil || lock == nil {
		return p, err
	}
	// The signer's software copies /Lock into a FieldMDP transform; where it did
	// not, the field's own word counts.
	if p.lock == nil {
		if p.lock, err = readLock(rev, lock); err != nil {
			return p, err
		}
	}
	if level, err := readLevel(rev, lock, 0); err != nil {
		return p, err
	} else if level > 0 && (p.docMDP == 0 || level < p.docMDP) {
		p.docMDP = level
	}
	return p, nil
}

func readLevel(rev *pdf.Revision, d *pdf.Dict, absent int) (int, error) {
	if !d.Has("P") {
		return absent, nil
	}
	n, err := rev.Int(d.Get("P"))
	if err != nil || n < 1 || n > 3 {
		return 0, fmt.Errorf("/P of a permission is not 1 to 3")
	}
	return int(n), nil
}

func readLock(rev *pdf.Revision, d *pdf.Dict) (*fieldLock, error) {
	action, err := rev.Name(d.Get("Action"))
	if err != nil {
		return nil, fmt.Errorf("/Action: %w", err)
	}
	l := &fieldLock{action: string(action)}
	switch action {
	case "All":
		return l, nil
	case "Include", "Exclude":
	default:
		return nil, fmt.Errorf("/Action /%s is none of All, Include, Exclude", action)
	}
	names, err := rev.Array(d.Get("Fields"))
	if err != nil {
		return nil, fmt.Errorf("/Fields of a lock: %w", err)
	}
	for _, o := range names {
		s, err := rev.Str(o)
		if err != nil {
			return nil, fmt.Errorf("/Fields of a lock: %w", err)
		}
		l.fields = append(l.fields, textString(s))
	}
	return l, nil
}

// signedField returns the field as the signed revision has it.
func signedField(rev *pdf.Revision, f *sigField) (*pdf.Dict, error) {
	if f.ref == (pdf.Ref{}) {
		return f.dict, nil
	}
	d, err := rev.Dict(f.ref)
	if err != nil {
		return nil, fmt.Errorf("field %s: %w", f.ref, err)
	}
	return d, nil
}
