package verify

import "time"

// who writes what the certificate says of its holder and what it is.
func (p *printer) who(s *Signature) {
	w := &s.Signer.Who
	if w.Kind != "" {
		p.field(1, "verify.holder", p.cat.Say(p.lang, "verify.holder."+w.Kind))
	}
	if w.Organisation != "" && w.Organisation != w.Name {
		p.field(1, "verify.organisation", w.Organisation)
	}
	p.field(1, "verify.position", w.Position)
	p.field(1, "verify.means", w.Tool)
	p.field(1, "verify.class", w.Class)
	if w.Identification != "" {
		p.field(1, "verify.identification", p.cat.Say(p.lang, "verify.identification."+w.Identification))
	}
	p.field(1, "verify.doubts", w.Doubts)
	if w.Qualification != "" {
		p.field(1, "verify.qualification", p.cat.Say(p.lang, "verify.qualification."+string(w.Qualification))+
			" ("+p.cat.Say(p.lang, "verify.qualification.why."+w.QualificationReason)+")")
	}
}

// check returns the outcome of a check; the zero value if it was not made.
func (s *Signature) check(name CheckName) Status {
	for _, c := range s.Checks {
		if c.Name == name {
			return c.Status
		}
	}
	return ""
}

// value and binding are lines of their own for a Russian reader: the digest may
// agree while the signature value is garbage, and the certificate shown may not
// be the signer's.
func (p *printer) outcome(line string, s Status) {
	word := "unknown"
	switch s {
	case StatusOK, StatusFailed:
		word = string(s)
	}
	p.field(1, "verify."+line, p.cat.Say(p.lang, "verify."+line+"."+word))
}

// binding tells a certificate that the signature fixes from one that merely has
// the key: with the latter anyone could exchange it for another of that key.
func (p *printer) binding(s *Signature) {
	for _, c := range s.Checks {
		if c.Name == CheckSigner && c.Status == StatusOK && c.Detail == unboundCertificate {
			p.field(1, "verify.binding", p.cat.Say(p.lang, "verify.binding.loose"))
			return
		}
	}
	p.outcome("binding", s.check(CheckSigner))
}

// chain tells a certificate that leads nowhere from one that leads to a trusted
// authority and breaks a rule on the way.
func (p *printer) chain(s *Signature) {
	if s.Chain != ChainUntrusted {
		p.fact("chain", s.Chain)
		return
	}
	word := "rule"
	switch s.sub(CheckChain, SubNoChain) {
	case SubNoChain, SubChainGeneral, SubGeneric:
		word = "untrusted"
	case SubOutOfBounds, SubOutOfBoundsNoPOE, SubExpired, SubNotYetValid:
		word = "term"
	}
	p.field(1, "verify.chain", p.cat.Say(p.lang, "verify.chain."+word))
}

// revocation tells that nobody was asked as requested from that there is nobody
// to ask: above a certificate that is trusted itself.
func (p *printer) revocation(s *Signature) {
	if s.Revocation == RevocationNotAsked && s.Chain == ChainTrusted && len(s.path) == 1 {
		p.field(1, "verify.revocation", p.cat.Say(p.lang, "verify.revocation.anchor"))
		return
	}
	p.fact("revocation", s.Revocation)
}

// accreditation of the authority on the day on which it issued the certificate.
func (p *printer) accreditation(s *Signature) {
	a := s.Accreditation
	if a == nil {
		p.field(1, "verify.accreditation", p.cat.Say(p.lang, "verify.accreditation.not-asked"))
		return
	}
	line := p.cat.Say(p.lang, "verify.accreditation."+string(a.Status)) + " (" + p.cat.Say(p.lang, "verify.accreditation.why."+a.Reason) + ")"
	if a.Authority != "" {
		line += ", " + a.Authority
	}
	p.field(1, "verify.accreditation", line)
	if a.ListVersion == "" {
		return
	}
	p.field(2, "verify.accreditation.list", p.cat.Say(p.lang, "verify.accreditation.version", "version", a.ListVersion, "date", a.ListDate.Format(time.DateOnly)))
	if !a.ListVerified {
		p.line(2, "verify.accreditation.unverified")
	}
}

// term says whether the certificate was within its term at the moment that the
// signature was judged for.
func (p *printer) term(s *Signature) {
	word := "unknown"
	switch {
	case s.ValidAt.IsZero() || s.Signer.NotAfter.IsZero():
	case s.ValidAt.Before(s.Signer.NotBefore):
		word = "not-yet"
	case s.ValidAt.After(s.Signer.NotAfter):
		word = "over"
	default:
		word = "within"
	}
	line := p.cat.Say(p.lang, "verify.term."+word)
	if !s.Signer.NotAfter.IsZero() {
		line += " (" + s.Signer.NotBefore.Format(time.RFC3339) + " – " + s.Signer.NotAfter.Format(time.RFC3339) + ")"
	}
	p.field(1, "verify.term", line)
}

// stamp says whether a time-stamp proves when the signature existed.
func (p *printer) stamp(s *Signature) {
	word := "none"
	switch check := s.check(CheckTimestamp); {
	case !s.ProvenTime.IsZero():
		word = "proven"
	case check == StatusFailed:
		word = "failed"
	case check == StatusUnknown:
		word = "unknown"
	}
	p.field(1, "verify.stamp", p.cat.Say(p.lang, "verify.stamp."+word))
}
