// Package trustlist reads the list of accredited certification authorities that
// the authorized federal body publishes as XML (63-ФЗ, ст. 8 ч. 3 п. 3 и ст. 16),
// and answers whether an authority was accredited on a day:
//
//	list, err := trustlist.Read(data)
//	list.Signature = list.Check(ctx, trustlist.CheckOptions{Anchors: anchors, At: now})
//	answer := trustlist.Lists{list, older}.Accredited(issuer, cert.NotBefore)
//	// answer.Status: accredited, not accredited, unknown; answer.Reason says why
//
// Lists are kept, one file per version, in a [Store]. A list is evidence of the
// time up to its own date: about a certificate issued later it says nothing.
//
// An authority is known by its certificate or its public key. A key identifier
// alone proves nothing, because anyone may write any identifier into a
// certificate; it counts only where it is the digest of the key.
package trustlist

import (
	"errors"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
)

var (
	// ErrFormat: the document is XML, but no list of accredited authorities.
	ErrFormat = errors.New("trustlist: not a list of accredited certification authorities")
	// ErrLimit: the list exceeds one of the limits of this package.
	ErrLimit = errors.New("trustlist: the list is too large")
)

// Limits. The public list has about 600 authorities with 3,000 certificates in
// 20 MB, most of them terminated.
const (
	// MaxSize bounds a list in octets; it is held in memory while it is read.
	MaxSize         = 64 << 20
	maxAuthorities  = 10_000
	maxCertificates = 100_000
	maxKeys         = 100_000
	maxStatuses     = 100_000
	maxText         = 4 << 10  // octets of a name or number
	maxCertText     = 64 << 10 // octets of a certificate in base64
	maxWarnings     = 100      // kept; the rest are counted
)

// List is one version of the list.
type List struct {
	Version     string // as written
	Date        time.Time
	Digest      [32]byte // SHA-256 of the file
	Authorities []Authority
	Warnings    []string // what is wrong in it but could be read around
	Dropped     int      // warnings beyond those kept
	// Blind counts the keys of which nothing could be read, neither a certificate
	// nor an identifier: while there are any, whoever is not found in the list may
	// stand in it all the same.
	Blind int
	// Signature is for the caller to set, from Check or from a record of it; zero:
	// not checked.
	Signature Signature

	raw   []byte
	byKey map[[32]byte][]place // by SHA-256 of the SubjectPublicKeyInfo
	byID  map[string][]place
}

// place says where in a list something was found.
type place struct{ authority, key int }

// Authority is an УдостоверяющийЦентр.
type Authority struct {
	Name, ShortName string
	INN, OGRN       string
	Number          string   // of its entry in the register
	Current         Status   // СтатусАккредитации
	History         []Status // ИсторияСтатусовАккредитации, as written
	Keys            []Key
	// Contradictory: the entry says something twice that can be said only once, such
	// as its status.
	Contradictory bool
}

// Status is the state of an accreditation from a moment on.
type Status struct {
	Word string    // as written
	From time.Time // zero: not said, or unreadable
	Said bool      // the element is there, be it empty
}

// Key is a key of an authority's (Ключ of КлючиУполномоченныхЛиц).
type Key struct {
	Complex      string // Псевдоним of the ПрограммноАппаратныйКомплекс
	Class        string // КлассСредствЭП of it
	ID           []byte // ИдентификаторКлюча
	CRLs         []string
	Certificates []*pki.Certificate

	unread bool // another certificate could not be read
}

// Certificates returns those of all authorities: candidates for building paths,
// not anchors.
func (l *List) Certificates() []*pki.Certificate {
	var all []*pki.Certificate
	for i := range l.Authorities {
		for _, k := range l.Authorities[i].Keys {
			all = append(all, k.Certificates...)
		}
	}
	return all
}
