package verify

import "strconv"

// ERR-SIZE: a file is not larger than the profile allows, 5 MB (5·1024·1024
// bytes) unless it says otherwise. The size is that of the bytes at hand, never
// one that a header states.
var ruleSize = rule{"ERR-SIZE", func(s *subject, find func(Finding)) {
	if s.info.Size > s.profile.maxSize {
		find(Finding{Code: "ERR-SIZE", Severity: Error,
			Got:  strconv.FormatInt(s.info.Size, 10),
			Want: "≤ " + strconv.FormatInt(s.profile.maxSize, 10)})
	}
}}
