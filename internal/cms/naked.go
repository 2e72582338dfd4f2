package cms

import (
	"fmt"
	"slices"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// headSize is how much of the content is looked at: enough to tell one of the
// structures below from a document.
const headSize = 1024

// checkNaked judges a signature without signed attributes. Its value covers the
// content itself (RFC 5652 §5.4), and nothing in it says what kind of content: a
// value that the key once made over something else in ASN.1 passes for the
// signature of a document with the same octets. So the content must not be
// anything that keys sign for other ends.
func (si *SignerInfo) checkNaked(r *Result, o VerifyOptions, content pki.Signed) {
	head, size := content.Message, int64(len(content.Message))
	if content.Digest != nil {
		head, size = o.Head, o.Size
	}
	switch {
	case si.sd.ContentType != OIDData:
		r.add(CheckAttributes, pki.Failed, "no signed attributes for content type %s", si.sd.ContentType)
	case head == nil:
		r.add(CheckAttributes, pki.Unknown, "no signed attributes, and no content to see what it is")
	default:
		if what := passedOff(head[:min(len(head), headSize)], size); what != "" {
			r.add(CheckAttributes, pki.Failed, "no signed attributes, and the content is %s", what)
			return
		}
		r.add(CheckAttributes, pki.OK, "none")
	}
}

// checkNakedSigner leaves a signature without signed attributes undecided if its
// key is one for certificates, CRLs, OCSP answers or time-stamps: such a key
// signs other structures than documents, more of them than are known here.
func (si *SignerInfo) checkNakedSigner(r *Result) {
	c := r.Signer
	if si.RawSignedAttrs != nil || c == nil || r.Check(CheckAttributes) != pki.OK {
		return
	}
	what := ""
	switch {
	case c.BasicConstraints != nil && c.BasicConstraints.CA, c.KeyUsage&(pki.UsageCertSign|pki.UsageCRLSign) != 0:
		what = "of an authority"
	case slices.Contains(c.ExtKeyUsage, pki.EKUOCSPSigning):
		what = "of an OCSP responder"
	case slices.Contains(c.ExtKeyUsage, pki.EKUTimeStamping):
		what = "of a time-stamping authority"
	default:
		return
	}
	for i := range r.Checks {
		if r.Checks[i].Name == CheckAttributes {
			r.Checks[i].Status = pki.Unknown
			r.Checks[i].Detail = fmt.Sprintf("no signed attributes, and the key is %s", what)
		}
	}
}

// passedOff names what content of the given size is, if it is something else
// that is signed; "" if it is not. head is its beginning. What matches as far as
// head reaches counts.
func passedOff(head []byte, size int64) string {
	for _, s := range structures {
		g := glance{b: head, cut: int64(len(head)) < size, ok: true}
		g.whole(s.outer, size)
		s.looks(&g)
		if g.ok {
			return s.name
		}
	}
	return ""
}

// structures that keys sign, by how they begin.
var structures = []struct {
	name  string
	outer byte
	looks func(g *glance)
}{
	{"a set of signed attributes", asn1x.Set, attributesLook},
	{"a set of signed attributes", asn1x.ContextC(0), attributesLook}, // with the tag that some forget to change
	{"a tbsCertificate", asn1x.Sequence, func(g *glance) { // RFC 5280 §4.1.2
		g.optional(asn1x.ContextC(0))
		g.skip(asn1x.Integer)
		g.algorithm()
		g.skip(asn1x.Sequence)
		g.into(asn1x.Sequence)
		g.time()
	}},
	{"a TBSCertList", asn1x.Sequence, func(g *glance) { // RFC 5280 §5.1.2
		g.optional(asn1x.Integer)
		g.algorithm()
		g.skip(asn1x.Sequence)
		g.time()
	}},
	{"the ResponseData of an OCSP answer", asn1x.Sequence, func(g *glance) { // RFC 6960 §4.2.1
		g.optional(asn1x.ContextC(0))
		if !g.optional(asn1x.ContextC(1)) {
			g.skip(asn1x.ContextC(2))
		}
		g.skip(asn1x.GeneralizedTime)
		g.into(asn1x.Sequence)
	}},
	{"the TBSRequest of an OCSP request", asn1x.Sequence, func(g *glance) { // RFC 6960 §4.1.1
		g.optional(asn1x.ContextC(0))
		g.optional(asn1x.ContextC(1))
		g.into(asn1x.Sequence)
		g.into(asn1x.Sequence)
		g.into(asn1x.Sequence)
		g.algorithm()
		g.skip(asn1x.OctetString)
	}},
	{"a TSTInfo", asn1x.Sequence, func(g *glance) { // RFC 3161 §2.4.2
		g.skip(asn1x.Integer)
		g.skip(asn1x.ObjectID)
		g.into(asn1x.Sequence)
		g.algorithm()
	}},
	{"a CertificationRequestInfo", asn1x.Sequence, func(g *glance) { // RFC 2986 §4.1
		g.skip(asn1x.Integer)
		g.skip(asn1x.Sequence)
		g.into(asn1x.Sequence)
		g.algorithm()
		g.skip(asn1x.BitString)
	}},
}

func attributesLook(g *glance) { // RFC 5652 §5.3, of countersignatures too
	g.into(asn1x.Sequence)
	g.skip(asn1x.ObjectID)
	g.into(asn1x.Set)
}

// glance walks over the beginning of a structure. It is lenient: whatever some
// reader may take for the structure is to be recognised.
type glance struct {
	b    []byte
	cut  bool // there is more than b
	over bool // the rest is beyond b: taken to match
	ok   bool
}

// element reads identifier and length, -1 for an indefinite one. Another
// identifier is a mismatch.
func (g *glance) element(id byte) (n int64, found bool) {
	if !g.ok || g.over {
		return 0, false
	}
	b := g.b
	head := 2
	if len(b) >= 2 && b[1] > 0x80 {
		head += int(b[1] & 0x7f)
	}
	switch {
	case len(b) > 0 && b[0] != id, len(b) < head && !g.cut, head > 2+8:
		g.ok = false
		return 0, false
	case len(b) < head:
		g.over = true
		return 0, false
	}
	g.b = b[head:]
	switch {
	case b[1] < 0x80:
		return int64(b[1]), true
	case b[1] == 0x80:
		return -1, true
	}
	for _, o := range b[2:head] {
		n = n<<8 | int64(o)
	}
	return n, true
}

// whole goes inside an element that fills a content of the given size.
func (g *glance) whole(id byte, size int64) {
	before := len(g.b)
	n, found := g.element(id)
	if found && n >= 0 && int64(before-len(g.b))+n != size {
		g.ok = false
	}
}

func (g *glance) into(id byte) { g.element(id) }

func (g *glance) skip(id byte) {
	n, found := g.element(id)
	switch {
	case !found:
	case n < 0 || n > int64(len(g.b)):
		g.over = true
	default:
		g.b = g.b[n:]
	}
}

// optional skips an element if it is there.
func (g *glance) optional(id byte) bool {
	if g.ok && !g.over && len(g.b) > 0 && g.b[0] == id {
		g.skip(id)
		return g.ok
	}
	return false
}

// algorithm skips an AlgorithmIdentifier.
func (g *glance) algorithm() {
	if g.over || !g.ok {
		return
	}
	inside := *g
	g.skip(asn1x.Sequence)
	inside.into(asn1x.Sequence)
	inside.skip(asn1x.ObjectID)
	g.ok = g.ok && inside.ok
}

// time is at a Time.
func (g *glance) time() {
	switch {
	case !g.ok || g.over:
	case len(g.b) == 0:
		g.ok, g.over = g.cut, true
	default:
		g.ok = g.b[0] == asn1x.UTCTime || g.b[0] == asn1x.GeneralizedTime
	}
}
