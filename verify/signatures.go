package verify

import "context"

// signatures finds and judges the signatures of the file.
func (j *job) signatures(ctx context.Context) error {
	j.report.incomplete = j.report.File.Type == typePDF || j.report.File.Type == typeCMS
	return ctx.Err()
}
