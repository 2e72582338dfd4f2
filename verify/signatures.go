package verify

import "context"

// signatures finds and judges the signatures of the file.
func (j *job) signatures(ctx context.Context) error {
	if err := j.evidence.given(j.opts); err != nil {
		return err
	}
	switch {
	case j.opts.Signature != nil:
		return j.detachedSignature(ctx)
	case j.report.File.Type == typePDF:
		return j.pdfSignatures(ctx)
	case j.report.File.Type == typeCMS:
		return j.envelopingSignature(ctx)
	}
	return j.hashOnly(ctx)
}
