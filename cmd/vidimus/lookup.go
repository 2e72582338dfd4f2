package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/registry"
)

func (a *app) lookupCommand() *cobra.Command {
	var asOf, knownOn, surname, name string
	var limit int
	cmd := &cobra.Command{
		Use:   "lookup [ID or NUMBER]",
		Short: "Show a certificate and its status, or search by surname",
		Long: `Shows a certificate by ID or number, with its history, or those of a person.

--as-of asks for the status at another moment, --known-on as the registry knew it
at another moment: both take a date (its end, in Moscow) or an RFC 3339 time.

Exit status: 0 in force, 1 not in force or not found.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("want one ID or number, got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 1) == (surname != "") || len(args) == 1 && (name != "" || cmd.Flags().Changed("limit")) {
				return usagef("want an ID or a number, or --surname (with --name and --limit)")
			}
			now := time.Now()
			at, err1 := moment(asOf, now)
			known, err2 := moment(knownOn, now)
			if knownOn == "" {
				known = everything
			}
			if err := errors.Join(err1, err2); err != nil {
				return &usageError{err}
			}
			o, err := a.open(cmd, office.Reading)
			if err != nil {
				return err
			}
			defer o.Close()
			if err := o.Registry.Fresh(cmd.Context()); err != nil {
				return err
			}
			if surname != "" {
				return a.search(cmd, o, surname, name, limit, at, known)
			}
			rec, err := o.Find(cmd.Context(), args[0])
			if errors.Is(err, registry.ErrNotFound) {
				return &noError{a.say("page.not-found") + ": " + args[0], err}
			}
			if err != nil {
				return findError(err)
			}
			if err := a.showRecord(cmd, rec, at, known); err != nil {
				return err
			}
			if rec.Status(at, known) != vidimus.StatusActive {
				return exitStatus(exitFailed)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&asOf, "as-of", "", "status at this `MOMENT`")
	f.StringVar(&knownOn, "known-on", "", "as known at this `MOMENT`")
	f.StringVar(&surname, "surname", "", "search by `SURNAME`; a * at the end means any ending")
	f.StringVar(&name, "name", "", "… and by the beginning of the `NAME`")
	f.IntVar(&limit, "limit", 20, "show at most so many")
	return cmd
}

// everything is a moment after all that can be recorded: without --known-on a
// recorded act counts whatever this machine's clock says.
var everything = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// findError makes a mistyped identifier a usage error.
func findError(err error) error {
	if errors.Is(err, vidimus.ErrNumber) || errors.Is(err, vidimus.ErrNumberCheck) {
		return &usageError{err}
	}
	return err
}

// moment reads a flag: empty is now, the rest as [vidimus.ParseMoment].
func moment(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return now, nil
	}
	t, err := vidimus.ParseMoment(s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is neither a date nor an RFC 3339 time", s)
	}
	return t, nil
}

// recordJSON is the form of lookup --json: for the office's own eyes, so with
// actor and basis of each change, but still without private data.
type recordJSON struct {
	Status      vidimus.Status      `json:"status"`
	AsOf        time.Time           `json:"asOf"`
	KnownOn     time.Time           `json:"knownOn,omitzero"` // absent: all that is recorded
	Certificate vidimus.Certificate `json:"certificate"`
	URL         string              `json:"url"`
	SHA256      string              `json:"sha256"`
	Size        int64               `json:"size"`
	Receipt     vidimus.Receipt     `json:"receipt"`
	Changes     []vidimus.Change    `json:"changes"`
}

func asJSON(rec *registry.Record, at, known time.Time) recordJSON {
	shown := known.UTC()
	if known.Equal(everything) {
		shown = time.Time{}
	}
	return recordJSON{Status: rec.Status(at, known), AsOf: at.UTC(), KnownOn: shown, Certificate: rec.Certificate, URL: rec.URL,
		SHA256: fmt.Sprintf("%x", rec.DocumentSHA256), Size: rec.DocumentSize, Receipt: rec.Receipt,
		Changes: append([]vidimus.Change{}, rec.Changes...)}
}

func (a *app) showRecord(cmd *cobra.Command, rec *registry.Record, at, known time.Time) error {
	if a.json {
		return a.printJSON(cmd, asJSON(rec, at, known))
	}
	c, w := &rec.Certificate, cmd.OutOrStdout()
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(w, "%-14s %s\n", a.say("page.field."+key)+":", value)
		}
	}
	fmt.Fprintf(w, "%s\n\n", a.say("status."+string(rec.Status(at, known))))
	line("number", c.Number.String()+"  ("+c.ID.String()+")")
	line("holder", c.Holder.FullName())
	line("kind", c.Kind)
	line("specialty", c.Specialty.Code+" "+c.Specialty.Name)
	line("position", c.Position)
	line("region", c.Region)
	if c.ValidUntil.IsZero() {
		line("valid", a.say("page.term.permanent", "from", c.ValidFrom.Russian()))
	} else {
		line("valid", a.say("page.term", "from", c.ValidFrom.Russian(), "until", c.ValidUntil.Russian()))
	}
	line("decision", a.say("page.decision", "number", c.Decision.Number, "date", c.Decision.Date.Russian()))
	line("issuer", c.Issuer.Name)
	a.showChanges(w, rec.Changes)
	return nil
}

func (a *app) showChanges(w io.Writer, changes []vidimus.Change) {
	for _, ch := range changes {
		fmt.Fprintf(w, "  %s: %s %s (%s; %s)\n", ch.Recorded.In(vidimus.Moscow()).Format("02.01.2006 15:04"), a.say("action."+string(ch.Action)),
			a.say("page.since", "date", ch.Effective.In(vidimus.Moscow()).Format("02.01.2006 15:04"), "reason", a.say("reason."+ch.Reason)),
			ch.Actor, ch.Basis)
	}
}

func (a *app) search(cmd *cobra.Command, o *office.Office, surname, name string, limit int, at, known time.Time) error {
	recs, err := o.Registry.Search(cmd.Context(), surname, name, limit)
	if err != nil {
		return err
	}
	if a.json {
		found := []recordJSON{}
		for _, rec := range recs {
			found = append(found, asJSON(rec, at, known))
		}
		if err := a.printJSON(cmd, found); err != nil {
			return err
		}
	}
	w := cmd.OutOrStdout()
	for _, rec := range recs {
		if a.json {
			break
		}
		fmt.Fprintf(w, "%s  %-24s  %s, %s\n", rec.Certificate.Number, a.say("status."+string(rec.Status(at, known))), rec.Certificate.Holder.FullName(), rec.Certificate.Kind)
	}
	if len(recs) == 0 && !a.json { // an empty list is the answer for a program
		fmt.Fprintln(cmd.ErrOrStderr(), a.say("page.not-found"))
	}
	if len(recs) == 0 {
		return exitStatus(exitFailed)
	}
	return nil
}
