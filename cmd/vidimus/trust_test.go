package main

import (
	"encoding/pem"
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/internal/pki/trustlist/listtest"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/xmltest"
)

// makeList writes a list of accredited authorities with one entry, for the
// issuing authority of an office, the certificate of who signed it, and beside it
// that of the authority over the signer:
// makelist CA-CERTIFICATE VERSION DAYS-AGO LIST.xml SIGNER.pem
func makeList(t *testing.T) func(*testscript.TestScript, bool, []string) {
	now := time.Now().UTC().Truncate(time.Second)
	head := pkitest.Issue(t, pkitest.Spec{Name: "Головной УЦ", CA: true, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0)})
	publisher := pkitest.Issue(t, pkitest.Spec{Name: "Составитель перечня", Issuer: head, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0)})
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 5 {
			ts.Fatalf("usage: makelist CA VERSION DAYS-AGO LIST SIGNER")
		}
		certs := pki.ReadCertificates([]byte(ts.ReadFile(args[0])))
		ago, err := time.ParseDuration(args[2] + "h")
		ts.Check(err)
		doc := listtest.List{Version: args[1], Date: now.Add(-24 * ago), Authorities: []listtest.Authority{listtest.Active("2020-01-01", certs...)}}.XML()
		ts.Check(os.WriteFile(ts.MkAbs(args[3]), xmltest.Sign(t, doc, publisher, xmltest.Options{}), 0o644))
		ts.Check(os.WriteFile(ts.MkAbs(args[4]), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: publisher.DER}), 0o644))
		ts.Check(os.WriteFile(ts.MkAbs("head-"+args[4]), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: head.DER}), 0o644))
	}
}
