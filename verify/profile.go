package verify

import (
	"maps"
	"slices"
)

// ProfileUpload is the name of the default rules for a document that a
// specialist uploads.
const ProfileUpload = "upload"

// defaultMaxSize is the limit for an uploaded file: 5 MB, counted as MiB.
const defaultMaxSize = 5 << 20

// profile is a named set of rules and their limits.
type profile struct {
	rules   []rule
	maxSize int64
	types   []string
}

// subject is what a rule looks at.
type subject struct {
	info    *FileInfo
	head    []byte
	profile *profile
}

// rule is one demand on a file. It stands in a file of its own, under the
// clause it comes from.
type rule struct {
	code  string
	check func(s *subject, find func(Finding))
}

// profiles are the built-in ones. Without a profile only the questions about
// signatures are asked, and of an empty file that it is empty.
var profiles = map[string]*profile{
	"": {rules: []rule{ruleEmpty}},
	ProfileUpload: {
		rules:   []rule{ruleEmpty, ruleSize, ruleFormat},
		maxSize: defaultMaxSize,
		types:   []string{typePDF, typeJPEG, typePNG},
	},
}

// Profiles returns the names that [Options.Profile] may have besides "".
func Profiles() []string {
	names := slices.Sorted(maps.Keys(profiles))
	return slices.DeleteFunc(names, func(s string) bool { return s == "" })
}
