package verify

import (
	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// RFC 5280 §4.2.1.12: "If the extension is present, then the certificate MUST
// only be used for one of the purposes indicated." A certificate without the
// extension, or with anyExtendedKeyUsage in it, is fit for documents; another
// one if it names a purpose under which documents are signed. The keys of
// time-stamping authorities, OCSP responders and servers are not.
var documentPurposes = []pki.OID{
	pki.EKUDocumentSigning,                   // RFC 9336
	pki.EKUEmailProtection,                   // what documents are signed with for want of a purpose of their own
	asn1x.MustOID("1.3.6.1.5.5.7.3.2"),       // clientAuth: the only purpose on many a person's card
	asn1x.MustOID("1.2.840.113583.1.1.5"),    // Adobe: authentic documents
	asn1x.MustOID("1.3.6.1.4.1.311.10.3.12"), // Microsoft: document signing
}

// documentArcs: purposes in Russia are those of information systems, each with
// an identifier of its own.
var documentArcs = []pki.OID{asn1x.MustOID("1.2.643")}
