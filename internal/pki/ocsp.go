package pki

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// OCSPResponse is a BasicOCSPResponse (RFC 6960 §4.2.1). It refers to the
// bytes it was parsed from.
type OCSPResponse struct {
	Raw                []byte // as parsed: OCSPResponse or BasicOCSPResponse
	RawTBS             []byte
	ResponderName      []byte // Name element; nil if named by key
	ResponderKey       []byte // hash of the key; nil if named by name
	ProducedAt         time.Time
	Responses          []SingleResponse
	Nonce              []byte // nil: absent
	SignatureAlgorithm AlgorithmIdentifier
	Signature          []byte
	Certificates       []*Certificate
	UnknownCritical    []OID
	Warnings           []Warning
}

// CertState is the certStatus of an OCSP response. The zero value is no status.
type CertState uint8

// Values of CertState.
const (
	_ CertState = iota
	StateGood
	StateRevoked
	StateUnknown
)

// SingleResponse is RFC 6960 §4.2.1.
type SingleResponse struct {
	ID              OCSPCertID
	State           CertState
	Revocation      Revocation // State == StateRevoked
	ThisUpdate      time.Time
	NextUpdate      time.Time // zero: absent
	ArchiveCutoff   time.Time // RFC 6960 §4.4.4; zero: absent
	UnknownCritical []OID
}

// OCSPCertID is RFC 6960 §4.1.1.
type OCSPCertID struct {
	Hash              OID
	NameHash, KeyHash []byte
	Serial            []byte
}

var (
	// ErrOCSP: not an OCSP response.
	ErrOCSP = errors.New("pki: malformed OCSP response")
	// ErrOCSPStatus: a response that holds no answer (RFC 6960 §4.2.2, "tryLater" …).
	ErrOCSPStatus = errors.New("pki: OCSP responder gave no answer")
)

// maxResponses bounds the answers in one response.
const maxResponses = 1000

// ParseOCSP reads an OCSPResponse, or a bare BasicOCSPResponse as archives
// keep it; der must hold nothing else. Errors are ErrOCSP and ErrOCSPStatus.
func ParseOCSP(der []byte) (*OCSPResponse, error) {
	c := asn1x.NewCursor(der)
	outer := c.Next("OCSPResponse", asn1x.Sequence)
	c.End("OCSPResponse")
	in := c.Inside(outer.Body)
	basic := outer
	if in.Peek() == asn1x.Enumerated {
		status, ok := smallInt(in.Next("responseStatus", asn1x.Enumerated).Body)
		if c.Err() == nil && (!ok || status != 0) {
			return nil, fmt.Errorf("%w: status %d", ErrOCSPStatus, status)
		}
		explicit := in.Open("responseBytes", asn1x.ContextC(0))
		in.End("OCSPResponse")
		rb := explicit.Open("ResponseBytes", asn1x.Sequence)
		explicit.End("responseBytes")
		kind := rb.OID("responseType")
		octets := rb.Next("response", asn1x.OctetString).Body
		rb.End("ResponseBytes")
		if c.Err() == nil && kind != oidOCSPBasic {
			return nil, fmt.Errorf("%w: response type %s", ErrOCSP, kind)
		}
		bc := c.Inside(octets)
		basic = bc.Next("BasicOCSPResponse", asn1x.Sequence)
		bc.End("response")
	}
	r := &OCSPResponse{Raw: outer.Full}
	b := c.Inside(basic.Body)
	r.readBasic(&b)
	if err := c.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOCSP, err)
	}
	return r, nil
}

func (r *OCSPResponse) readBasic(b *asn1x.Cursor) {
	tbs := b.Next("tbsResponseData", asn1x.Sequence)
	r.RawTBS = tbs.Full
	r.SignatureAlgorithm = ParseAlgorithm(b, "signatureAlgorithm")
	r.Signature = bits(b, "signature")
	if v, ok := b.Optional("certs", asn1x.ContextC(0)); ok {
		in := b.Inside(v.Body)
		list := in.Open("certs", asn1x.Sequence)
		in.End("certs")
		for list.More() {
			if len(r.Certificates) == maxListed {
				list.Fail("certs", errTooMany)
				return
			}
			c, err := ParseCertificate(list.Next("certificate", asn1x.Sequence).Full)
			if err != nil {
				r.Warnings = append(r.Warnings, Warning{WarnExtension, "certs: " + err.Error()})
				continue
			}
			r.Certificates = append(r.Certificates, c)
		}
	}
	b.End("BasicOCSPResponse")
	t := b.Inside(tbs.Body)
	if v, ok := t.Optional("version", asn1x.ContextC(0)); ok && !bytes.Equal(v.Body, []byte{2, 1, 0}) {
		t.Fail("version", errors.New("not version 1"))
	}
	switch id := t.Any("responderID"); id.ID {
	case asn1x.ContextC(1):
		in := t.Inside(id.Body)
		r.ResponderName = in.Next("byName", asn1x.Sequence).Full
		in.End("byName")
	case asn1x.ContextC(2):
		in := t.Inside(id.Body)
		r.ResponderKey = in.Next("byKey", asn1x.OctetString).Body
		in.End("byKey")
	default:
		t.Fail("responderID", asn1x.ErrSyntax)
	}
	r.ProducedAt = readTime(&t, "producedAt", &r.Warnings)
	list := t.Open("responses", asn1x.Sequence)
	for list.More() {
		if len(r.Responses) == maxResponses {
			list.Fail("responses", errTooMany)
			return
		}
		r.Responses = append(r.Responses, r.readSingle(&list))
	}
	if v, ok := t.Optional("responseExtensions", asn1x.ContextC(1)); ok {
		in := t.Inside(v.Body)
		for _, x := range parseExtensions(&in, &r.Warnings) {
			switch {
			case x.OID == oidExtOCSPNonce:
				r.Nonce = x.Value
			case x.Critical:
				r.UnknownCritical = append(r.UnknownCritical, x.OID)
			}
		}
		in.End("responseExtensions")
	}
	t.End("tbsResponseData")
}

func (r *OCSPResponse) readSingle(c *asn1x.Cursor) SingleResponse {
	in := c.Open("SingleResponse", asn1x.Sequence)
	var s SingleResponse
	id := in.Open("certID", asn1x.Sequence)
	s.ID.Hash = ParseAlgorithm(&id, "hashAlgorithm").OID
	s.ID.NameHash = id.Next("issuerNameHash", asn1x.OctetString).Body
	s.ID.KeyHash = id.Next("issuerKeyHash", asn1x.OctetString).Body
	s.ID.Serial = id.Next("serialNumber", asn1x.Integer).Body
	id.End("certID")
	switch st := in.Any("certStatus"); st.ID {
	case asn1x.Context(0), asn1x.Context(2):
		if len(st.Body) != 0 {
			in.Fail("certStatus", asn1x.ErrSyntax)
		}
		s.State = StateGood
		if st.ID == asn1x.Context(2) {
			s.State = StateUnknown
		}
	case asn1x.ContextC(1):
		s.State = StateRevoked
		ri := in.Inside(st.Body)
		s.Revocation = Revocation{Serial: s.ID.Serial, At: readTime(&ri, "revocationTime", &r.Warnings)}
		if v, ok := ri.Optional("revocationReason", asn1x.ContextC(0)); ok {
			rc := ri.Inside(v.Body)
			n, ok := smallInt(rc.Next("revocationReason", asn1x.Enumerated).Body)
			if !ok {
				ri.Fail("revocationReason", asn1x.ErrSyntax)
			}
			s.Revocation.Reason = n
		}
		ri.End("revokedInfo")
	default:
		in.Fail("certStatus", asn1x.ErrSyntax)
	}
	s.ThisUpdate = readTime(&in, "thisUpdate", &r.Warnings)
	if v, ok := in.Optional("nextUpdate", asn1x.ContextC(0)); ok {
		nu := in.Inside(v.Body)
		s.NextUpdate = readTime(&nu, "nextUpdate", &r.Warnings)
		nu.End("nextUpdate")
	}
	if v, ok := in.Optional("singleExtensions", asn1x.ContextC(1)); ok {
		xc := in.Inside(v.Body)
		for _, x := range parseExtensions(&xc, &r.Warnings) {
			switch {
			case x.OID == oidExtOCSPArchiveCutoff:
				ac := in.Inside(x.Value)
				s.ArchiveCutoff = readTime(&ac, "archiveCutoff", &r.Warnings)
			case x.Critical:
				s.UnknownCritical = append(s.UnknownCritical, x.OID)
			}
		}
	}
	in.End("SingleResponse")
	return s
}

// Matches reports whether the answer is about a certificate: its issuer's name
// and key and its serial number. The error is ErrUnsupported if the hash is
// not in the table.
func (id OCSPCertID) Matches(c, issuer *Certificate, s *Suites) (bool, error) {
	if !SerialEqual(id.Serial, c.Serial) {
		return false, nil
	}
	h, err := s.Hash(id.Hash)
	if err != nil {
		return false, err
	}
	sum := func(b []byte) []byte {
		d := h.New()
		d.Write(b)
		return d.Sum(nil)
	}
	if !bytes.Equal(id.KeyHash, sum(issuer.SPKI.Key)) {
		return false, nil
	}
	// RFC 6960 §4.1.1: the issuer's name as the certificate has it.
	return bytes.Equal(id.NameHash, sum(c.RawIssuer)) || bytes.Equal(id.NameHash, sum(issuer.RawSubject)), nil
}

// OCSPRequest returns a DER request about one certificate with a SHA-1 CertID,
// which every responder knows, and a nonce if it is not nil.
func OCSPRequest(c, issuer *Certificate, s *Suites, nonce []byte) ([]byte, error) {
	h, err := s.Hash(OIDSHA1)
	if err != nil {
		return nil, err
	}
	sum := func(b []byte) []byte {
		d := h.New()
		d.Write(b)
		return asn1x.TLV(asn1x.OctetString, d.Sum(nil))
	}
	id := asn1x.TLV(asn1x.Sequence,
		asn1x.TLV(asn1x.Sequence, OIDSHA1.Encode(), []byte{asn1x.Null, 0}),
		sum(c.RawIssuer), sum(issuer.SPKI.Key), asn1x.TLV(asn1x.Integer, c.Serial))
	list := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, id))
	var exts []byte
	if nonce != nil {
		x := asn1x.TLV(asn1x.Sequence, oidExtOCSPNonce.Encode(),
			asn1x.TLV(asn1x.OctetString, asn1x.TLV(asn1x.OctetString, nonce)))
		exts = asn1x.TLV(asn1x.ContextC(2), asn1x.TLV(asn1x.Sequence, x))
	}
	return asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, list, exts)), nil
}
