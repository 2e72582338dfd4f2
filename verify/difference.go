package verify

import "github.com/vidimus/vidimus/internal/pdf"

// difference compares the last revision with the signed one.
func (p *pdfJob) difference(c *candidate, rev *pdf.Revision, perms permissions) {
	c.sig.Changes = ChangesUnknown
	c.check(CheckChanges, StatusUnknown, SubGeneric, "later revisions were not compared")
}
