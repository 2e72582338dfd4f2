package gostpki_test

import (
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

var issueTime = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func issueClock() time.Time { return issueTime }

// gostIdentity is a signer below a root, valid around issueTime.
func gostIdentity(t testing.TB, curve string) (id *signer.Identity, root []byte) {
	t.Helper()
	from, to := issueTime.AddDate(-1, 0, 0), issueTime.AddDate(2, 0, 0)
	ca := pkitest.Issue(t, pkitest.Spec{Name: "Образец УЦ", CA: true, Key: newKey(t, curve), NotBefore: from, NotAfter: to})
	leaf := pkitest.Issue(t, pkitest.Spec{Name: "АНО «Образец»", Issuer: ca, Key: newKey(t, curve), NotBefore: from, NotAfter: to})
	key, err := gost3410.MarshalPKCS8PrivateKey(leaf.Key.(*gost3410.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	file := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})
	for _, c := range []*pkitest.Entity{leaf, ca} {
		file = append(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.DER})...)
	}
	if id, err = signer.LoadIdentity(signer.IdentityOptions{Now: issueClock}, file); err != nil {
		t.Fatal(err)
	}
	return id, ca.DER
}

func issueSample() *vidimus.Certificate {
	return &vidimus.Certificate{
		ID:         vidimus.ID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		Number:     vidimus.Number{Series: "VD77", Year: 2026, Seq: 42},
		Kind:       "primary-specialised",
		Holder:     vidimus.Holder{Surname: "Ёлкина", Name: "Аксинья", Patronymic: "Феодосьевна"},
		Specialty:  vidimus.Specialty{Code: "31.08.49", Name: "Терапия"},
		Position:   "врач-терапевт участковый",
		Issuer:     vidimus.Organization{Name: "АНО «Образец»", INN: "7712345671", OGRN: "1157712345670"},
		Decision:   vidimus.Decision{Number: "17/4-А", Date: vidimus.Date{Year: 2026, Month: 11, Day: 20}},
		Signatory:  vidimus.Signatory{Name: "Примеров Пётр Образцович", Position: "председатель комиссии", Authority: "приказ от 12.01.2026 № 3-ак"},
		ValidFrom:  vidimus.Date{Year: 2026, Month: 11, Day: 22},
		ValidUntil: vidimus.Date{Year: 2031, Month: 11, Day: 22},
		IssuedAt:   issueTime.Add(-time.Minute),
	}
}

// registered is a register of one certificate.
type registered struct{ row *vidimus.Registered }

func (r registered) Registered(context.Context, vidimus.ID) (*vidimus.Registered, error) {
	return r.row, nil
}

// TestIssue: a certificate whose QR code and signatures are GOST, or GOST beside
// ECDSA, is a product that verifies, and one that the register and a stranger
// accept.
func TestIssue(t *testing.T) {
	gost256, root256 := gostIdentity(t, curve256)
	gost512, root512 := gostIdentity(t, curve512)
	dev, err := signer.NewDevPKI(signer.DevPKIOptions{Now: func() time.Time { return issueTime.Add(-time.Hour) }, Identity: signer.IdentityOptions{Now: issueClock}})
	if err != nil {
		t.Fatal(err)
	}
	rootEC := dev.Root.Certificate.Raw
	for name, c := range map[string]struct {
		mark  *signer.Identity
		sign  vidimus.Signer
		count int
		roots [][]byte
	}{
		"256":         {gost256, gost256, 1, [][]byte{root256}},
		"512":         {gost512, gost512, 1, [][]byte{root512}},
		"GOST, ECDSA": {gost256, &signer.Hybrid{Certify: gost256, Approve: dev.Signer}, 2, [][]byte{root256, rootEC}},
		"ECDSA, GOST": {dev.Signer, &signer.Hybrid{Certify: dev.Signer, Approve: gost512}, 2, [][]byte{root512, rootEC}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, row, keys := issue(t, issueSample(), newKey(t, curve256), c.mark, c.sign)
			trust, err := verify.NewTrust(c.roots...)
			if err != nil {
				t.Fatal(err)
			}
			product := &verify.Product{Trust: trust, Keys: keys, Now: issueClock, Signatures: c.count}
			if err := product.VerifyProduct(context.Background(), doc, issueSample()); err != nil {
				t.Error(err)
			}
			r, err := verify.Bytes(context.Background(), "a.pdf", doc, verify.Options{Trust: trust, Now: issueClock, RevocationNoneUnsafe: true, QRKeys: keys, Register: registered{row}})
			if err != nil || r.Verdict() != verify.Passed || len(r.Signatures) != c.count || r.Registry == nil || r.Registry.Match != verify.MatchBytes {
				t.Errorf("%v %s %+v %s", err, r.Verdict(), r.Registry, ofReport(r).detail)
			}
			// Who expects another number of signatures is told.
			var refused *verify.ProductError
			other := &verify.Product{Trust: trust, Keys: keys, Now: issueClock, Signatures: 3 - c.count}
			if err := other.VerifyProduct(context.Background(), doc, issueSample()); !errors.As(err, &refused) {
				t.Errorf("%d signatures expected: %v", 3-c.count, err)
			}
		})
	}
}

func issue(t *testing.T, c *vidimus.Certificate, qrKey crypto.Signer, mark *signer.Identity, sign vidimus.Signer) ([]byte, *vidimus.Registered, qr.KeySet) {
	t.Helper()
	kind, ok := vidimus.DefaultKinds().Get(c.Kind)
	if !ok {
		t.Fatalf("no kind %s", c.Kind)
	}
	seal, err := qr.NewSigner("reg.example.org", qrKey)
	if err != nil {
		t.Fatal(err)
	}
	salt := [16]byte{1, 2, 3}
	url, err := seal.SealCertificate(c, kind, vidimus.VisibleDigest(salt, c.VisibleFields()))
	if err != nil {
		t.Fatal(err)
	}
	record, err := vidimus.NewRecord(c, url, salt).JSON()
	if err != nil {
		t.Fatal(err)
	}
	page, err := signer.NewPage(signer.DefaultTemplate(), signer.PageOptions{Signer: mark.SignerInfo(), HoleSize: mark.HoleSize()})
	if err != nil {
		t.Fatal(err)
	}
	draft, err := page.Render(context.Background(), c, kind, url, record)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := sign.SignDraft(context.Background(), draft)
	if err != nil {
		t.Fatal(err)
	}
	return doc, &vidimus.Registered{Certificate: c.Public(), Salt: salt, URL: url, DocumentSHA256: sha256.Sum256(doc)}, qr.KeySet{seal.Key()}
}
