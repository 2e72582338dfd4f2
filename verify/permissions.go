package verify

import (
	"fmt"

	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pdf/diff"
)

// permissions is what a signature allows to be changed after it.
type permissions struct {
	diff.Demands
	certify bool // it is a certification signature (ISO 32000-2 §12.8.2.2)
}

// readPermissions reads what the signature and its field, both as the signed
// revision has them, demand of changes. What cannot be read is an error: to
// take it for absent would allow what the signer forbade.
func readPermissions(rev *pdf.Revision, f *sigField) (permissions, error) {
	field, err := signedField(rev, f)
	if err != nil {
		return permissions{}, err
	}
	demands, err := diff.ReadDemands(rev, f.value, field)
	p := permissions{Demands: demands}
	if err != nil {
		return p, fmt.Errorf("permissions: %w", err)
	}
	refs, err := rev.Array(f.value.Get("Reference"))
	if err != nil {
		return p, fmt.Errorf("/Reference: %w", err)
	}
	for _, o := range refs {
		if d, err := rev.Dict(o); err == nil {
			method, _ := rev.Name(d.Get("TransformMethod"))
			p.certify = p.certify || method == "DocMDP"
		}
	}
	return p, nil
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

// inForce adds what this signature demands to what earlier ones do: the
// strictest level, and the locks of all.
func (p *pdfJob) inForce(d diff.Demands) diff.Options {
	if d.DocMDP > 0 && (p.demands.DocMDP == 0 || d.DocMDP < p.demands.DocMDP) {
		p.demands.DocMDP = d.DocMDP
	}
	p.demands.Locks = append(p.demands.Locks, d.Locks...)
	return diff.Options{DocMDP: p.demands.DocMDP, Locks: p.demands.Locks}
}
