package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus/internal/httpapi"
	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/verify"
)

func (a *app) serveCommand() *cobra.Command {
	var listen string
	var maxUpload int64
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer over HTTP: pages behind QR codes, lookup, verification, the log",
		Long: `Serves the registry for reading: the pages that QR codes lead to, the interface
for programs under /v1, the log as C2SP tiles, the public keys. It needs no private
key and cannot issue. It listens on loopback unless told otherwise: put a proxy
that speaks TLS before it.`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := a.open(cmd, office.Reading)
			if err != nil {
				return err
			}
			defer o.Close()
			if err := o.Registry.Fresh(cmd.Context()); err != nil {
				return err
			}
			log := slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil))
			srv, err := newServer(o, log, maxUpload)
			if err != nil {
				return err
			}
			if listen == "" {
				listen = o.Config.Listen
			}
			l, err := net.Listen("tcp", listen)
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), a.say("cli.serve.listening", "address", "http://"+l.Addr().String()))
			return srv.Serve(cmd.Context(), l)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "", "`ADDRESS` to listen on (default: that of vidimus.json)")
	cmd.Flags().Int64Var(&maxUpload, "max-upload", httpapi.DefaultMaxUpload, "largest file to verify, in `BYTES`")
	return cmd
}

func newServer(o *office.Office, log *slog.Logger, maxUpload int64) (*httpapi.Server, error) {
	if maxUpload <= 0 {
		return nil, usagef("--max-upload: want a positive number of bytes")
	}
	return httpapi.New(o.Registry, httpapi.Options{
		Host: o.Config.Host, Keys: o.QRKeys, VerifierKey: o.Registry.VerifierKey(), Kinds: o.Kinds,
		Verifier: uploads{o.VerifyOptions()}, MaxUpload: maxUpload, Development: o.Config.Development, Log: log,
	})
}

// uploads verifies what visitors send, with the options of the office.
type uploads struct{ opt verify.Options }

func (u uploads) Verify(ctx context.Context, name string, r io.ReaderAt, size int64, lang string) (*verify.Report, error) {
	opt := u.opt
	opt.Lang = lang
	report, err := verify.File(ctx, name, r, size, opt)
	if err != nil && ctx.Err() != nil {
		err = errors.Join(err, ctx.Err())
	}
	return report, err
}
