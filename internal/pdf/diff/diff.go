// Package diff says what was changed in a PDF file after it was signed, and
// whether the signature permits it (ISO 32000-2 §12.8.2.2, §12.8.2.4).
//
//	demands, err := diff.ReadDemands(signed, sigDict, fieldDict) // DocMDP, FieldMDP, /Lock
//	res, err := diff.Compare(ctx, doc, signed, diff.Options{DocMDP: demands.DocMDP, Locks: demands.Locks})
//	if err == nil && res.Allowed { … res.Level, res.Changes … }
//
// Every later revision is compared with the one before it, object by object,
// so that a change and its reversal are both seen. Each object is judged in
// every place from which the trailer leads to it: what a form field may do, a
// font may not, and an object that is both must satisfy both. What no rule
// lists is refused.
//
// A file with many signatures is compared once by asking one [History] for all
// of them, the oldest first.
package diff

import (
	"context"

	"github.com/vidimus/vidimus/internal/pdf"
)

// Level is the gravest kind of change. The zero value means that nobody
// compared, or that it could not be done.
type Level int

// Levels in ascending order of gravity; Unknown is beyond comparison.
const (
	Unknown     Level = iota
	None              // nothing was added to the file
	LTV               // validation data, document time-stamps, nothing that shows
	FormFill          // form filling, further signatures
	Annotations       // comments
	Other             // anything else: never allowed
)

// String gives the level's name in reports.
func (l Level) String() string {
	switch l {
	case None:
		return "none"
	case LTV:
		return "ltv"
	case FormFill:
		return "form-fill"
	case Annotations:
		return "annotations"
	case Other:
		return "other"
	}
	return "unknown"
}

// Options say what the signature permits.
type Options struct {
	// DocMDP is the permission in force (ISO 32000-2 table 257): 1 nothing but
	// validation data and document time-stamps, 2 form filling and signing, 3
	// annotations too. 0: no certification signature; then form filling and
	// signing are allowed, and new visible signature fields.
	DocMDP int
	// Locks are the form fields that this signature and earlier ones lock.
	Locks []Lock
}

// Change is one change made after signing.
type Change struct {
	Level    Level
	Revision int     // Index of the revision that made it
	Page     int     // from 1; 0 if it belongs to no page
	Field    string  // full name of the form field; empty if it belongs to none
	Kind     Kind    // what it is, in the catalogue as "diff." + Kind
	Path     string  // from the trailer: Root/AcroForm/Fields[0]/V
	Ref      pdf.Ref // the object; zero for the trailer and the file's structure
	Detail   string  // for experts, in English
}

// Result is the outcome of a comparison. The zero value allows nothing.
type Result struct {
	Level   Level
	Allowed bool
	// Changes in the order of revisions, at most 1,000; the gravest of each
	// revision is always among them.
	Changes []Change
}

// Compare compares every revision of doc after signed with its predecessor.
//
// A file that cannot be understood is a result: Level Other for what no reader
// should accept, Unknown where a limit was met or the content is locked. An
// error says that the file could not be read, or is the context's.
func Compare(ctx context.Context, doc *pdf.Document, signed *pdf.Revision, opts Options) (*Result, error) {
	return NewHistory(doc).Compare(ctx, signed, opts)
}
