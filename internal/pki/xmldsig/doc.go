// Package xmldsig checks the enveloped signature of an XML document (XML
// Signature 1.1) as lists of accredited authorities carry it:
//
//	r, err := xmldsig.Verify(doc, xmldsig.Options{Suites: suites})
//	// r.Status == pki.OK: r.Signer's key signed all of doc but the signature itself
//
// One signature, a child of the root, that covers the whole document; anything
// cleverer is refused, because what is signed and what is read must be the same
// thing. Whether the signer is to be trusted is not asked here: r.Signer is the
// certificate whose key fits, and where it came from means nothing.
package xmldsig

import (
	"errors"

	"github.com/vidimus/vidimus/internal/pki"
)

// Namespace is that of XML Signature.
const Namespace = "http://www.w3.org/2000/09/xmldsig#"

// Options of Verify.
type Options struct {
	Suites       *pki.Suites        // nil: pki.DefaultSuites()
	Certificates []*pki.Certificate // candidates besides those in KeyInfo
}

// Result says what is known of a signature. Its zero value: nothing was checked.
type Result struct {
	// Status is OK, Failed, Unknown (an algorithm that is not in the table, or no
	// certificate), or NotChecked where the document has no signature.
	Status       pki.Status
	Reason       string             // why Status is not OK
	Signer       *pki.Certificate   // whose key fits; nil unless Status is OK
	Certificates []*pki.Certificate // of KeyInfo, unverified
	Method       string             // SignatureMethod
	Uses         []pki.Use          // algorithms, for a dated policy
}

// problem is an error that decides the status.
type problem struct {
	status pki.Status
	reason string
}

func (p *problem) Error() string { return p.reason }

func failed(reason string) error  { return &problem{pki.Failed, reason} }
func unknown(reason string) error { return &problem{pki.Unknown, reason} }

// Verify checks the document's signature. Everything that is wrong with it is
// in the result; the error is one of package c14n, for what is no XML.
func Verify(doc []byte, o Options) (*Result, error) {
	if o.Suites == nil {
		o.Suites = pki.DefaultSuites()
	}
	r := &Result{}
	v := verifier{doc: doc, o: o, r: r}
	err := v.run()
	var p *problem
	if errors.As(err, &p) {
		r.Status, r.Reason = p.status, p.reason
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Limits of what a signature may hold.
const (
	maxNodes        = 2000    // elements; a XAdES signature with its properties has 60
	maxSize         = 1 << 20 // octets of the Signature element; certificates are a few thousand each
	maxReferences   = 4       // each costs a pass over the document; XAdES needs two
	maxCertificates = 16      // each may cost a public-key operation
)
