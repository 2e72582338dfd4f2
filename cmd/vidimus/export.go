package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus/internal/office"
)

func (a *app) exportCommand() *cobra.Command {
	var journal string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write missing documents to the folder, or the journal as CSV",
		Long: `Writes each issued document that the folder of documents lacks, or has with
other bytes, from the registry. With --journal it writes who did what and when.`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.open(cmd, office.Reading)
			if err != nil {
				return err
			}
			defer o.Close()
			if journal == "-" {
				return o.Registry.Journal(cmd.Context(), cmd.OutOrStdout())
			}
			if journal != "" {
				file, err := os.OpenFile(journal, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
				if err != nil {
					return err
				}
				if err := o.Registry.Journal(cmd.Context(), file); err != nil {
					file.Close()
					return err
				}
				return file.Close()
			}
			p := newProgress(cmd.ErrOrStderr(), a.json)
			n, err := o.Export(cmd.Context(), func(done int) { p.show(done, 0, 0) })
			p.clear()
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(cmd, map[string]int{"written": n})
			}
			fmt.Fprintln(cmd.OutOrStdout(), a.say("cli.export.done", "count", strconv.Itoa(n)))
			return nil
		},
	}
	cmd.Flags().StringVar(&journal, "journal", "", "write the journal as CSV to the new `FILE` (- for standard output)")
	return cmd
}
