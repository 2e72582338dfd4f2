package trustlist

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// ErrPublisher: what is no ОГРН, SHA-256 or name.
var ErrPublisher = errors.New("trustlist: a publisher is named by ОГРН, by SHA-256 of the certificate or by common name")

// Publisher says which of the certificates under a trusted authority may sign
// lists. Anyone may hold one; the authority vouches for who holds it and not for
// what is signed. The zero value: none, the signer must itself be trusted.
type Publisher struct{ marks []mark }

// mark is something that the signer's certificate must have.
type mark struct {
	oid   pki.OID // of the attribute; "": the fingerprint
	value string
}

var (
	oidCommonName   = asn1x.MustOID("2.5.4.3")
	oidOrganisation = asn1x.MustOID("2.5.4.10")
	oidOGRN         = asn1x.MustOID("1.2.643.100.1")
	oidINNLE        = asn1x.MustOID("1.2.643.100.4")
)

// ParsePublisher reads how the publisher is named: ОГРН (13 digits; it stays when
// the certificate changes), SHA-256 of the certificate, or its common name as
// written. Of several the certificate must have all: people at an organisation
// hold certificates with its ОГРН, but not with its name as their own. The error
// is ErrPublisher.
func ParsePublisher(values ...string) (Publisher, error) {
	var p Publisher
	for _, v := range values {
		v = strings.TrimSpace(v)
		h := hexID(v)
		switch {
		case len(v) == 13 && strings.Trim(v, "0123456789") == "":
			p.marks = append(p.marks, mark{oidOGRN, v})
		case len(h) == 32:
			p.marks = append(p.marks, mark{"", hex.EncodeToString(h)})
		case v == "", h != nil, strings.Trim(v, "0123456789 ") == "":
			// A number with digits amiss is no name.
			return Publisher{}, fmt.Errorf("%w: %q", ErrPublisher, v)
		default:
			p.marks = append(p.marks, mark{oidCommonName, v})
		}
	}
	return p, nil
}

// is reports whether the certificate has every mark. An attribute that it has
// twice counts for nothing.
func (p Publisher) is(c *pki.Certificate) bool {
	for _, m := range p.marks {
		if m.oid == "" {
			if sum := c.Fingerprint(); hex.EncodeToString(sum[:]) != m.value {
				return false
			}
		} else if v := values(c.Subject, m.oid); len(v) != 1 || v[0] != m.value {
			return false
		}
	}
	return len(p.marks) > 0
}

func values(n pki.Name, oid pki.OID) (all []string) {
	for _, a := range n {
		if a.OID == oid {
			all = append(all, strings.TrimSpace(a.Value))
		}
	}
	return all
}

// shown are the attributes by which a signer is named: those of organisations.
// Others may say more of a person than a list needs to.
var shown = map[pki.OID]string{oidCommonName: "CN", oidOrganisation: "O", oidOGRN: "ОГРН", oidINNLE: "ИНН ЮЛ"}

var escape = strings.NewReplacer(`\`, `\\`, ",", `\,`, "=", `\=`)

// Describe names a certificate's holder as far as it is an organisation.
func Describe(c *pki.Certificate) string {
	var parts []string
	for _, a := range c.Subject {
		if label, ok := shown[a.OID]; ok {
			parts = append(parts, label+"="+escape.Replace(a.Value))
		}
	}
	if len(parts) == 0 {
		return "?"
	}
	return strings.Join(parts, ", ")
}
