package pki

import (
	"bytes"
	"crypto/sha1"
	"errors"
	"fmt"
	"slices"
)

// ocsp asks OCSP responses.
func (q *query) ocsp(responses []*OCSPResponse, fetched bool) {
	for _, r := range responses {
		for i := range r.Responses {
			s := &r.Responses[i]
			match, err := s.ID.Matches(q.cert, q.issuer, q.v.o.Suites)
			if err != nil {
				q.refuse("OCSP: %v", err)
				continue
			}
			if !match {
				continue
			}
			f, err := q.answer(r, s)
			if err != nil {
				q.refuse("OCSP of %s: %v", s.ThisUpdate.Format("2006-01-02"), err)
				continue
			}
			f.Fetched = fetched
			q.found = append(q.found, f)
		}
	}
}

// answer judges one answer about the certificate (RFC 6960 §3.2).
func (q *query) answer(r *OCSPResponse, s *SingleResponse) (finding, error) {
	if len(r.UnknownCritical) > 0 || len(s.UnknownCritical) > 0 {
		return finding{}, errors.New("critical extension is not supported")
	}
	if s.State == StateUnknown {
		return finding{}, errors.New("the responder does not know the certificate")
	}
	revoked := s.State == StateRevoked
	if err := q.fresh(s.ThisUpdate, s.NextUpdate, s.ArchiveCutoff, revoked); err != nil {
		return finding{}, err
	}
	use, err := q.responder(r)
	if err != nil {
		return finding{}, err
	}
	if err := q.weak(use, r.ProducedAt); err != nil {
		return finding{}, err
	}
	f := finding{revoked: revoked, CertStatus: CertStatus{Source: "ocsp", ThisUpdate: s.ThisUpdate,
		NextUpdate: s.NextUpdate, Evidence: r.Raw, Uses: []Use{use}}}
	if revoked {
		f.RevokedAt, f.Reason = s.Revocation.At, s.Revocation.Reason
	}
	return f, nil
}

// responder finds who signed and whether they may: the authority that issued
// the certificate, or someone to whom it gave id-kp-OCSPSigning directly
// (RFC 6960 §4.2.2.2).
func (q *query) responder(r *OCSPResponse) (Use, error) {
	v := q.v
	candidates := append([]*Certificate{q.issuer}, r.Certificates...)
	if r.ResponderName != nil {
		key := canonicalName(r.ResponderName)
		candidates = append(candidates, v.o.Intermediates.named(key)...)
	}
	reason := errors.New("no certificate of the responder it names")
	for _, c := range candidates {
		if !r.namedBy(c, v.o.Suites) {
			continue
		}
		if v.checks >= maxSignatureChecks {
			return Use{}, errSearchLimit
		}
		e := v.once(r, len(r.RawTBS), c, func() (Use, error) {
			return v.o.Suites.Verify(c.SPKI, r.SignatureAlgorithm, "", Signed{Message: r.RawTBS}, r.Signature)
		})
		if e.err != nil {
			reason = e.err
			continue
		}
		use := e.use
		if bytes.Equal(c.SPKI.Raw, q.issuer.SPKI.Raw) && NamesEqual(c.RawSubject, q.issuer.RawSubject) {
			return use, nil
		}
		if err := q.delegated(c, r); err != nil {
			reason = fmt.Errorf("responder %q: %w", c.describe(), err)
			continue
		}
		return use, nil
	}
	return Use{}, reason
}

// namedBy reports whether the ResponderID names c. By key it is the SHA-1 of
// the key (RFC 6960 §4.2.1); another hash of fitting length is tolerated,
// since the signature decides.
func (r *OCSPResponse) namedBy(c *Certificate, s *Suites) bool {
	if r.ResponderName != nil {
		return NamesEqual(r.ResponderName, c.RawSubject)
	}
	if len(r.ResponderKey) == sha1.Size {
		return bytes.Equal(r.ResponderKey, c.KeyHash())
	}
	for _, h := range s.hashes {
		if h.Size == len(r.ResponderKey) {
			d := h.New()
			d.Write(c.SPKI.Key)
			if bytes.Equal(d.Sum(nil), r.ResponderKey) {
				return true
			}
		}
	}
	return false
}

// delegated checks a responder that is not the authority itself.
func (q *query) delegated(c *Certificate, r *OCSPResponse) error {
	v := q.v
	if !slices.Contains(c.ExtKeyUsage, EKUOCSPSigning) {
		return errors.New("no id-kp-OCSPSigning")
	}
	if c.KeyUsage != 0 && c.KeyUsage&(UsageDigitalSignature|UsageContentCommitment) == 0 {
		return errors.New("key usage does not allow signing")
	}
	if !NamesEqual(c.RawIssuer, q.issuer.RawSubject) {
		return errors.New("not certified by the authority it answers for")
	}
	e := v.edge(c, q.issuer)
	if e.err != nil {
		return fmt.Errorf("not certified by the authority it answers for: %w", e.err)
	}
	if err := q.weak(e.use, r.ProducedAt); err != nil {
		return err
	}
	if p := understood(c); p != nil {
		return errors.New(p.reason)
	}
	if r.ProducedAt.Before(c.NotBefore) || r.ProducedAt.After(c.NotAfter) {
		return errors.New("its certificate was not valid when it answered")
	}
	if c.OCSPNoCheck || c.exempt() || v.o.Revocation == RevocationSkipUnsafe {
		return nil
	}
	if v.depth >= maxEvidenceDepth {
		return errors.New("its own revocation is not known")
	}
	s := v.sub(r.ProducedAt, RevocationRequire)
	st := s.status(c, q.above)
	v.absorb(s)
	if st.Status != RevocationGood {
		return fmt.Errorf("its own revocation is %s: %s", st.Status, st.Detail)
	}
	return nil
}
