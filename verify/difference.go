package verify

import (
	"context"
	"strconv"

	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pdf/diff"
)

// difference compares all revisions after the signed one with it.
func (p *pdfJob) difference(ctx context.Context, c *candidate, rev *pdf.Revision, opts diff.Options) {
	if p.history == nil {
		p.history = diff.NewHistory(p.doc)
	}
	res, err := p.history.Compare(ctx, rev, opts)
	if err != nil {
		if p.src.err == nil && ctx.Err() == nil {
			p.src.err = err // neither a result nor the file's fault
		}
		res = &diff.Result{}
	}
	c.sig.Changes, c.sig.ChangesAllowed = changesOf(res.Level), res.Allowed
	detail := ""
	for _, change := range res.Changes {
		c.sig.Changed = append(c.sig.Changed, p.describe(change))
		if change.Level == res.Level && detail == "" {
			detail = string(change.Kind) + " at " + change.Path
			if change.Detail != "" {
				detail += ": " + change.Detail
			}
		}
	}
	switch {
	case c.sig.Changes == ChangesUnknown:
		c.check(CheckChanges, StatusUnknown, SubGeneric, "%s", detail)
	case !res.Allowed:
		c.check(CheckChanges, StatusFailed, SubFormat, "%s", detail)
	default:
		c.check(CheckChanges, StatusOK, "", "%s", detail)
	}
}

func changesOf(l diff.Level) Changes {
	switch l {
	case diff.None:
		return ChangesNone
	case diff.LTV:
		return ChangesLTV
	case diff.FormFill:
		return ChangesFormFill
	case diff.Annotations:
		return ChangesAnnotations
	case diff.Other:
		return ChangesOther
	}
	return ChangesUnknown
}

// describe puts a change into the words of the catalogue.
func (p *pdfJob) describe(c diff.Change) Change {
	return Change{
		Level: changesOf(c.Level), Page: c.Page, Field: c.Field, Kind: string(c.Kind),
		What: p.say("diff."+string(c.Kind), "page", strconv.Itoa(c.Page), "field", c.Field),
		Path: c.Path, Revision: c.Revision + 1,
	}
}
