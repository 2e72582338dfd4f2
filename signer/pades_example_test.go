package signer_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/vidimus/vidimus/signer"
)

// A document is prepared in one process, its signature made in another, and
// embedded in a third.
func ExamplePrepared() {
	ctx := context.Background()
	now := func() time.Time { return time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC) }
	key, err := signer.NewKey(signer.KeyP256, nil) // in the HSM
	if err != nil {
		log.Fatal(err)
	}
	pki, err := signer.NewDevPKI(signer.DevPKIOptions{Now: now})
	if err != nil {
		log.Fatal(err)
	}
	cert, err := pki.Issuing.Issue("HSM", key.Public(), time.Time{})
	if err != nil {
		log.Fatal(err)
	}
	id, err := signer.NewIdentity(nil, []*x509.Certificate{cert, pki.Issuing.Certificate}, signer.IdentityOptions{Now: now})
	if err != nil {
		log.Fatal(err)
	}

	document, err := os.ReadFile("testdata/pdf/plain.pdf")
	if err != nil {
		log.Fatal(err)
	}
	in, size := bytes.NewReader(document), int64(len(document))
	prepared, err := id.PreparePDF(ctx, in, size, signer.PDFOptions{Reason: "Approved"})
	if err != nil {
		log.Fatal(err)
	}
	stored, err := json.Marshal(prepared)
	if err != nil {
		log.Fatal(err)
	}
	value, err := key.Sign(nil, prepared.ToSign(), prepared.Opts())
	if err != nil {
		log.Fatal(err)
	}

	var again signer.Prepared
	if err := json.Unmarshal(stored, &again); err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	if err := again.Embed(ctx, &out, in, value); err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.HasPrefix(out.Bytes(), document), again.Certificate().Subject.CommonName)
	// Output: true HSM (DEVELOPMENT)
}
