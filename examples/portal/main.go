// Command portal shows what another service does with vidimus: it issues a
// certificate (issue.go) and checks a file (check.go). It keeps everything in a
// folder of its own, with keys for development.
//
//	go run . [FOLDER]
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

func main() {
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := run(context.Background(), dir); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, dir string) error {
	pki, err := signer.NewDevPKI(signer.DevPKIOptions{})
	if err != nil {
		return err
	}
	logKey, err := signer.NewKey(signer.KeyEd25519, nil)
	if err != nil {
		return err
	}
	qrKey, err := signer.NewKey(signer.KeyEd25519, nil)
	if err != nil {
		return err
	}
	reg, err := registry.Open(ctx, filepath.Join(dir, "portal.db"), registry.Options{Origin: "registry.example.org/portal", LogKey: logKey})
	if err != nil {
		return err
	}
	defer reg.Close()
	issuer, err := newIssuer(reg, pki.Signer, qrKey)
	if err != nil {
		return err
	}
	pdf, err := issue(ctx, issuer, "application-4711", application())
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "certificate.pdf")
	if err := os.WriteFile(path, pdf, 0o644); err != nil {
		return err
	}
	verdict, err := checkFile(ctx, path, pki)
	if err != nil {
		return err
	}
	fmt.Println(path, verdict)
	return nil
}

// checkFile checks with the development root as the only anchor. Revocation is
// not known here, so the verdict is "indeterminate": unknown is never valid.
func checkFile(ctx context.Context, path string, pki *signer.DevPKI) (verify.Verdict, error) {
	trust, err := verify.NewTrust(signer.EncodeCertificates(pki.Root.Certificate))
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	return check(ctx, f, info.Size(), trust)
}

func application() vidimus.Certificate {
	today := vidimus.DateOf(time.Now().In(vidimus.Moscow()))
	return vidimus.Certificate{
		Kind:      "periodic",
		Holder:    vidimus.Holder{Surname: "Берёзкина", Name: "Ульяна", Patronymic: "Захаровна", SNILS: "112-233-445 95"},
		Specialty: vidimus.Specialty{Code: "31.08.49", Name: "Терапия"},
		Issuer:    vidimus.Organization{Name: "Аккредитационный центр «Образец»", INN: "9901234561", OGRN: "1269900000017"},
		Decision:  vidimus.Decision{Number: "17-А", Date: today},
		Signatory: vidimus.Signatory{Name: "Кедров Пётр Ильич", Position: "Председатель комиссии", Authority: "приказ № 4 от 12.01.2026"},
		ValidFrom: today,
	}
}
