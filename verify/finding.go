package verify

import "github.com/vidimus/vidimus/internal/text"

// Severity weighs a finding. The zero value means that nobody weighed it; a
// report with such a finding does not pass.
type Severity string

const (
	Error   Severity = "error"   // the file is refused
	Warning Severity = "warning" // a person should look
	Notice  Severity = "notice"
)

// Finding is one thing that a check found wrong or worth knowing. Code is
// stable; Message and Hint are in the language of [Options.Lang].
type Finding struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Page     int      `json:"page"` // from 1; 0 = the whole file
	Field    string   `json:"field"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint"`
	Got      string   `json:"got"`
	Want     string   `json:"want"`
	Source   string   `json:"source"` // the clause or document the demand comes from
}

// say fills in the texts from the catalogue: CODE is the message, CODE.hint the
// advice. The places {got}, {want} and {field} are filled from the finding.
func (f *Finding) say(cat *text.Catalogue, lang text.Lang) {
	places := []string{"got", f.Got, "want", f.Want, "field", f.Field}
	f.Message = cat.Say(lang, f.Code, places...)
	if cat.Has(f.Code + ".hint") {
		f.Hint = cat.Say(lang, f.Code+".hint", places...)
	}
}
