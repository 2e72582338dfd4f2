package main

import (
	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus/verify"
)

// listFlags name lists of accredited authorities for one verification, without
// or in place of those that an office keeps.
type listFlags struct {
	files, signers, publisher []string
	unsigned                  bool
}

func (f *listFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringArrayVar(&f.files, "trust-list", nil, "list of accredited authorities in `XML` (repeatable), in place of those of the office")
	fl.StringArrayVar(&f.signers, "trust-list-signer", nil, "believe lists signed by the certificates in `PEM`, or by --trust-list-publisher under them (repeatable)")
	fl.StringArrayVar(&f.publisher, "trust-list-publisher", nil, "`WHO` signs lists: ОГРН, common name or SHA-256 of the certificate (repeatable: all must fit)")
	fl.BoolVar(&f.unsigned, "trust-list-unsigned-unsafe", false, "believe lists whose signature is absent or cannot be verified")
}

// apply reads the lists. Nobody is believed unless named: not the anchors of
// documents, which may be all that the system knows.
func (f *listFlags) apply(cmd *cobra.Command, opt *verify.Options) error {
	switch {
	case len(f.files) == 0 && (len(f.signers) > 0 || len(f.publisher) > 0 || f.unsigned):
		return usagef("--trust-list-signer, --trust-list-publisher and --trust-list-unsigned-unsafe are for --trust-list")
	case len(f.files) == 0:
		return nil
	case len(f.signers) == 0 && !f.unsigned:
		return usagef("--trust-list needs --trust-list-signer: whose list to believe")
	}
	signers, err := readFiles(f.signers)
	if err != nil {
		return err
	}
	lists, err := readFiles(f.files)
	if err != nil {
		return err
	}
	o := verify.TrustListOptions{Publisher: f.publisher, At: opt.At, Now: opt.Now, CRLs: opt.CRLs, RevocationNoneUnsafe: opt.RevocationNoneUnsafe, UnsignedUnsafe: f.unsigned}
	if o.Trust, err = verify.NewTrust(signers...); err != nil {
		return err
	}
	known, err := verify.NewTrustLists(cmd.Context(), o, lists...)
	if err != nil {
		return err
	}
	opt.Accredited = known
	return nil
}
