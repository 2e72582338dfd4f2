package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/verify"
)

// verifyFlags are the flags of the verify command.
type verifyFlags struct {
	signature, revocation, at, password, profile string
	trust, certs, crls, ocsps                    []string
	qualified, fetch, streebog, xml              bool
	lists                                        listFlags
}

func (a *app) verifyCommand() *cobra.Command {
	f := &verifyFlags{}
	cmd := &cobra.Command{
		Use:   "verify FILE…",
		Short: "Say what signed files are worth",
		Long: `Checks the signatures of a file, and for a certificate of this office also its QR
code, its attached record, its text and its entry in the registry.

With --trust only those certificates are anchors. Without it they are those of the
office, or, where there is none, of the system. Nothing is fetched: give lists of
revoked certificates with --crl and OCSP answers with --ocsp, let both be got with
--fetch, or say --revocation=none, and the report will say that revocation was not
asked. --fetch tells the servers that a certificate names which one you look at; it
goes to no private address and follows no redirect.

A signature in a file of its own (.sig, .p7s) is checked with its document:
    vidimus verify contract.pdf --signature contract.pdf.sig
FILE "-" is standard input. --xml prints the report of ETSI TS 119 102-2.

Of several files each gets its report; the exit status is that of the worst.

Exit status: 0 passed, 1 failed, 3 indeterminate, 4 could not check, 2 wrong usage.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 1 && f.signature != "" {
				return usagef("want a file (one only with --signature), got %d", len(args))
			}
			if len(args) > 1 && f.xml {
				return usagef("--xml is a report on one file, got %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opt, done, err := a.verifyOptions(cmd, f)
			if err != nil {
				return err
			}
			defer done()
			worst := exitOK
			for _, name := range args {
				code, err := a.verifyFile(cmd, name, opt, f.xml)
				err = f.named(err, opt)
				if err != nil && len(args) == 1 {
					return err
				}
				if err != nil {
					code = exitError
					fmt.Fprintln(cmd.ErrOrStderr(), "vidimus:", err)
					if a.json {
						printFailure(cmd.OutOrStdout(), failureJSON{Schema: "vidimus.error/1", Code: failureCode(err), Message: err.Error(), Status: code, File: name})
					}
				}
				if graver(code, worst) {
					worst = code
				}
			}
			if worst != exitOK {
				return exitStatus(worst)
			}
			return nil
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.signature, "signature", "", "detached signature in `FILE`")
	fl.StringArrayVar(&f.trust, "trust", nil, "trust only the certificates in `PEM` (repeatable)")
	fl.StringArrayVar(&f.certs, "cert", nil, "further certificates in `FILE`, not trusted, to build chains with (repeatable)")
	fl.StringArrayVar(&f.crls, "crl", nil, "list of revoked certificates in `FILE` (repeatable)")
	fl.StringArrayVar(&f.ocsps, "ocsp", nil, "OCSP answer in `FILE` (repeatable)")
	fl.StringVar(&f.revocation, "revocation", "", "\"none\": do not ask whether certificates were revoked")
	fl.BoolVar(&f.fetch, "fetch", false, "get what is missing of issuers, lists and OCSP answers from the network")
	fl.StringVar(&f.at, "at", "", "judge for this RFC 3339 `TIME` (default now)")
	fl.StringVar(&f.password, "password", "", "`PASSWORD` of an encrypted file")
	fl.BoolVar(&f.qualified, "qualified", false, "pass only signatures whose certificate is known to be qualified (see 'vidimus trust' and --trust-list)")
	f.lists.register(cmd)
	fl.StringVar(&f.profile, "profile", "", "`NAME` of a set of document checks to apply as well: "+strings.Join(verify.Profiles(), ", "))
	fl.BoolVar(&f.streebog, "streebog", false, "say the file's Streebog-256 digest (GOST R 34.11-2012), too")
	fl.BoolVar(&f.xml, "xml", false, "print the report on the signatures as XML (ETSI TS 119 102-2)")
	_ = cmd.RegisterFlagCompletionFunc("revocation", cobra.FixedCompletions([]string{"none"}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("profile", cobra.FixedCompletions(verify.Profiles(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// graver orders exit statuses: failed, could not check, indeterminate, passed.
func graver(a, b int) bool {
	weight := map[int]int{exitOK: 0, exitIndeterminate: 1, exitError: 2, exitFailed: 3}
	return weight[a] > weight[b]
}

func (a *app) verifyFile(cmd *cobra.Command, name string, opt verify.Options, asXML bool) (code int, err error) {
	report, err := openAndVerify(cmd, name, opt)
	if err != nil {
		return 0, err
	}
	switch {
	case asXML:
		err = report.WriteXML(cmd.OutOrStdout())
	case a.json:
		err = a.printJSON(cmd, report)
	default:
		err = report.WriteText(cmd.OutOrStdout(), a.lang)
	}
	return report.ExitCode(), err
}

// maxStandardInput bounds a file from standard input, which is held in memory.
const maxStandardInput = 256 << 20

func openAndVerify(cmd *cobra.Command, name string, opt verify.Options) (*verify.Report, error) {
	if name == "-" {
		data, err := office.ReadAll(cmd.InOrStdin(), "standard input (larger files are given by name)", maxStandardInput)
		if err != nil {
			return nil, err
		}
		return verify.Bytes(cmd.Context(), name, data, opt)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	return verify.File(cmd.Context(), filepath.Base(name), file, info.Size(), opt)
}

func (a *app) verifyOptions(cmd *cobra.Command, f *verifyFlags) (opt verify.Options, done func(), err error) {
	done = func() {}
	switch f.revocation {
	case "", "none":
	default:
		return opt, done, usagef("--revocation=%s: only none is known", f.revocation)
	}
	switch {
	case f.profile != "" && !slices.Contains(verify.Profiles(), f.profile):
		return opt, done, usagef("--profile=%s: known are %s", f.profile, strings.Join(verify.Profiles(), ", "))
	case f.xml && a.json:
		return opt, done, usagef("--xml and --json: one report only")
	}
	var at time.Time
	if f.at != "" {
		if at, err = time.Parse(time.RFC3339, f.at); err != nil {
			return opt, done, usagef("--at %q: want RFC 3339, such as 2026-11-22T12:00:00+03:00", f.at)
		}
	}
	o, err := a.open(cmd, office.Reading)
	switch {
	case err == nil:
		if err := o.Registry.Fresh(cmd.Context()); err != nil {
			return opt, done, errors.Join(err, o.Close())
		}
		opt, done = o.VerifyOptions(), func() { o.Close() }
	case !errors.Is(err, office.ErrNoOffice) || cmd.Flags().Changed("dir"):
		return opt, done, err
	}
	opt.At, opt.Password, opt.Profile, opt.Lang = at, f.password, f.profile, a.lang
	opt.RevocationNoneUnsafe = f.revocation == "none"
	opt.RequireQualified, opt.Streebog = f.qualified, f.streebog
	if f.fetch {
		opt.Fetcher = verify.NewFetcher()
	}
	err = f.readEvidence(&opt)
	if err == nil {
		err = f.lists.apply(cmd, &opt)
	}
	if err != nil {
		done()
		return opt, func() {}, err
	}
	return opt, done, nil
}

func (f *verifyFlags) readEvidence(opt *verify.Options) error {
	anchors, err := readFiles(f.trust)
	if err != nil {
		return err
	}
	switch {
	case len(anchors) > 0:
		for i := range anchors {
			if _, err := verify.NewTrust(anchors[i]); err != nil {
				return fmt.Errorf("%s: %w", f.trust[i], err)
			}
		}
		opt.Trust, err = verify.NewTrust(anchors...)
	case opt.Trust == nil:
		opt.Trust, err = verify.SystemTrust()
	}
	if err != nil {
		return err
	}
	certs, err0 := readFiles(f.certs)
	crls, err1 := readFiles(f.crls)
	ocsps, err2 := readFiles(f.ocsps)
	opt.Certificates = append(opt.Certificates, certs...)
	opt.CRLs, opt.OCSPs = append(opt.CRLs, crls...), append(opt.OCSPs, ocsps...)
	var err3 error
	if f.signature != "" {
		opt.Signature, err3 = office.ReadFile(f.signature, maxEvidence)
	}
	return errors.Join(err0, err1, err2, err3)
}

// named puts the name of the file before an error about evidence from it. What an
// office brings stands before what the flags do.
func (f *verifyFlags) named(err error, opt verify.Options) error {
	var bad *verify.EvidenceError
	if !errors.As(err, &bad) {
		return err
	}
	names, all := f.certs, len(opt.Certificates)
	switch bad.Field {
	case "CRLs":
		names, all = f.crls, len(opt.CRLs)
	case "OCSPs":
		names, all = f.ocsps, len(opt.OCSPs)
	}
	if i := bad.Index - (all - len(names)); i >= 0 {
		return fmt.Errorf("%s: %w", names[i], bad.Err)
	}
	return err
}

func readFiles(names []string) ([][]byte, error) {
	var all [][]byte
	for _, name := range names {
		data, err := office.ReadFile(name, maxEvidence)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// maxEvidence bounds certificates, lists and signatures given on the command
// line; the largest lists in use have some tens of megabytes.
const maxEvidence = 64 << 20
