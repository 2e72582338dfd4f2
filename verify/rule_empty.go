package verify

// ERR-EMPTY: a file holds at least one byte.
var ruleEmpty = rule{"ERR-EMPTY", func(s *subject, find func(Finding)) {
	if s.info.Size == 0 {
		find(Finding{Code: "ERR-EMPTY", Severity: Error, Got: "0", Want: "> 0"})
	}
}}
