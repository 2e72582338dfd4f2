package verify_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"sync"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// issuing is an issuer of certificates about people who do not exist.
type issuing struct {
	pki   *signer.DevPKI
	trust *verify.Trust
	page  *signer.Page
	seal  *qr.Signer
	keys  qr.KeySet
	kinds vidimus.Kinds
}

// today is when the tests take place.
var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return today }

// newIssuing is made once: keys and templates take time.
var newIssuing = sync.OnceValue(func() *issuing {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	iss := &issuing{kinds: vidimus.DefaultKinds()}
	var err error
	start := func() time.Time { return today.Add(-time.Hour) }
	iss.pki, err = signer.NewDevPKI(signer.DevPKIOptions{Now: start, Identity: signer.IdentityOptions{Now: clock}})
	must(err)
	iss.trust, err = verify.NewTrust(pemOf(iss.pki.Root.Certificate))
	must(err)
	iss.page, err = signer.NewPage(signer.DefaultTemplate(), signer.PageOptions{
		Signer: signer.SignerInfoOf(iss.pki.Signer.Certificate()), HoleSize: iss.pki.Signer.HoleSize(), NoLintUnsafe: true})
	must(err)
	iss.seal, err = qr.NewSigner("reg.example.org", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	must(err)
	iss.keys = qr.KeySet{iss.seal.Key()}
	return iss
})

func pemOf(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// sample is the certificate that tests begin with.
func (iss *issuing) sample() *vidimus.Certificate {
	return &vidimus.Certificate{
		ID:        vidimus.ID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		Number:    vidimus.Number{Series: "VD77", Year: 2026, Seq: 42},
		Kind:      "primary-specialised",
		Holder:    vidimus.Holder{Surname: "Ёлкина-Заречная", Name: "Аксинья", Patronymic: "Феодосьевна"},
		Specialty: vidimus.Specialty{Code: "31.08.49", Name: "Терапия"},
		Position:  "врач-терапевт участковый",
		Issuer: vidimus.Organization{Name: "Автономная некоммерческая организация «Центр аккредитации “Образец”»",
			INN: "7712345671", OGRN: "1157712345670"},
		Decision:  vidimus.Decision{Number: "17/4-А", Date: vidimus.Date{Year: 2026, Month: 11, Day: 20}},
		Signatory: vidimus.Signatory{Name: "Примеров Пётр Образцович", Position: "председатель комиссии", Authority: "приказ от 12.01.2026 № 3-ак"},
		ValidFrom: vidimus.Date{Year: 2026, Month: 11, Day: 22}, ValidUntil: vidimus.Date{Year: 2031, Month: 11, Day: 22},
		IssuedAt: today.Add(-time.Minute),
	}
}

var salt = [16]byte{1, 2, 3}

// forgery changes what the steps of issuing make of a certificate.
type forgery struct {
	sealed   func(c *vidimus.Certificate) // before the QR code is sealed
	recorded func(r *vidimus.Record)      // before the record is attached
	drawn    func(c *vidimus.Certificate) // before the page is drawn
	drawnURL func(url string) string      // the QR code that is drawn
}

// issue makes the signed document and the register's row of it.
func (iss *issuing) issue(t testing.TB, c *vidimus.Certificate, f forgery) ([]byte, *vidimus.Registered) {
	t.Helper()
	kind, ok := iss.kinds.Get(c.Kind)
	if !ok {
		t.Fatalf("no kind %q", c.Kind)
	}
	sealed := *c
	if f.sealed != nil {
		f.sealed(&sealed)
	}
	url, err := iss.seal.SealCertificate(&sealed, kind, vidimus.VisibleDigest(salt, sealed.VisibleFields()))
	if err != nil {
		t.Fatal(err)
	}
	rec := vidimus.NewRecord(c, url, salt)
	if f.recorded != nil {
		f.recorded(rec)
	}
	record, err := rec.JSON()
	if err != nil {
		t.Fatal(err)
	}
	drawn, drawnURL := *c, url
	if f.drawn != nil {
		f.drawn(&drawn)
	}
	if f.drawnURL != nil {
		drawnURL = f.drawnURL(url)
	}
	draft, err := iss.page.Render(context.Background(), &drawn, kind, drawnURL, record)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := iss.pki.Signer.SignDraft(context.Background(), draft)
	if err != nil {
		t.Fatal(err)
	}
	return doc, &vidimus.Registered{Certificate: c.Public(), Salt: salt, URL: url, DocumentSHA256: sha256.Sum256(doc)}
}

// register answers for one row.
type register struct {
	row *vidimus.Registered
	err error
}

func (r register) Registered(_ context.Context, id vidimus.ID) (*vidimus.Registered, error) {
	if r.err != nil {
		return nil, r.err
	}
	if r.row == nil || r.row.Certificate.ID != id {
		return nil, verify.ErrNotRegistered
	}
	return r.row, nil
}

func (iss *issuing) options(row *vidimus.Registered) verify.Options {
	return verify.Options{Trust: iss.trust, Now: clock, RevocationNoneUnsafe: true, QRKeys: iss.keys,
		Register: register{row: row}, Lang: "en"}
}

func check(t testing.TB, doc []byte, opts verify.Options) *verify.Report {
	t.Helper()
	r, err := verify.Bytes(context.Background(), "file", doc, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
