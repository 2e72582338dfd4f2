package verify

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/tsp"
)

// maxStamps bounds the signature time-stamps looked at; one is usual.
const maxStamps = 8

// openStamps reads the signature time-stamps.
func (c *candidate) openStamps(e *evidence) {
	if c.si == nil || c.sig.Kind == KindTimestamp {
		return
	}
	for i, der := range c.si.SignatureTimestamps() {
		if i == maxStamps {
			c.stampErrs = append(c.stampErrs, errors.New("more time-stamps than are looked at"))
			break
		}
		token, err := tsp.Parse(der)
		if err != nil {
			c.stampErrs = append(c.stampErrs, err)
			continue
		}
		c.stamps = append(c.stamps, &stamp{token: token, value: der})
		e.message(token.CMS, c.br.end)
	}
	c.openArchives(e)
}

// prove finds the earliest time at which the signature is proven to have
// existed: its own time-stamps (over the signature value, EN 319 122-1 §5.3),
// and document time-stamps over the revision that has it.
func (c *candidate) prove(j *job, ctx context.Context, later []*candidate) {
	at := j.report.ValidationTime
	earlier := func(t time.Time) {
		if c.proven.IsZero() || t.Before(c.proven) {
			c.proven = t
		}
	}
	for _, l := range later {
		if l.covers(c) {
			earlier(l.token.time())
			at = c.proven
		}
	}
	if c.sig.Kind == KindTimestamp {
		c.tokenCheck()
		return
	}
	c.proveArchives(ctx, j, at)
	for _, a := range c.archives {
		if a.valid == StatusOK {
			earlier(a.time())
		}
	}
	status, details := StatusNotApplicable, []string(nil)
	for _, err := range c.stampErrs {
		status, details = StatusFailed, append(details, err.Error())
	}
	for _, s := range c.stamps {
		j.judgeStamp(ctx, s, func(h pki.Hash) ([]byte, error) {
			d := h.New()
			d.Write(c.si.Signature)
			return d.Sum(nil), nil
		}, c.keptSince(s.value, at))
		details = append(details, s.detail)
		switch {
		case s.valid == StatusFailed:
			status = StatusFailed
		case s.valid == StatusUnknown && status != StatusFailed:
			status = StatusUnknown
		case s.valid == StatusOK:
			earlier(s.time())
			if status == StatusNotApplicable {
				status = StatusOK
			}
		}
	}
	c.check(CheckTimestamp, status, SubSigConstraints, "%s", strings.Join(details, "; "))
	c.archiveCheck()
	if !c.proven.IsZero() {
		at = c.proven
	}
	c.contentCheck(ctx, j, at)
}

// covers reports whether c is a document time-stamp that proves that all of
// other existed.
func (c *candidate) covers(other *candidate) bool {
	return c.proves() && other.br.end > 0 && other.br.end <= c.br.gap
}

// proves reports whether c is a document time-stamp whose time is proven.
func (c *candidate) proves() bool {
	return c.token != nil && c.token.valid == StatusOK &&
		(c.sig.Coverage == CoverageEntireFile || c.sig.Coverage == CoverageEntireRevision)
}

// tokenCheck reports on a document time-stamp's own token.
func (c *candidate) tokenCheck() {
	if c.token == nil {
		return
	}
	c.check(CheckTimestamp, c.token.valid, SubSigConstraints, "%s", c.token.detail)
}

// attributes checks what the format demands of signed attributes: none repeated
// (RFC 5652 §5.3 and the clauses of EN 319 122-1 §5 on each), and for PAdES no
// signing-time (EN 319 142-1 §6.3: the time stands in /M).
func (c *candidate) attributes() {
	for _, oid := range singleAttributes {
		a, err := c.si.Signed(oid)
		switch {
		case errors.Is(err, cms.ErrNoAttribute):
		case err != nil:
			c.check(CheckAttributes, StatusFailed, SubFormat, "%v", err)
		case len(a.Values) != 1:
			c.check(CheckAttributes, StatusFailed, SubFormat, "%s has %d values, not one", oid, len(a.Values))
		}
	}
}
