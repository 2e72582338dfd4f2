package main

import (
	"encoding/json"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/internal/text"
)

// app is what all commands share: the flags of the root.
type app struct {
	dir  string
	json bool
	lang string
	cat  *text.Catalogue
}

func newRoot() *cobra.Command {
	a := &app{cat: text.Load()}
	root := &cobra.Command{
		Use:   "vidimus",
		Short: "Issue, register and check accreditation certificates",
		Long: `vidimus issues accreditation certificates as signed PDF files with a QR code,
keeps them in a registry with a tamper-evident log, and lets anyone check them.

The folder given with --dir (or VIDIMUS_DIR, or the current one) holds the
configuration, keys and registry; 'vidimus init' makes it.

Exit status: 0 yes or done, 1 no, 2 wrong usage, 3 cannot be told, 4 could not be worked on.`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("unknown command %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	dir := os.Getenv("VIDIMUS_DIR")
	if dir == "" {
		dir = "."
	}
	f := root.PersistentFlags()
	f.StringVar(&a.dir, "dir", dir, "folder of the office `DIR`")
	f.BoolVar(&a.json, "json", false, "print JSON")
	f.StringVar(&a.lang, "lang", localeLang(), "language of messages, `ru` or en")
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if a.lang != "ru" && a.lang != "en" {
			return usagef("--lang %q: want ru or en", a.lang)
		}
		return nil
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(a.initCommand(), a.issueCommand(), a.verifyCommand(), a.lookupCommand(), a.statusCommand(),
		a.logCommand(), a.exportCommand(), a.trustCommand(), a.serveCommand(), a.demoCommand())
	return root
}

// localeLang is the language of the terminal: Russian where the locale says so.
func localeLang() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "ru") {
				return "ru"
			}
			return "en"
		}
	}
	return "en"
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown)"
	}
	return info.Main.Version
}

func (a *app) say(key string, pairs ...string) string {
	return a.cat.Say(text.Lang(a.lang), key, pairs...)
}

func (a *app) open(cmd *cobra.Command, p office.Purpose) (*office.Office, error) {
	return a.openWith(cmd, p, office.Options{})
}

func (a *app) openWith(cmd *cobra.Command, p office.Purpose, opt office.Options) (*office.Office, error) {
	opt.Password = os.Getenv("VIDIMUS_KEY_PASSWORD")
	return office.Open(cmd.Context(), a.dir, p, opt)
}

func (a *app) printJSON(cmd *cobra.Command, v any) error {
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// exactly, none: cobra's checks with our exit status.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("want %s, got %d arguments", what, len(args))
		}
		return nil
	}
}

func none(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("unexpected argument %q", args[0])
	}
	return nil
}
