package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/internal/pki/trustlist"
	"github.com/vidimus/vidimus/internal/text"
)

func (a *app) trustCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "trust",
		Short: "Keep lists of accredited certification authorities",
		Long: `Keeps versions of the list of accredited certification authorities (the XML with the
root АккредитованныеУдостоверяющиеЦентры) in the office's folder. 'vidimus verify' then
says whether the authority that issued a signer's certificate was accredited on that
day, and whether the certificate is qualified. A list speaks of the time up to its own
date: import a new one from time to time, and keep the old ones.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("unknown command %q", "trust "+args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.trustImport(), a.trustList(), a.trustShow())
	return cmd
}

func (a *app) trustLists() (*office.TrustLists, error) {
	return office.OpenTrustLists(a.dir, office.Options{})
}

func (a *app) trustImport() *cobra.Command {
	var trust, publisher, crls []string
	var revocation, at string
	var unsigned bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Check the signature of a list and keep it",
		Long: `Checks the list's own signature, says who signed and keeps the list. --trust names the
publisher's certificate, or that of an authority over it. Under an authority there are
many who hold certificates, so then --publisher must name the one who signs lists: by
ОГРН, which stays when the certificate changes, by common name or by the SHA-256 of the
certificate; given twice, the certificate must have both. And --crl must say that the
publisher's certificate was not revoked, or --revocation=none that nobody asks.

--unsigned-unsafe takes a list without a signature that can be verified; it stays
marked, in reports too. A list whose signature is wrong is refused in any case.

Exit status: 0 kept, 1 refused.`,
		Args: exactly(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o := office.ImportOptions{Publisher: publisher, UnsignedUnsafe: unsigned, RevocationNoneUnsafe: revocation == "none"}
			if revocation != "" && revocation != "none" {
				return usagef("--revocation=%s: only none is known", revocation)
			}
			var err error
			if at != "" {
				if o.At, err = time.Parse(time.RFC3339, at); err != nil {
					return usagef("--at %q: want RFC 3339, such as 2026-11-22T12:00:00+03:00", at)
				}
			}
			lists, err := a.trustLists()
			if err != nil {
				return err
			}
			var err1, err2 error
			o.Trust, err1 = readFiles(trust)
			o.CRLs, err2 = readFiles(crls)
			if err := errors.Join(err1, err2); err != nil {
				return err
			}
			file, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			got, err := lists.Import(cmd.Context(), file, o)
			if errors.Is(err, office.ErrTrustList) {
				return &noError{a.say("trust.refused") + ": " + printable(strings.TrimPrefix(err.Error(), office.ErrTrustList.Error()+": ")), err}
			}
			if errors.Is(err, trustlist.ErrPublisher) {
				return &usageError{err}
			}
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(cmd, got)
			}
			out := cmd.OutOrStdout()
			fmt.Fprintln(out, a.say("trust.imported", "name", got.Name, "version", printable(got.Version), "date", got.Date.Format(time.DateOnly), "count", strconv.Itoa(got.Authorities)))
			fmt.Fprintln(out, a.say("trust.signature."+got.Signature))
			fmt.Fprintln(out, a.listSigner(got.Entry))
			if n := len(got.Warnings) + got.Dropped; n > 0 {
				fmt.Fprintln(out, a.say("trust.warnings", "count", strconv.Itoa(n)))
				for _, w := range got.Warnings {
					fmt.Fprintln(out, "  "+printable(w))
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&trust, "trust", nil, "believe lists signed by the certificates in `PEM`, or by --publisher under them (repeatable)")
	f.StringArrayVar(&publisher, "publisher", nil, "`WHO` signs lists: ОГРН, common name or SHA-256 of the certificate (repeatable: all must fit)")
	f.StringArrayVar(&crls, "crl", nil, "list of revoked certificates in `FILE` (repeatable)")
	f.StringVar(&revocation, "revocation", "", "\"none\": do not ask whether the publisher's certificate was revoked")
	f.StringVar(&at, "at", "", "judge the signature for this RFC 3339 `TIME` (default now)")
	f.BoolVar(&unsigned, "unsigned-unsafe", false, "take a list whose signature is absent or cannot be verified")
	return cmd
}

func (a *app) trustList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "Show which lists are kept",
		Args:  none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lists, err := a.trustLists()
			if err != nil {
				return err
			}
			entries, err := lists.List()
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(cmd, append([]trustlist.Entry{}, entries...))
			}
			out := cmd.OutOrStdout()
			if len(entries) == 0 {
				fmt.Fprintln(out, a.say("trust.none"))
			}
			for _, e := range entries {
				fmt.Fprintf(out, "%s\t%s\t%s\t%d\t%s\n", e.Name, printable(e.Version), e.Date.Format(time.DateOnly), e.Authorities, a.say("trust.signature."+e.Signature))
			}
			return nil
		},
	}
}

// shownAuthority is an authority as `trust show` writes it.
type shownAuthority struct {
	Name         string          `json:"name"`
	INN          string          `json:"inn"`
	OGRN         string          `json:"ogrn"`
	Number       string          `json:"number,omitempty"`
	Accredited   string          `json:"accredited"` // on the day of the list
	Reason       string          `json:"reason"`
	Since        time.Time       `json:"since,omitzero"`
	Keys         int             `json:"keys"`
	Certificates int             `json:"certificates"`
	History      []shownAccredit `json:"history,omitempty"`
}

type shownAccredit struct {
	Status string    `json:"status"`
	From   time.Time `json:"from,omitzero"`
}

func (a *app) trustShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Show the authorities of a list",
		Long:  "Shows the authorities of a kept list, by its name or version, as they stood on its date.\n\nExit status: 0 shown, 1 no such list.",
		Args:  exactly(1, "the name or version of one list"),
		RunE: func(cmd *cobra.Command, args []string) error {
			lists, err := a.trustLists()
			if err != nil {
				return err
			}
			e, l, err := lists.Show(args[0])
			switch {
			case errors.Is(err, trustlist.ErrNotFound):
				return &noError{a.say("trust.not-found") + ": " + args[0], err}
			case errors.Is(err, trustlist.ErrAmbiguous):
				return &usageError{err}
			case err != nil:
				return err
			}
			shown := make([]shownAuthority, 0, len(l.Authorities))
			for i := range l.Authorities {
				shown = append(shown, showAuthority(&l.Authorities[i], l.Date))
			}
			if a.json {
				return a.printJSON(cmd, struct {
					trustlist.Entry
					List []shownAuthority `json:"list"`
				}{e, shown})
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "%s\t%s\t%s\n", e.Name, e.Date.Format(time.DateOnly), a.say("trust.signature."+e.Signature))
			fmt.Fprintln(out, a.listSigner(e))
			for _, s := range shown {
				fmt.Fprintf(out, "%s\t%s\t%s\t%s (%s)\n", printable(s.Name), printable(s.INN), printable(s.OGRN),
					a.say("verify.accreditation."+s.Accredited), a.say("verify.accreditation.why."+s.Reason))
			}
			return nil
		},
	}
}

// listSigner says who signed a list.
func (a *app) listSigner(e trustlist.Entry) string {
	line := a.say("trust.signer") + ": "
	switch {
	case e.SignerSHA256 == "":
		return line + a.say("trust.signer.nobody")
	case e.Signature != trustlist.SignatureVerified:
		return line + printable(e.Signer) + ", SHA-256 " + e.SignerSHA256 + " – " + a.say("trust.signer.unverified")
	}
	return line + printable(e.Signer) + ", SHA-256 " + e.SignerSHA256
}

func showAuthority(x *trustlist.Authority, on time.Time) shownAuthority {
	status, reason, since := x.At(on)
	s := shownAuthority{Name: x.Name, INN: x.INN, OGRN: x.OGRN, Number: x.Number, Accredited: status.String(), Reason: string(reason), Since: since, Keys: len(x.Keys)}
	for _, k := range x.Keys {
		s.Certificates += len(k.Certificates)
	}
	for _, h := range x.History {
		s.History = append(s.History, shownAccredit{h.Word, h.From})
	}
	return s
}

// printable replaces what would steer a terminal: names in lists are anyone's.
func printable(s string) string { return text.Printable(s) }
