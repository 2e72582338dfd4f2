package signer

import (
	"strings"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/pdf/pdfa"
)

// specimen is a certificate of the usual length with the usual letters. Nobody
// gets it: it is drawn once per sheet to learn how pages are deflated best, and
// changing it changes the bytes of all pages.
func specimen() *vidimus.Certificate {
	return &vidimus.Certificate{
		ID:        vidimus.ID{0x18, 0x27, 0x36, 0x45, 0x54, 0x63, 0x72, 0x81, 0x90, 0xAF},
		Number:    vidimus.Number{Series: "ОБР", Year: 2026, Seq: 123456},
		Kind:      "primary-specialised",
		Holder:    vidimus.Holder{Surname: "Образцова", Name: "Екатерина", Patronymic: "Владимировна"},
		Specialty: vidimus.Specialty{Code: "31.08.75", Name: "Стоматология ортопедическая"},
		Position:  "врач-стоматолог-ортопед",
		Issuer: vidimus.Organization{
			Name: "Федеральный аккредитационный центр высшего медицинского образования",
			INN:  "7798456130", OGRN: "1237798456130",
		},
		Decision:   vidimus.Decision{Number: "48/7", Date: vidimus.Date{Year: 2026, Month: 3, Day: 19}},
		Signatory:  vidimus.Signatory{Name: "Сидоренко Игорь Николаевич", Position: "председатель комиссии", Authority: "приказ от 25.12.2025 № 604"},
		ValidFrom:  vidimus.Date{Year: 2026, Month: 3, Day: 19},
		ValidUntil: vidimus.Date{Year: 2031, Month: 3, Day: 19},
		IssuedAt:   time.Date(2026, 3, 20, 11, 45, 0, 0, time.UTC),
	}
}

// specimenURL has as many digits as a sealed token.
var specimenURL = "https://registry.example.org/c/1" + strings.Repeat("8027461935509128364719384650271", 10)

// drawSpecimen is the [pdfa.Config.Specimen] of a sheet. Where the specimen does
// not suit a template, there is nothing to learn from it.
func (p *Page) drawSpecimen(d *pdfa.Doc, s *sheet) ([]byte, error) {
	c := specimen()
	record, err := vidimus.NewRecord(c, specimenURL, [16]byte{0x5A, 0x3C, 0x0F, 0x96}).JSON()
	if err != nil {
		return nil, err
	}
	code, err := p.codes.Encode(specimenURL)
	if err != nil {
		return nil, err
	}
	var cv canvas
	v := values{page: p, cert: c, kind: vidimus.Kind{Code: c.Kind, RU: "Первичная специализированная аккредитация", EN: "Primary specialised accreditation"}, host: hostOf(specimenURL)}
	if err := p.layOutOn(&cv, s, &v); err != nil || len(cv.lacking) > 0 {
		return record, nil
	}
	cv.draw(d, &v, code)
	return record, nil
}
