package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/signer"
)

func (a *app) initCommand() *cobra.Command {
	var opt office.InitOptions
	var key, second, seal string
	var gost bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a folder with development keys and an empty registry",
		Long: `Makes the folder's configuration (vidimus.json), keys and registry.

The keys are for development: certificates made with them say so on every page
and have no legal force. For real use, put your own key and chain in place of
keys/signer.pem (PEM or PKCS#12), your anchors into trust/, and set
"development" to false in vidimus.json.

--gost makes keys of GOST R 34.10-2012 for documents and QR codes. They are held in
software, so signatures with them are unqualified whatever the certificate says.
With --second-key every document bears two signatures, for readers that know only
one kind of key; the second has an authority of its own:

  vidimus init --gost --second-key P-256`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if gost {
				for flag, v := range map[string]*string{"key": &key, "qr-key": &seal} {
					if !cmd.Flags().Changed(flag) {
						*v = string(signer.KeyGOST256)
					}
				}
			}
			opt.Key, opt.SecondKey, opt.QRKey = signer.KeyKind(key), signer.KeyKind(second), signer.KeyKind(seal)
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
	kinds := make([]string, 0, len(signer.KeyKinds()))
	for _, k := range signer.KeyKinds() {
		kinds = append(kinds, string(k))
	}
	seals := []string{string(signer.KeyEd25519), string(signer.KeyP256), string(signer.KeyGOST256)}
	f.StringVar(&key, "key", string(signer.KeyP256), "`KIND` of the signer's key: "+strings.Join(kinds, ", "))
	f.StringVar(&second, "second-key", "", "`KIND` of the key of a second signature in every document (default: none)")
	f.StringVar(&seal, "qr-key", string(signer.KeyEd25519), "`KIND` of the key of QR codes: "+strings.Join(seals, ", "))
	f.BoolVar(&gost, "gost", false, "the same as --key GOST-256 --qr-key GOST-256")
	f.StringVar(&opt.Issuer.Name, "org", "", "`NAME` of the organisation (with --inn and --ogrn; default: a made-up one)")
	f.StringVar(&opt.Issuer.INN, "inn", "", "its ИНН")
	f.StringVar(&opt.Issuer.OGRN, "ogrn", "", "its ОГРН")
	cmd.MarkFlagsRequiredTogether("org", "inn", "ogrn")
	for flag, values := range map[string][]string{"key": kinds, "second-key": kinds, "qr-key": seals} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	return cmd
}
