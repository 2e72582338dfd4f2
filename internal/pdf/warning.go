package pdf

import "fmt"

// Code names one leniency of the reader. A Warning carries it whenever the
// reader went on although the file broke a rule; codes are never reused.
type Code string

// The leniencies, all of them.
const (
	WarnHeaderOffset    Code = "header-offset"           // bytes before "%PDF-"; offsets are counted from the header
	WarnHeaderJunk      Code = "header-junk"             // bytes before "%PDF-"; offsets are nevertheless counted from byte 0
	WarnMissingEOF      Code = "missing-eof"             // a revision without its %%EOF
	WarnAfterEOF        Code = "after-eof"               // bytes after the last %%EOF
	WarnStartXRef       Code = "startxref"               // startxref does not hold exactly the offset of its cross-reference
	WarnStartXRefLine   Code = "startxref-line"          // startxref leads to the line end before its cross-reference
	WarnXRefOrder       Code = "xref-order"              // a later revision stands before an earlier one in the file
	WarnXRefGap         Code = "xref-gap"                // between section and %%EOF stands something else
	WarnXRefFirst       Code = "xref-first-object"       // a table numbered from 1 whose first entry is object 0
	WarnXRefEntry       Code = "xref-entry"              // table entries that are not 20 bytes long
	WarnXRefDuplicate   Code = "xref-duplicate"          // an object number twice in one section; the first counts
	WarnXRefSize        Code = "xref-size"               // /Size does not exceed every object number of its section
	WarnXRefZero        Code = "xref-zero"               // an entry in use at offset 0, taken as free
	WarnPrevZero        Code = "prev-zero"               // /Prev 0, taken as absent
	WarnHybrid          Code = "hybrid"                  // a hybrid file (/XRefStm): old and new readers may see different objects
	WarnHybridConflict  Code = "hybrid-conflict"         // table and /XRefStm both locate an object, differently
	WarnObjectOffset    Code = "object-offset"           // white space or comments between the offset and the object's header
	WarnObjectEnd       Code = "object-end"              // no "endobj" after the object
	WarnStreamKeyword   Code = "stream-keyword"          // "stream" followed by something else than LF or CR LF
	WarnStreamLength    Code = "stream-length"           // /Length is wrong; the data ends where "endstream" stands
	WarnDuplicateKey    Code = "duplicate-key"           // a dictionary with a key twice; the last counts
	WarnEncryptChanged  Code = "encrypt-changed"         // revisions disagree on /Encrypt
	WarnFlateChecksum   Code = "flate-checksum"          // wrong or missing Adler-32
	WarnFilterTail      Code = "filter-tail"             // encoded data without its end marker
	WarnPageTree        Code = "page-tree"               // /Kids, /Count, /Type or /Parent inconsistent
	WarnPermsMismatch   Code = "encrypt-perms"           // /Perms does not confirm /P (AES-256)
	WarnPadding         Code = "encrypt-padding"         // AES data without valid padding; taken whole
	WarnObjStmDuplicate Code = "object-stream-duplicate" // an object stream that lists a number twice; the cross-reference's index decides
	WarnLinearizedFalse Code = "not-linearized"          // forward /Prev without a linearization dictionary that explains it
)

// Warning is one leniency applied while reading.
type Warning struct {
	Code   Code
	Offset int64 // in the file; -1 if it has no place
	Detail string
}

func (w Warning) String() string {
	return fmt.Sprintf("%s at %d: %s", w.Code, w.Offset, w.Detail)
}

// maxWarnings bounds the list: a hostile file can break a rule at every byte,
// and nobody reads further.
const maxWarnings = 512

func (d *Document) warn(code Code, off int64, detail string) {
	d.doubts++
	if len(d.warnings) >= maxWarnings {
		return
	}
	key := warningKey{code, off}
	if d.warned[key] {
		return
	}
	if d.warned == nil {
		d.warned = make(map[warningKey]bool)
	}
	d.warned[key] = true
	d.warnings = append(d.warnings, Warning{code, off, detail})
}

type warningKey struct {
	code Code
	off  int64
}

// Warnings returns the leniencies applied so far. Reading is lazy, so the list
// grows while objects are read; at most 512 are kept.
func (d *Document) Warnings() []Warning {
	return append([]Warning(nil), d.warnings...)
}
