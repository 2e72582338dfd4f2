package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/signer"
)

func (a *app) initCommand() *cobra.Command {
	var opt office.InitOptions
	var key string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a folder with development keys and an empty registry",
		Long: `Makes the folder's configuration (vidimus.json), keys and registry.

The keys are for development: certificates made with them say so on every page
and have no legal force. For real use, put your own key and chain in place of
keys/signer.pem (PEM or PKCS#12), your anchors into trust/, and set
"development" to false in vidimus.json.`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			opt.Key = signer.KeyKind(key)
			c, err := office.Init(cmd.Context(), a.dir, opt)
			if errors.Is(err, office.ErrConfig) || errors.Is(err, qr.ErrHost) || errors.Is(err, signer.ErrUnsupportedKey) {
				return &usageError{err}
			}
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(cmd, c)
			}
			w := cmd.OutOrStdout()
			fmt.Fprintln(w, a.say("cli.init.done", "dir", filepath.Clean(a.dir)))
			fmt.Fprintln(w, a.say("cli.init.development"))
			fmt.Fprintln(w, a.say("cli.init.next", "example", "vidimus issue --example > people.csv && vidimus issue --csv people.csv"))
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&opt.Host, "host", "", "public `NAME` of the registry, part of every QR code (default registry.example.org)")
	f.StringVar(&opt.Listen, "listen", "", "`ADDRESS` to serve on (default 127.0.0.1:8440)")
	f.StringVar(&opt.Series, "series", "", "`SERIES` of the certificate numbers (default VD77)")
	f.StringVar(&key, "key", string(signer.KeyP256), "`KIND` of the signer's key: P-256, P-384, Ed25519, RSA-2048, RSA-3072, RSA-4096")
	f.StringVar(&opt.Issuer.Name, "org", "", "`NAME` of the organisation (with --inn and --ogrn; default: a made-up one)")
	f.StringVar(&opt.Issuer.INN, "inn", "", "its ИНН")
	f.StringVar(&opt.Issuer.OGRN, "ogrn", "", "its ОГРН")
	cmd.MarkFlagsRequiredTogether("org", "inn", "ogrn")
	return cmd
}
