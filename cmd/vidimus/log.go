package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus/internal/office"
)

func (a *app) logCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "log",
		Short: "Show the tamper-evident log: checkpoint, proof, audit",
		Args: func(*cobra.Command, []string) error {
			return usagef("want checkpoint, proof, consistency, key or audit")
		},
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	cmd.AddCommand(a.checkpointCommand(), a.proofCommand(), a.consistencyCommand(), a.logKeyCommand(), a.auditCommand())
	return cmd
}

// reading is a command that only reads an office.
func (a *app) reading(use, short string, args cobra.PositionalArgs, run func(*cobra.Command, *office.Office, []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: args, RunE: func(cmd *cobra.Command, args []string) error {
		o, err := a.open(cmd, office.Reading)
		if err != nil {
			return err
		}
		defer o.Close()
		return run(cmd, o, args)
	}}
}

func (a *app) checkpointCommand() *cobra.Command {
	return a.reading("checkpoint", "Print the signed head of the log (C2SP tlog-checkpoint)", none,
		func(cmd *cobra.Command, o *office.Office, _ []string) error {
			body, err := o.Registry.Checkpoint(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(cmd, map[string]string{"checkpoint": string(body)})
			}
			_, err = cmd.OutOrStdout().Write(body)
			return err
		})
}

func (a *app) proofCommand() *cobra.Command {
	return a.reading("proof ID-or-NUMBER", "Prove that the log contains a certificate and its changes (JSON)", exactly(1, "an ID or a number"),
		func(cmd *cobra.Command, o *office.Office, args []string) error {
			rec, err := o.Find(cmd.Context(), args[0])
			if err != nil {
				return changeError(err)
			}
			proofs, err := o.Registry.Proof(cmd.Context(), rec.Certificate.ID)
			if err != nil {
				return err
			}
			return a.printJSON(cmd, proofs)
		})
}

func (a *app) consistencyCommand() *cobra.Command {
	return a.reading("consistency OLD NEW", "Prove that the log of size NEW extends that of size OLD (JSON)", exactly(2, "two tree sizes"),
		func(cmd *cobra.Command, o *office.Office, args []string) error {
			from, err1 := strconv.ParseInt(args[0], 10, 64)
			to, err2 := strconv.ParseInt(args[1], 10, 64)
			if err1 != nil || err2 != nil || from < 1 || to < from {
				return usagef("want two tree sizes, the smaller one first, got %q and %q", args[0], args[1])
			}
			hashes, err := o.Registry.Consistency(cmd.Context(), from, to)
			if err != nil {
				return err
			}
			return a.printJSON(cmd, hashes)
		})
}

func (a *app) logKeyCommand() *cobra.Command {
	return a.reading("key", "Print the public key of the log (C2SP vkey)", none,
		func(cmd *cobra.Command, o *office.Office, _ []string) error {
			if a.json {
				return a.printJSON(cmd, map[string]string{"key": o.Registry.VerifierKey()})
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), o.Registry.VerifierKey())
			return err
		})
}

func (a *app) auditCommand() *cobra.Command {
	cmd := a.reading("audit", "Hold the whole log against the rows", none,
		func(cmd *cobra.Command, o *office.Office, _ []string) error {
			p := newProgress(cmd.ErrOrStderr(), a.json)
			report, err := o.Registry.Audit(cmd.Context(), func(done, total int64) { p.show(int(done), done, total) })
			p.clear()
			if err != nil {
				return err
			}
			if a.json {
				if err := a.printJSON(cmd, report); err != nil {
					return err
				}
			} else {
				for _, problem := range report.Problems {
					fmt.Fprintf(cmd.OutOrStdout(), "%s: %s %s (leaf %d): %s\n", problem.Code, problem.Table, problem.ID, problem.LeafIndex, problem.Detail)
				}
				key := "cli.audit.ok"
				if !report.OK() {
					key = "cli.audit.problems"
				}
				fmt.Fprintln(cmd.OutOrStdout(), a.say(key, "certificates", strconv.FormatInt(report.Records, 10),
					"leaves", strconv.FormatInt(report.TreeSize, 10), "problems", strconv.Itoa(len(report.Problems))))
			}
			if !report.OK() {
				return exitStatus(exitFailed)
			}
			return nil
		})
	cmd.Long = `Reads every row and every leaf: digests of records and documents, the chain of
leaves of each record, the root of the tree, the signature of the checkpoint.

Exit status: 0 all agree, 1 something was altered.`
	return cmd
}
