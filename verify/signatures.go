package verify

import "context"

// signatures finds and judges the signatures of the file.
func (j *job) signatures(ctx context.Context) error {
	if err := j.evidence.given(j.opts); err != nil {
		return err
	}
	switch {
	case j.report.File.Type == typePDF:
		return j.pdfSignatures(ctx)
	}
	return j.hashOnly(ctx)
}
