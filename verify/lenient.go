package verify

import "github.com/vidimus/vidimus/internal/pki"

// maxForgiven bounds the departures listed for one signature: a certificate
// made to be long must not make a long report.
const maxForgiven = 10

// forgiven reports what the certificates of a signature do wrong and was
// understood all the same: real authorities write BOOLEAN TRUE as 0x01, negative
// serial numbers and structures in names. It changes no verdict; another program
// may refuse to read them.
func (j *job) forgiven(c *candidate, path []*pki.Certificate) {
	list := path
	if len(list) == 0 && c.leaf != nil {
		list = []*pki.Certificate{c.leaf}
	}
	left := maxForgiven
	for _, cert := range list {
		if len(cert.Warnings) == 0 {
			continue
		}
		fingerprint := cert.Fingerprint()
		if j.lenient[fingerprint] {
			continue
		}
		for _, w := range cert.Warnings {
			if left--; left < 0 {
				return
			}
			if j.lenient == nil {
				j.lenient = map[[32]byte]bool{}
			}
			j.lenient[fingerprint] = true
			j.find(Finding{Code: "WARN-SIG-CERT", Severity: Warning, Field: c.sig.Field, Got: nameString(cert.Subject) + ": " + w.String(), Source: "RFC 5280 §4.1"})
		}
	}
}
