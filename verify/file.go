package verify

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/text"
)

// ErrProfile is returned for a profile that does not exist; see [Profiles].
var ErrProfile = errors.New("verify: no such profile")

// Bytes checks a file that is in memory; see [File].
func Bytes(ctx context.Context, name string, data []byte, opts Options) (*Report, error) {
	return newShared(opts.Kinds).job(&opts).run(ctx, name, inMemory(data))
}

// File checks a file of the given size, of which name is only what to call it.
// r is read at any offset, the bulk of it once. Memory does not grow with the
// file.
//
// An error says that the file could not be checked: [ErrProfile], an
// [EvidenceError] for what the options bring, the context's
// error, or what r returned. Whatever is wrong with the file itself is in the
// report.
func File(ctx context.Context, name string, r io.ReaderAt, size int64, opts Options) (*Report, error) {
	return newShared(opts.Kinds).job(&opts).run(ctx, name, &source{r: r, size: size})
}

// job is one run of File.
type job struct {
	*shared
	opts     *Options
	profile  *profile
	report   *Report
	src      *source
	cat      *text.Catalogue
	evidence *evidence
	paths    map[pathKey]pki.PathResult
	tries    cms.Tries              // of keys, for all signatures
	effort   *pki.Effort            // of validating paths, likewise
	lenient  map[[32]byte]bool      // certificates whose departures are reported
	prefixes []*rangeHash           // of signed revisions
	counters int                    // countersignatures so far
	record   *vidimus.Record        // of a certificate of ours
	visible  []vidimus.VisibleField // of record
}

func (j *job) run(ctx context.Context, name string, src *source) (*Report, error) {
	var ok bool
	if j.profile, ok = profiles[j.opts.Profile]; !ok {
		return nil, fmt.Errorf("%w: %q", ErrProfile, j.opts.Profile)
	}
	if src.size < 0 {
		return nil, fmt.Errorf("verify: size %d", src.size)
	}
	now := j.opts.now()
	j.report = &Report{CheckedAt: now, ValidationTime: now, Profile: j.opts.Profile}
	if !j.opts.At.IsZero() {
		j.report.ValidationTime = j.opts.At.UTC()
	}
	j.src = src
	head, err := j.src.head()
	if err != nil {
		return nil, err
	}
	j.report.File = FileInfo{Name: name, Size: src.size, Type: sniff(head)}
	if err := j.signatures(ctx); err != nil {
		return nil, err
	}
	if j.src.err != nil { // a read error that a parser took for a broken file
		return nil, j.src.err
	}
	for _, rule := range j.profile.rules {
		rule.check(&subject{info: &j.report.File, head: head, profile: j.profile}, j.find)
	}
	return j.report, ctx.Err()
}

// say returns a text of the catalogue, which is read when first needed.
func (j *job) say(key string, pairs ...string) string {
	if j.cat == nil {
		j.cat = text.Load()
	}
	return j.cat.Say(language(j.opts.Lang), key, pairs...)
}

// find adds a finding with its texts.
func (j *job) find(f Finding) {
	places := []string{"got", f.Got, "want", f.Want, "field", f.Field}
	f.Message = j.say(f.Code, places...)
	if j.cat.Has(f.Code + ".hint") {
		f.Hint = j.say(f.Code+".hint", places...)
	}
	j.report.Findings = append(j.report.Findings, f)
}

func language(s string) text.Lang {
	if s == "" {
		return text.RU
	}
	return text.Parse(s)
}
