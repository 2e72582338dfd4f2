package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/office"
)

// issueFlags are the flags of the issue command.
type issueFlags struct {
	request            office.Request
	file, csv, results string
	example, quiet     bool
	noFiles            bool
}

func (a *app) issueCommand() *cobra.Command {
	f := &issueFlags{}
	cmd := &cobra.Command{
		Use:   "issue",
		Short: "Issue certificates: one from flags or JSON, many from CSV",
		Long: `Issues certificates: signs them, registers them, and writes each as NUMBER.pdf.

  vidimus issue --kind periodic --surname … --name … --specialty … \
      --decision-number … --decision-date 19.11.2026 --valid-from 20.11.2026
  vidimus issue --file request.json        (- for standard input)
  vidimus issue --csv people.csv --results results.csv
  vidimus issue --example                  (prints a CSV to start from)

Issuing is safe to repeat: a request with the same key, or without one the same
data, gives the certificate that it gave before, with the signatory of that day.
So a batch that was interrupted is finished by running it again. A row that cannot
be issued is reported and does not stop the others.

Exit status: 0 all issued, 1 some request was refused, 4 the work could not go on.`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.example {
				_, err := io.WriteString(cmd.OutOrStdout(), office.ExampleTable(time.Now()))
				return err
			}
			if err := f.check(); err != nil {
				return err
			}
			q, err := f.one(cmd)
			if err != nil {
				return err
			}
			o, err := a.openWith(cmd, office.Issuing, office.Options{NoFiles: f.noFiles})
			if err != nil {
				return err
			}
			defer o.Close()
			if f.csv != "" {
				return a.issueMany(cmd, o, f)
			}
			return a.issueOne(cmd, o, q)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.file, "file", "", "read one request as JSON from `FILE` (- for standard input)")
	fl.StringVar(&f.csv, "csv", "", "read requests from the table in `FILE` (- for standard input)")
	fl.StringVar(&f.results, "results", "", "write a result for each row of the table to `FILE`")
	fl.BoolVar(&f.example, "example", false, "print an example table")
	fl.BoolVar(&f.noFiles, "no-files", false, "leave the documents in the registry; 'vidimus export' writes them later")
	fl.BoolVar(&f.quiet, "quiet", false, "show no progress")
	for _, name := range office.Columns() {
		fl.StringVar(f.request.Field(name), strings.ReplaceAll(name, "_", "-"), "", fieldHelp[name])
	}
	return cmd
}

// fieldHelp explains the fields of a request.
var fieldHelp = map[string]string{
	"key":             "idempotency `KEY` of the request (default: made from the data)",
	"kind":            "`CODE` of the kind, e.g. periodic",
	"surname":         "of the holder",
	"name":            "of the holder",
	"patronymic":      "of the holder, if any",
	"snils":           "of the holder; others can read it in the list of processes: better use --file",
	"birth_date":      "of the holder; see --snils",
	"specialty_code":  "as in the official list",
	"specialty":       "name of the specialty",
	"position":        "of the holder",
	"region":          "subject of the Federation, or scope",
	"decision_number": "of the commission's protocol",
	"decision_date":   "its `DATE`, DD.MM.YYYY or YYYY-MM-DD",
	"valid_from":      "first `DATE` in force",
	"valid_until":     "last `DATE` in force (default: the longest term of the kind)",
}

// check refuses flags of which one would be dropped without a word.
func (f *issueFlags) check() error {
	switch {
	case f.csv != "" && f.file != "":
		return usagef("--csv and --file exclude each other")
	case f.csv != "" && f.request != (office.Request{}):
		return usagef("with --csv all fields come from the table")
	case f.csv == "" && f.results != "":
		return usagef("--results is for --csv")
	}
	if in, err := os.Stat(f.csv); err == nil {
		if out, err := os.Stat(f.results); err == nil && os.SameFile(in, out) {
			return usagef("--results would overwrite the table %s", f.csv)
		}
	}
	return nil
}

// one returns the single request that flags or a file describe.
func (f *issueFlags) one(cmd *cobra.Command) (*office.Request, error) {
	if f.csv != "" {
		return nil, nil
	}
	if f.file == "" {
		if f.request == (office.Request{}) {
			return nil, usagef("nothing to issue: give --csv, --file or the fields of a certificate")
		}
		return &f.request, nil
	}
	data, err := readInput(cmd, f.file)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	var q office.Request
	if err := dec.Decode(&q); err != nil {
		return nil, usagef("%s: %w (known fields: %s)", f.file, err, strings.Join(office.Columns(), ", "))
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, usagef("%s: more than one request; a table (--csv) takes many", f.file)
	}
	if f.request.Key != "" {
		q.Key = f.request.Key
	}
	if other := (office.Request{Key: f.request.Key}); f.request != other {
		return nil, usagef("fields come from flags or from --file, not from both; only --key may be added")
	}
	return &q, nil
}

// maxRequest bounds a JSON request: fifteen fields of 300 characters.
const maxRequest = 1 << 20

func readInput(cmd *cobra.Command, name string) ([]byte, error) {
	if name == "-" {
		return office.ReadAll(cmd.InOrStdin(), "standard input", maxRequest)
	}
	return office.ReadFile(name, maxRequest)
}

// issuedJSON is the form of issue --json and of a row's result.
type issuedJSON struct {
	Line    int             `json:"line,omitempty"`
	Outcome string          `json:"outcome"` // issued, repeated, failed
	Number  vidimus.Number  `json:"number,omitzero"`
	ID      vidimus.ID      `json:"id,omitzero"`
	File    string          `json:"file,omitempty"`
	URL     string          `json:"url,omitempty"`
	Error   string          `json:"error,omitempty"`
	Fields  []fieldProblems `json:"fields,omitempty"`
}

type fieldProblems struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (a *app) resultOf(o *office.Office, r *office.Result) issuedJSON {
	j := issuedJSON{Line: r.Line, Outcome: r.Outcome()}
	if r.Issued != nil {
		c := &r.Issued.Certificate
		j.Number, j.ID, j.File, j.URL = c.Number, c.ID, o.DocumentPath(c.Number), r.Issued.URL
	}
	if r.Err != nil {
		j.Error = r.Err.Error()
		var fields vidimus.FieldErrors
		if errors.As(r.Err, &fields) {
			for _, e := range fields {
				j.Fields = append(j.Fields, fieldProblems{e.Field, e.Code, a.say(e.Code)})
			}
		}
	}
	return j
}

// complaint says in one line what is wrong with a request, in the words of the
// catalogue where it has them.
func (j *issuedJSON) complaint() string {
	if len(j.Fields) == 0 {
		return j.Error
	}
	var parts []string
	for _, f := range j.Fields {
		parts = append(parts, f.Field+": "+f.Code+": "+f.Message)
	}
	return strings.Join(parts, "; ")
}

func (a *app) issueOne(cmd *cobra.Command, o *office.Office, q *office.Request) error {
	issued, err := o.Issue(cmd.Context(), q)
	j := a.resultOf(o, &office.Result{Issued: issued, Err: err})
	if a.json && (err == nil || refused(err)) {
		if err := a.printJSON(cmd, j); err != nil {
			return err
		}
	}
	switch {
	case err != nil && !refused(err):
		return err
	case err != nil:
		if !a.json {
			for _, line := range strings.Split(j.complaint(), "; ") {
				fmt.Fprintln(cmd.ErrOrStderr(), "vidimus:", line)
			}
		}
		return exitStatus(exitFailed)
	case !a.json:
		fmt.Fprintln(cmd.OutOrStdout(), a.say("cli.issue."+j.Outcome, "number", j.Number.String(), "file", j.File))
	}
	return nil
}

// refused tells a request that can never be issued from a failure of the place.
func refused(err error) bool {
	var step *vidimus.StepError
	return errors.Is(err, vidimus.ErrInvalid) || errors.Is(err, vidimus.ErrKey) || errors.Is(err, vidimus.ErrKeyReused) ||
		errors.As(err, &step) && (step.Step == "validate" || step.Step == "render")
}

func (a *app) issueMany(cmd *cobra.Command, o *office.Office, f *issueFlags) error {
	in, size := cmd.InOrStdin(), int64(0)
	if f.csv != "-" {
		file, err := os.Open(f.csv)
		if err != nil {
			return err
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil {
			size = info.Size()
		}
		in = file
	}
	table, err := office.NewTable(in)
	if err != nil {
		return fmt.Errorf("%s: %w", f.csv, err)
	}
	sink, err := a.newSink(cmd, f)
	if err != nil {
		return err
	}
	p := newProgress(cmd.ErrOrStderr(), f.quiet || a.json)
	count := map[string]int{}
	var broken error
	began := time.Now()
	err = o.Batch(cmd.Context(), table, func(r *office.Result) error {
		count[r.Outcome()]++
		j := a.resultOf(o, r)
		if err := sink.write(&j); err != nil {
			return err
		}
		var row *office.RowError
		switch {
		case r.Outcome() != "failed":
		case !refused(r.Err) && !errors.As(r.Err, &row):
			if broken == nil { // the disk is full, the database is gone: the rest would fail alike
				broken = r.Err
			}
		default:
			p.clear()
			fmt.Fprintf(cmd.ErrOrStderr(), "%s:%d: %s\n", f.csv, r.Line, j.complaint())
		}
		p.show(count["issued"]+count["repeated"]+count["failed"], table.Offset(), size)
		return broken
	})
	p.clear()
	if err := errors.Join(err, sink.close()); err != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), a.summary(count, time.Since(began)))
		return fmt.Errorf("%s: %w; what was issued stays issued, run the same command again to go on", f.csv, err)
	}
	if !a.json {
		fmt.Fprintln(cmd.OutOrStdout(), a.summary(count, time.Since(began)))
	}
	if count["failed"] > 0 {
		return exitStatus(exitFailed)
	}
	return nil
}

func (a *app) summary(count map[string]int, took time.Duration) string {
	return a.say("cli.issue.summary", "issued", strconv.Itoa(count["issued"]), "repeated", strconv.Itoa(count["repeated"]),
		"failed", strconv.Itoa(count["failed"]), "seconds", strconv.FormatFloat(took.Seconds(), 'f', 1, 64))
}

// sink writes the results of rows: as CSV to a file, as JSON lines to the output.
type sink struct {
	json *json.Encoder
	csv  *csv.Writer
	file *os.File
}

func (a *app) newSink(cmd *cobra.Command, f *issueFlags) (*sink, error) {
	s := &sink{}
	if a.json {
		s.json = json.NewEncoder(cmd.OutOrStdout())
		s.json.SetEscapeHTML(false)
	}
	if f.results == "" {
		return s, nil
	}
	file, err := os.Create(f.results)
	if err != nil {
		return nil, err
	}
	s.file, s.csv = file, csv.NewWriter(file)
	return s, s.csv.Write([]string{"line", "outcome", "number", "id", "file", "problem"})
}

func (s *sink) write(j *issuedJSON) error {
	if s.json != nil {
		if err := s.json.Encode(j); err != nil {
			return err
		}
	}
	if s.csv == nil {
		return nil
	}
	id := ""
	if !j.ID.IsZero() {
		id = j.ID.String()
	}
	return s.csv.Write([]string{strconv.Itoa(j.Line), j.Outcome, j.Number.String(), id, j.File, j.complaint()})
}

func (s *sink) close() error {
	if s.csv == nil {
		return nil
	}
	s.csv.Flush()
	return errors.Join(s.csv.Error(), s.file.Close())
}
