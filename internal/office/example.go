package office

import (
	_ "embed"
	"strings"
	"time"

	"github.com/vidimus/vidimus"
)

//go:embed people.csv
var examplePeople string

// ExampleTable returns a table of three requests for made-up people, decided
// yesterday and in force from today: to start from, and for the demonstration.
func ExampleTable(now time.Time) string {
	today := vidimus.DateOf(now.In(vidimus.Moscow()))
	yesterday := vidimus.DateOf(now.In(vidimus.Moscow()).AddDate(0, 0, -1))
	return strings.NewReplacer("{decision}", yesterday.Russian(), "{from}", today.Russian(),
		"{until}", today.AddMonths(6).Russian()).Replace(examplePeople)
}
