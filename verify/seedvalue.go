package verify

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pki"
)

// Bits of /Ff in a seed value dictionary: which entries are demands, not hints
// (ISO 32000-2 §12.7.5.5, table 237).
const (
	seedFilter = 1 << iota
	seedSubFilter
	seedVersion
	seedReasons
	seedLegal
	seedRevInfo
	seedDigest
	seedLock
	seedAppearance
)

// seedCheck holds a signature against the seed value dictionary of its field.
type seedCheck struct {
	rev     *pdf.Revision
	c       *candidate
	perms   permissions
	path    []*pki.Certificate
	suites  *pki.Suites
	broken  []string
	unknown []string
}

// seedValue makes the check CheckSeedValue. What the field's author demanded
// and the signature does not have makes it indeterminate: the signature is
// sound, but not the one that was asked for.
func (s *seedCheck) run() {
	field, err := signedField(s.rev, s.c.field)
	if err != nil || !field.Has("SV") {
		return
	}
	sv, err := s.rev.Dict(field.Get("SV"))
	if err != nil {
		s.c.check(CheckSeedValue, StatusUnknown, SubSigConstraints, "%v", err)
		return
	}
	flags, err := s.rev.Int(sv.Get("Ff"))
	if err != nil {
		s.c.check(CheckSeedValue, StatusUnknown, SubSigConstraints, "/Ff: %v", err)
		return
	}
	s.demands(sv, flags)
	s.permission(sv)
	s.certificate(sv)
	switch {
	case len(s.broken) > 0:
		s.c.check(CheckSeedValue, StatusFailed, SubSigConstraints, "%s", strings.Join(s.broken, "; "))
	case len(s.unknown) > 0:
		s.c.check(CheckSeedValue, StatusUnknown, SubSigConstraints, "%s", strings.Join(s.unknown, "; "))
	default:
		s.c.check(CheckSeedValue, StatusOK, "", "")
	}
}

func (s *seedCheck) fail(format string, args ...any) {
	s.broken = append(s.broken, fmt.Sprintf(format, args...))
}

func (s *seedCheck) demands(sv *pdf.Dict, flags int64) {
	value := s.c.field.value
	if flags&seedFilter != 0 && sv.Has("Filter") {
		want, _ := s.rev.Name(sv.Get("Filter"))
		if got, _ := s.rev.Name(value.Get("Filter")); got != want {
			s.fail("/Filter /%s, not /%s", got, want)
		}
	}
	if flags&seedSubFilter != 0 && sv.Has("SubFilter") && !slices.Contains(s.strings(sv.Get("SubFilter")), string(s.c.subFilter)) {
		s.fail("/SubFilter /%s", s.c.subFilter)
	}
	if flags&seedReasons != 0 && sv.Has("Reasons") {
		s.reasons(s.strings(sv.Get("Reasons")))
	}
	if flags&seedDigest != 0 && sv.Has("DigestMethod") && s.c.si != nil {
		h, err := s.suites.Hash(s.c.si.DigestAlgorithm.OID)
		if err != nil || !slices.ContainsFunc(s.strings(sv.Get("DigestMethod")), func(m string) bool {
			return plainName(m) == plainName(h.Name)
		}) {
			s.fail("digest algorithm %s", h.Name)
		}
	}
	if flags&seedRevInfo != 0 && s.c.si != nil {
		if want, err := s.rev.Bool(sv.Get("AddRevInfo")); err == nil && want {
			if _, err := s.c.si.Signed(cms.OIDAdobeRevocation); err != nil {
				s.fail("no revocation information in the signature")
			}
		}
	}
	if flags&seedVersion != 0 {
		if v, err := s.rev.Number(sv.Get("V")); err != nil || v > 3 {
			s.unknown = append(s.unknown, "demands of a later version")
		}
	}
	if flags&seedLegal != 0 && sv.Has("LegalAttestation") {
		s.unknown = append(s.unknown, "a legal attestation is demanded")
	}
}

// reasons: an array that is empty or holds a single period forbids a reason.
func (s *seedCheck) reasons(allowed []string) {
	got, err := s.rev.Str(s.c.field.value.Get("Reason"))
	has := s.c.field.value.Has("Reason")
	switch {
	case err != nil:
		s.fail("/Reason: %v", err)
	case len(allowed) == 0 || len(allowed) == 1 && allowed[0] == ".":
		if has {
			s.fail("a reason is given where none is allowed")
		}
	case !slices.Contains(allowed, textString(got)):
		s.fail("reason %q is not one of those allowed", textString(got))
	}
}

// permission: /MDP demands a kind of signature, 0 an approval, 1 to 3 a
// certification with that level (table 237).
func (s *seedCheck) permission(sv *pdf.Dict) {
	d, err := s.rev.Dict(sv.Get("MDP"))
	if err != nil || d == nil || !d.Has("P") {
		return
	}
	want, err := s.rev.Int(d.Get("P"))
	switch {
	case err != nil:
		s.unknown = append(s.unknown, "/MDP cannot be read")
	case want == 0 && s.perms.certify:
		s.fail("a certification signature where an approval was demanded")
	case want != 0 && (!s.perms.certify || int64(s.perms.DocMDP) != want):
		s.fail("no certification with P=%d", want)
	}
}

// certificate holds the signer against /Cert (table 239), bits 1 and 2; other
// demands are named as not checked.
func (s *seedCheck) certificate(sv *pdf.Dict) {
	d, err := s.rev.Dict(sv.Get("Cert"))
	if err != nil || d == nil {
		return
	}
	flags, err := s.rev.Int(d.Get("Ff"))
	if err != nil {
		s.unknown = append(s.unknown, "/Cert cannot be read")
		return
	}
	ders := func(key pdf.Name) (out [][]byte) {
		for _, v := range s.rawStrings(d.Get(key)) {
			out = append(out, []byte(v))
		}
		return out
	}
	among := func(list [][]byte, certs []*pki.Certificate) bool {
		return slices.ContainsFunc(list, func(der []byte) bool {
			return slices.ContainsFunc(certs, func(c *pki.Certificate) bool { return bytes.Equal(c.Raw, der) })
		})
	}
	if flags&1 != 0 && d.Has("Subject") && (s.c.leaf == nil || !among(ders("Subject"), []*pki.Certificate{s.c.leaf})) {
		s.fail("the signer's certificate is not one of those demanded")
	}
	if flags&2 != 0 && d.Has("Issuer") && (len(s.path) < 2 || !among(ders("Issuer"), s.path[1:])) {
		s.fail("the signer's certificate is not from an issuer demanded")
	}
	if flags&^3 != 0 {
		s.unknown = append(s.unknown, "further demands on the signer's certificate")
	}
}

// strings reads an array of names and text strings.
func (s *seedCheck) strings(o pdf.Object) (out []string) {
	list, _ := s.rev.Array(o)
	for _, item := range list {
		switch v, _ := s.rev.Resolve(item); v := v.(type) {
		case pdf.Name:
			out = append(out, string(v))
		case pdf.String:
			out = append(out, textString(v))
		}
	}
	return out
}

func (s *seedCheck) rawStrings(o pdf.Object) (out []string) {
	list, _ := s.rev.Array(o)
	for _, item := range list {
		if v, err := s.rev.Str(item); err == nil {
			out = append(out, string(v))
		}
	}
	return out
}

func plainName(s string) string { return strings.ToUpper(strings.ReplaceAll(s, "-", "")) }
