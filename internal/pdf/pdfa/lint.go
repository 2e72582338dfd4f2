package pdfa

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// ErrLint is wrapped by every [LintError].
var ErrLint = errors.New("pdfa: document breaks its standard")

// Violation is one broken clause.
type Violation struct {
	Rule   string // stable code
	Clause string // standard and clause
	Detail string
}

// LintError lists all that is wrong with a document.
type LintError struct{ Violations []Violation }

func (e *LintError) Error() string {
	var b strings.Builder
	b.WriteString(ErrLint.Error())
	for _, v := range e.Violations {
		fmt.Fprintf(&b, "\n  %s (%s): %s", v.Rule, v.Clause, v.Detail)
	}
	return b.String()
}

// Unwrap returns [ErrLint].
func (e *LintError) Unwrap() error { return ErrLint }

// rule is one clause that this writer could break. check calls bad for each
// breach.
type rule struct {
	code   string
	clause string
	// constant rules look only at objects of the prefix, base and shape, and are
	// asked once for each prefix.
	constant bool
	check    func(f *file, bad func(format string, args ...any))
}

// maxViolations bounds a report: more is no help.
const maxViolations = 100

// rules returns all rules. One table per subject keeps a clause, its code and
// its check together.
func rules() []rule {
	var all []rule
	for _, table := range [][]rule{
		fileRules, catalogRules, metadataRules, contentRules, structureRules,
		fontRules, attachmentRules, signatureRules,
	} {
		all = append(all, table...)
	}
	return all
}

// Lint checks a file made by this package in [A3a] mode from its bytes alone,
// inflating what it must. The error is a *[LintError] that lists every broken
// clause. It is no validator of other programs' files, whose form it refuses.
func Lint(data []byte) error {
	f := new(file)
	f.read(data, nil, nil)
	if len(f.broken) == 0 {
		f.inflate()
	}
	return f.run(true)
}

// Lint checks a document of this base from its bytes. It does what the function
// [Lint] does, but does not look again at the constant beginning of a document
// when another one with the same bytes has passed.
func (b *Base) Lint(data []byte) error {
	for _, s := range b.shapes.all() {
		if s.linted.Load() && bytes.HasPrefix(data, s.prefix) {
			f := new(file)
			f.read(data, s, b)
			if len(f.broken) == 0 {
				f.inflate()
			}
			return f.run(false)
		}
	}
	return Lint(data)
}

// lintOutput checks a document that has just been written. The constant rules
// run with the first document of a shape; content is scanned before deflation.
func (d *Doc) lintOutput(out *Output) error {
	if !d.shape.linted.Load() {
		if err := Lint(out.Bytes); err != nil {
			return err
		}
		d.shape.linted.Store(true)
		return nil
	}
	f := &d.lint
	f.read(out.Bytes, d.shape, d.base)
	if len(f.broken) == 0 {
		f.content = d.content
		f.scan.run(f.content, d.base.sizes)
	}
	return f.run(false)
}

// run applies the rules. A file whose objects can't be read is reported as
// such, without asking further.
func (f *file) run(constant bool) error {
	found := f.broken
	if len(found) == 0 {
		var r *rule
		bad := func(format string, args ...any) {
			if len(found) < maxViolations {
				found = append(found, Violation{r.code, r.clause, fmt.Sprintf(format, args...)})
			}
		}
		for _, table := range [...][]rule{
			fileRules, catalogRules, metadataRules, contentRules, structureRules,
			fontRules, attachmentRules, signatureRules,
		} {
			for i := range table {
				if r = &table[i]; !r.constant || constant {
					r.check(f, bad)
				}
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return &LintError{Violations: found}
}
