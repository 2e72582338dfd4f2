package main

import (
	"errors"
	"fmt"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/registry"
)

func (a *app) statusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status ACTION ID-or-NUMBER",
		Short: "Suspend, reinstate, revoke, annul or replace a certificate",
		Args: func(_ *cobra.Command, args []string) error {
			return usagef("want an action: suspend, reinstate, revoke, annul or replace")
		},
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	for _, action := range []vidimus.Action{vidimus.Suspend, vidimus.Reinstate, vidimus.Revoke, vidimus.Annul, vidimus.Replace} {
		cmd.AddCommand(a.changeCommand(action))
	}
	return cmd
}

func (a *app) changeCommand(action vidimus.Action) *cobra.Command {
	var reason, basis, actor, effective, by string
	short := map[vidimus.Action]string{
		vidimus.Suspend:   "Stay a certificate for a time",
		vidimus.Reinstate: "End a suspension",
		vidimus.Revoke:    "End a certificate before its term",
		vidimus.Annul:     "Declare that a certificate was issued in error and never was in force",
		vidimus.Replace:   "Put another certificate in the place of one",
	}
	cmd := &cobra.Command{
		Use:   string(action) + " ID-or-NUMBER",
		Short: short[action],
		Args:  exactly(1, "an ID or a number"),
		RunE: func(cmd *cobra.Command, args []string) error {
			at, err := effectiveFrom(effective, time.Now())
			if err != nil {
				return &usageError{err}
			}
			o, err := a.open(cmd, office.Changing)
			if err != nil {
				return err
			}
			defer o.Close()
			rec, err := o.Find(cmd.Context(), args[0])
			if err != nil {
				return changeError(err)
			}
			ch := vidimus.Change{Action: action, Effective: at.UTC(), Reason: reason, Actor: actor, Basis: basis}
			if action == vidimus.Replace {
				next, err := o.Find(cmd.Context(), by)
				if err != nil {
					return changeError(fmt.Errorf("--by %s: %w", by, err))
				}
				ch.ReplacedBy = next.Certificate.ID
			}
			if _, err := o.Registry.Change(cmd.Context(), rec.Certificate.ID, ch); err != nil {
				return changeError(err)
			}
			if rec, err = o.Registry.Get(cmd.Context(), rec.Certificate.ID); err != nil {
				return err
			}
			return a.showRecord(cmd, rec, time.Now(), everything)
		},
	}
	f := cmd.Flags()
	f.StringVar(&reason, "reason", "", "`CODE`: "+strings.Join(vidimus.Reasons(), ", "))
	f.StringVar(&basis, "basis", "", "the `DOCUMENT` that orders it, e.g. \"приказ № 7 от 01.02.2027\"")
	f.StringVar(&actor, "actor", currentUser(), "`WHO` does it")
	f.StringVar(&effective, "effective", "", "from which `MOMENT` it counts: a date (its beginning in Moscow) or an RFC 3339 time (default now)")
	required := []string{"reason", "basis"}
	if action == vidimus.Replace {
		f.StringVar(&by, "by", "", "`ID or NUMBER` of the new certificate")
		required = append(required, "by")
	}
	for _, name := range required {
		_ = cmd.MarkFlagRequired(name) // fails only for a flag that is not there
	}
	_ = cmd.RegisterFlagCompletionFunc("reason", cobra.FixedCompletions(vidimus.Reasons(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// effectiveFrom reads when an act begins to count: an order "from 22.11." counts
// from the first minute of that day.
func effectiveFrom(s string, now time.Time) (time.Time, error) {
	if d, err := vidimus.ParseDate(s); err == nil {
		return d.Start(vidimus.Moscow()), nil
	}
	return moment(s, now)
}

// changeError tells a refusal (1) from a mistyped identifier (2) and a failure (4).
func changeError(err error) error {
	if errors.Is(err, registry.ErrNotFound) || errors.Is(err, vidimus.ErrChange) {
		return &noError{"vidimus: " + err.Error(), err}
	}
	return findError(err)
}

func currentUser() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}
