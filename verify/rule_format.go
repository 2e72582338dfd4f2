package verify

import (
	"bytes"
	"slices"
	"strings"
)

// ERR-FORMAT: the file is of a type that the profile accepts, told by the magic
// number at offset 0 (ISO 32000-2 §7.5.2; ISO/IEC 10918-1 B.1.1.3; PNG §5.2):
// what stands before it may be another file.
var ruleFormat = rule{"ERR-FORMAT", func(s *subject, find func(Finding)) {
	misplaced := s.info.Type == typePDF && !bytes.HasPrefix(s.head, []byte("%PDF-"))
	if s.info.Size == 0 || slices.Contains(s.profile.types, s.info.Type) && !misplaced {
		return
	}
	f := Finding{Code: "ERR-FORMAT", Severity: Error, Got: s.info.Type, Want: strings.Join(s.profile.types, ", ")}
	if misplaced {
		f.Got = "%PDF- after other bytes"
	}
	find(f)
}}
