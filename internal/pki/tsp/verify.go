package tsp

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

// VerifyOptions says what was stamped and whom to trust.
type VerifyOptions struct {
	// Message is what was stamped; Digest, if set, is asked for its digest
	// instead.
	Message []byte
	Digest  func(h pki.Hash) ([]byte, error)
	// Certificates are further candidates for the authority's certificate.
	Certificates []*pki.Certificate
	// Path says how to validate the authority's certificate. At is the time the
	// question is about; zero means Now: the token's own time proves nothing
	// about itself. Key usages are set here.
	Path pki.PathOptions
	// Tries: see [cms.VerifyOptions].
	Tries *cms.Tries
}

// Result is the outcome. The zero value says that nothing was checked.
type Result struct {
	Checks []cms.Check
	Signer *pki.Certificate
	Path   pki.PathResult
	Uses   []pki.Use
	// Warnings lists what was forgiven in token and signature.
	Warnings []pki.Warning
	// Time is the token's time, Earliest and Latest what its accuracy makes of
	// it. They prove something only if Status is OK.
	Time, Earliest, Latest time.Time
}

// Names of the checks beyond those of package cms.
const (
	CheckImprint = "message-imprint" // RFC 3161 §2.4.2
	CheckUsage   = "tsa-usage"       // RFC 3161 §2.3: critical and only timeStamping
	CheckPath    = "tsa-path"
)

// Status is OK only if every check is; Failed if one failed.
func (r Result) Status() pki.Status {
	if len(r.Checks) == 0 {
		return pki.NotChecked
	}
	out := pki.OK
	for _, c := range r.Checks {
		switch c.Status {
		case pki.Failed:
			return pki.Failed
		case pki.OK:
		default:
			out = pki.Unknown
		}
	}
	return out
}

// Check returns the status of the named check.
func (r Result) Check(name string) pki.Status {
	for _, c := range r.Checks {
		if c.Name == name {
			return c.Status
		}
	}
	return pki.NotChecked
}

func (r *Result) add(name string, s pki.Status, format string, args ...any) {
	r.Checks = append(r.Checks, cms.Check{Name: name, Status: s, Detail: fmt.Sprintf(format, args...)})
}

// Verify checks imprint, signature, the authority's certificate and its path.
func (t *Token) Verify(ctx context.Context, o VerifyOptions) Result {
	if o.Path.Suites == nil {
		o.Path.Suites = pki.DefaultSuites()
	}
	r := Result{Time: t.Info.Time, Earliest: t.Info.Time.Add(-t.Info.Accuracy), Latest: t.Info.Time.Add(t.Info.Accuracy)}
	t.checkImprint(&r, o)
	if len(t.CMS.SignerInfos) != 1 {
		// RFC 3161 §2.4.2: exactly one signature, the authority's.
		r.add(cms.CheckSigner, pki.Failed, "%d signers", len(t.CMS.SignerInfos))
		return r
	}
	res := t.CMS.SignerInfos[0].Verify(cms.VerifyOptions{Suites: o.Path.Suites,
		Certificates: o.Certificates, ContentType: cms.OIDTSTInfo, Tries: o.Tries})
	r.Signer, r.Uses = res.Signer, append(r.Uses, res.Uses...)
	r.Warnings = append(append(append(r.Warnings, t.CMS.Warnings...), t.Info.Warnings...), res.Warnings...)
	for _, c := range res.Checks {
		if c.Name == cms.CheckSigningCert && c.Status == pki.NotChecked && r.Signer != nil {
			// RFC 3161 §2.4.2 makes the attribute mandatory.
			c.Status = pki.Failed
		}
		r.Checks = append(r.Checks, c)
	}
	if len(t.Info.Critical) > 0 {
		r.add(CheckUsage, pki.Failed, "critical extension %s is not supported", t.Info.Critical[0])
		return r
	}
	if r.Signer == nil {
		r.add(CheckPath, pki.Unknown, "no certificate of the authority")
		return r
	}
	t.checkUsage(&r)
	p := o.Path
	if p.At.IsZero() {
		p.At = p.Now
	}
	p.KeyUsage = pki.UsageDigitalSignature | pki.UsageContentCommitment
	p.ExtKeyUsage, p.ExtKeyUsageUnder, p.RequireEKU = []pki.OID{pki.EKUTimeStamping}, nil, true
	pool := pki.NewPool(p.Intermediates.All()...)
	for _, c := range t.CMS.Certificates {
		pool.Add(c)
	}
	p.Intermediates = pool
	for _, der := range t.CMS.CRLs {
		if l, err := pki.ParseCRL(der); err == nil {
			p.CRLs = append(p.CRLs[:len(p.CRLs):len(p.CRLs)], l)
		}
	}
	r.Path = pki.Validate(ctx, r.Signer, p)
	switch {
	case r.Path.Valid():
		r.add(CheckPath, pki.OK, "")
	case r.Path.Chain == pki.ChainTrusted && r.Path.Revocation == pki.RevocationRevoked:
		r.add(CheckPath, pki.Failed, "%s: %s", r.Path.SubIndication, r.Path.Reason)
	default:
		r.add(CheckPath, pki.Unknown, "%s: %s", r.Path.SubIndication, r.Path.Reason)
	}
	if use := r.weak(o.Path, p.At); use != "" {
		r.add(CheckPath, pki.Unknown, "%s", use)
	}
	return r
}

// weak judges the token's own algorithms by the dated policy.
func (r *Result) weak(o pki.PathOptions, at time.Time) string {
	policy := o.Algorithms
	if policy == nil {
		policy = pki.DefaultPolicy()
	}
	for _, u := range r.Uses {
		if w := policy.Weak(u, at); len(w) > 0 {
			return w[0].String()
		}
	}
	return ""
}

func (t *Token) checkImprint(r *Result, o VerifyOptions) {
	h, err := o.Path.Suites.Hash(t.Info.Hash)
	if err != nil {
		r.add(CheckImprint, pki.Unknown, "%v", err)
		return
	}
	r.Uses = append(r.Uses, pki.Use{Hash: h.Name})
	var got []byte
	switch {
	case o.Digest != nil:
		if got, err = o.Digest(h); err != nil {
			r.add(CheckImprint, pki.Unknown, "%v", err)
			return
		}
	case o.Message != nil:
		d := h.New()
		d.Write(o.Message)
		got = d.Sum(nil)
	default:
		r.add(CheckImprint, pki.Unknown, "%v", cms.ErrContent)
		return
	}
	if !t.Info.imprintOK || !bytes.Equal(got, t.Info.Imprint) {
		r.add(CheckImprint, pki.Failed, "%s %x, not %x", h.Name, t.Info.Imprint, got)
		return
	}
	r.add(CheckImprint, pki.OK, "%s", h.Name)
}

// checkUsage is RFC 3161 §2.3: one extended key usage, timeStamping, critical.
func (t *Token) checkUsage(r *Result) {
	c := r.Signer
	switch {
	case len(c.ExtKeyUsage) != 1 || c.ExtKeyUsage[0] != pki.EKUTimeStamping:
		r.add(CheckUsage, pki.Failed, "extended key usage is not timeStamping alone")
	case !c.ExtKeyUsageCritical:
		r.add(CheckUsage, pki.Failed, "extended key usage is not critical")
	default:
		r.add(CheckUsage, pki.OK, "")
	}
}
