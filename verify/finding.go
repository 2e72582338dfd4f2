package verify

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
//
// The catalogue has the message under the code and the hint under the code with
// ".hint"; the places {got}, {want} and {field} are filled from the finding.
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
