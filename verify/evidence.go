package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pki"
)

// evidence is what the document and the caller bring for building paths and
// asking about revocation. None of it is trusted for being there.
type evidence struct {
	certs  []*pki.Certificate
	pool   *pki.Pool // of certs[:pooled]
	pooled int
	crls   []*pki.CRL
	ocsps  []*pki.OCSPResponse
	seen   map[[sha256.Size]byte]int64 // what is there already, and where in the file it ends
	end    int64                       // where what is being read ends
	left   int                         // bytes that may still be read from the document

	proofs pki.Proofs

	dss      bool  // the document has a DSS with something in it
	dssEnd   int64 // end of the first revision that has it
	problems []string
}

const (
	// maxEvidence bounds the bytes of certificates, CRLs and OCSP answers taken
	// from one document: the CRL of a large authority has a few megabytes.
	maxEvidence = 32 << 20
	// maxEvidenceItems bounds their number; a contract with 100 time-stamped
	// signatures has some hundred.
	maxEvidenceItems = 5000
	// minObject is what a piece of evidence costs at least, so that empty ones
	// are bounded too.
	minObject = maxEvidence / maxEvidenceItems
	// answerCost is what an answer of an OCSP response takes in memory, seven
	// times its bytes at most.
	answerCost = 350
)

func newEvidence() *evidence {
	return &evidence{seen: map[[sha256.Size]byte]int64{}, left: maxEvidence}
}

// intermediates returns the certificates as a set for building paths.
func (e *evidence) intermediates() *pki.Pool {
	if e.pool == nil {
		e.pool = pki.NewPool()
	}
	for _, c := range e.certs[e.pooled:] {
		e.pool.Add(c)
	}
	e.pooled = len(e.certs)
	return e.pool
}

// EvidenceError is returned when evidence that the caller brought cannot be read:
// leaving it out could turn the verdict.
type EvidenceError struct {
	Field string // of [Options]: Certificates, CRLs or OCSPs
	Index int
	Err   error
}

func (e *EvidenceError) Error() string {
	return fmt.Sprintf("verify: %s[%d]: %v", e.Field, e.Index, e.Err)
}
func (e *EvidenceError) Unwrap() error { return e.Err }

// given adds what the caller brought; it is not held to the limits for files.
func (e *evidence) given(o *Options) error {
	for i, data := range o.Certificates {
		certs := pki.ReadCertificates(data)
		if len(certs) == 0 {
			return &EvidenceError{"Certificates", i, errors.New("no certificate in it")}
		}
		e.certs = append(e.certs, certs...)
	}
	for i, data := range o.CRLs {
		for _, der := range derOrPEM(data) {
			l, err := pki.ParseCRL(der)
			if err != nil {
				return &EvidenceError{"CRLs", i, err}
			}
			e.crls = append(e.crls, l)
		}
	}
	for i, data := range o.OCSPs {
		for _, der := range derOrPEM(data) {
			r, err := pki.ParseOCSP(der)
			if err != nil {
				return &EvidenceError{"OCSPs", i, err}
			}
			e.ocsps = append(e.ocsps, r)
		}
	}
	return nil
}

// derOrPEM returns the DER of each PEM block, or data itself.
func derOrPEM(data []byte) [][]byte {
	if len(data) > 0 && data[0] == 0x30 {
		return [][]byte{data}
	}
	var out [][]byte
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		out = append(out, block.Bytes)
	}
	if out == nil {
		out = [][]byte{data} // the parser says what is wrong with it
	}
	return out
}

// spend reports whether der is new and within the limits.
func (e *evidence) spend(der []byte) bool {
	if e.left <= 0 {
		e.problem(errors.New("more evidence in the document than is read"))
		return false
	}
	sum := sha256.Sum256(der)
	if at, ok := e.seen[sum]; ok {
		e.seen[sum] = min(at, e.end)
		return false
	}
	e.left -= max(len(der), minObject)
	e.seen[sum] = e.end
	return true
}

// provenBefore records that everything in file[:end] existed at t.
func (e *evidence) provenBefore(end int64, t time.Time) {
	for sum, at := range e.seen {
		if at <= end {
			e.proofs.AddDigest(sum, t)
		}
	}
}

func (e *evidence) problem(err error) {
	if err != nil && len(e.problems) < 20 {
		e.problems = append(e.problems, err.Error())
	}
}

func (e *evidence) addCRL(der []byte) {
	if e.spend(der) {
		l, err := pki.ParseCRL(der)
		e.problem(err)
		if err == nil {
			e.crls = append(e.crls, l)
		}
	}
}

func (e *evidence) addOCSP(der []byte) {
	if e.spend(der) {
		r, err := pki.ParseOCSP(der)
		e.problem(err)
		if err == nil {
			e.left -= answerCost*len(r.Responses) + minObject*len(r.Certificates)
			e.ocsps = append(e.ocsps, r)
		}
	}
}

func (e *evidence) addCert(der []byte) {
	if e.spend(der) {
		c, err := pki.ParseCertificate(der)
		e.problem(err)
		if err == nil {
			e.certs = append(e.certs, c)
		}
	}
}

// message takes what a CMS carries: certificates, CRLs, OCSP answers, and the
// values in its attributes. The CMS stands in file[:end].
func (e *evidence) message(sd *cms.SignedData, end int64) {
	e.end = end
	for _, c := range sd.Certificates {
		if e.spend(c.Raw) {
			e.certs = append(e.certs, c)
		}
	}
	for _, der := range sd.CRLs {
		e.addCRL(der)
	}
	for _, der := range sd.OCSPs {
		e.addOCSP(der)
	}
	for _, si := range sd.SignerInfos {
		if a, err := si.Signed(cms.OIDAdobeRevocation); err == nil {
			for _, v := range a.Values {
				e.revocationInfo(v)
			}
		}
		for _, v := range si.Unsigned(cms.OIDRevocationValues) {
			e.revocationInfo(v)
		}
		for _, v := range si.Unsigned(cms.OIDCertificateValues) {
			e.certificateValues(v)
		}
	}
}

// certificateValues reads CertificateValues (EN 319 122-1 A.1.1.2).
func (e *evidence) certificateValues(der []byte) {
	c := asn1x.NewCursor(der)
	list := c.Open("CertificateValues", asn1x.Sequence)
	for list.More() {
		e.addCert(list.Any("Certificate").Full)
	}
	e.problem(c.Err())
}

// revocationInfo reads RevocationInfoArchival (ISO 32000-2 §12.8.3.3.2) and
// RevocationValues (EN 319 122-1 A.1.2.2): lists of CRLs in [0] and of OCSP
// answers in [1].
func (e *evidence) revocationInfo(der []byte) {
	c := asn1x.NewCursor(der)
	seq := c.Open("revocation", asn1x.Sequence)
	for seq.More() {
		v := seq.Any("revocation")
		in := c.Inside(v.Body)
		list := in.Open("list", asn1x.Sequence)
		for list.More() {
			item := list.Any("item")
			switch {
			case c.Err() != nil:
			case v.ID == asn1x.ContextC(0):
				e.addCRL(item.Full)
			case v.ID == asn1x.ContextC(1):
				e.addOCSP(item.Full)
			}
		}
	}
	e.problem(c.Err())
}

// document takes what the document security store has (EN 319 142-1 §5.4.2),
// as the last revision shows it.
func (e *evidence) document(doc *pdf.Document) {
	last := doc.Last()
	dss := securityStore(last)
	if dss == nil {
		return
	}
	before := len(e.seen)
	e.streams(last, dss.Get("Certs"), e.addCert)
	e.streams(last, dss.Get("CRLs"), e.addCRL)
	e.streams(last, dss.Get("OCSPs"), e.addOCSP)
	vri, err := last.Dict(dss.Get("VRI"))
	e.problem(err)
	for _, o := range vri.All() {
		d, err := last.Dict(o)
		if err != nil || d == nil {
			continue
		}
		e.streams(last, d.Get("Cert"), e.addCert)
		e.streams(last, d.Get("CRL"), e.addCRL)
		e.streams(last, d.Get("OCSP"), e.addOCSP)
	}
	e.dss = len(e.seen) > before
	for _, r := range doc.Revisions() {
		if securityStore(r) != nil {
			e.dssEnd = r.End
			break
		}
	}
}

func securityStore(rev *pdf.Revision) *pdf.Dict {
	catalog, err := rev.Catalog()
	if err != nil {
		return nil
	}
	dss, err := rev.Dict(catalog.Get("DSS"))
	if err != nil {
		return nil
	}
	return dss
}

// streams hands the content of each stream of an array to add.
func (e *evidence) streams(rev *pdf.Revision, o pdf.Object, add func([]byte)) {
	list, err := rev.Array(o)
	e.problem(err)
	for _, item := range list {
		if e.left <= 0 {
			e.problem(errors.New("more evidence in the document than is read"))
			return
		}
		e.left -= minObject / 8 // a reference costs too
		s, err := rev.Stream(item)
		if err != nil || s == nil {
			e.problem(err)
			continue
		}
		der, err := s.Decode(int64(e.left))
		if err != nil {
			e.problem(err)
			continue
		}
		if cap(der) > 2*len(der) { // it stays; what it was decoded into need not
			der = bytes.Clone(der)
		}
		_, e.end = s.Span()
		add(der)
	}
}
