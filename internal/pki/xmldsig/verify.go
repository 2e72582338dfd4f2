package xmldsig

import (
	"bytes"
	"errors"
	"strings"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/c14n"
)

type verifier struct {
	doc    []byte
	o      Options
	r      *Result
	sig    *node
	end    int // of the Signature element
	rootID string
}

func (v *verifier) run() (err error) {
	if v.sig, v.end, v.rootID, err = find(v.doc); err != nil {
		return err
	}
	if v.sig == nil {
		return &problem{pki.NotChecked, "the document has no signature"}
	}
	v.keyInfo()
	info, err := v.sig.one("SignedInfo")
	if err != nil {
		return err
	}
	if err := v.references(info); err != nil {
		return err
	}
	return v.value(info)
}

// keyInfo reads the certificates; they are hints.
func (v *verifier) keyInfo() {
	for _, k := range v.sig.all("KeyInfo") {
		for _, d := range k.all("X509Data") {
			for _, c := range d.all("X509Certificate") {
				der, err := c.base64()
				if err != nil || len(v.r.Certificates) == maxCertificates {
					continue
				}
				if cert, err := pki.ParseCertificate(der); err == nil {
					v.r.Certificates = append(v.r.Certificates, cert)
				}
			}
		}
	}
}

// references checks every digest (XML Signature §3.2.1). One must be of the
// whole document; others may only be of parts of the signature itself.
func (v *verifier) references(info *node) error {
	refs := info.all("Reference")
	if len(refs) == 0 || len(refs) > maxReferences {
		return failed("no reference, or too many")
	}
	whole := false
	for _, ref := range refs {
		uri, has := ref.attr("URI")
		if !has {
			return failed("a reference without URI")
		}
		id, named := strings.CutPrefix(uri, "#")
		start := -1
		switch {
		case uri == "":
		case !named || id == "" || strings.ContainsAny(id, "()#"):
			return failed("a reference to something else than this document")
		default:
			at, err := elementByID(v.doc, id)
			if err != nil {
				return err
			}
			start = at
		}
		root := start < 0 || id == v.rootID && start < v.sig.start
		if !root && (start <= v.sig.start || start >= v.end) {
			return failed("a reference to a part of the document")
		}
		if err := v.reference(ref, start, root); err != nil {
			return err
		}
		whole = whole || root
	}
	if !whole {
		return failed("the signature does not cover the document")
	}
	return nil
}

func (v *verifier) reference(ref *node, start int, root bool) error {
	o, err := v.transforms(ref, root)
	if err != nil {
		return err
	}
	method, err := ref.one("DigestMethod")
	if err != nil {
		return err
	}
	value, err := ref.one("DigestValue")
	if err != nil {
		return err
	}
	want, err := value.base64()
	if err != nil {
		return err
	}
	oid, ok := digests[method.algorithm()]
	if !ok {
		return unknown("digest algorithm " + method.algorithm())
	}
	h, err := v.o.Suites.Hash(oid)
	if err != nil {
		return unknown(err.Error())
	}
	d := h.New()
	if start < 0 {
		err = c14n.Document(d, v.doc, o)
	} else {
		err = c14n.Element(d, v.doc, start, o)
	}
	if err != nil {
		return err
	}
	v.r.Uses = append(v.r.Uses, pki.Use{Hash: h.Name})
	if !bytes.Equal(d.Sum(nil), want) {
		return failed("the document is not what was signed")
	}
	return nil
}

// transforms reads the list: for the document first the enveloped-signature
// transform, then at most one canonicalization (default: Canonical XML 1.0).
// Comments are no part of what a same-document reference selects (§4.4.3.3).
func (v *verifier) transforms(ref *node, root bool) (c14n.Options, error) {
	var o c14n.Options
	var list []*node
	if all := ref.all("Transforms"); len(all) > 0 {
		list = all[0].all("Transform")
		if len(all) > 1 || len(list) != len(all[0].children) {
			return o, failed("transforms that are not understood")
		}
	}
	if root {
		if len(list) == 0 || !transforms[list[0].algorithm()].enveloped {
			return o, failed("the signature of the document is not enveloped")
		}
		list = list[1:]
		o.Skip = v.sig.start
	}
	if len(list) > 1 {
		return o, failed("transforms that are not understood")
	}
	if len(list) == 0 {
		return o, nil
	}
	form, err := canonicalization(list[0])
	form.Skip, form.Comments = o.Skip, false
	return form, err
}

// canonicalization reads a canonical form with its parameters.
func canonicalization(n *node) (c14n.Options, error) {
	t, ok := transforms[n.algorithm()]
	if !ok || t.enveloped {
		return c14n.Options{}, unknown("canonicalization " + n.algorithm())
	}
	o := c14n.Options{Exclusive: t.exclusive, Comments: t.comments}
	for _, c := range n.children {
		if c.space != excNamespace || c.local != "InclusiveNamespaces" || !t.exclusive || o.Prefixes != nil {
			return o, failed("parameters of a canonicalization that are not understood")
		}
		list, _ := c.attr("PrefixList")
		o.Prefixes = strings.Fields(list)
		for i, p := range o.Prefixes {
			if p == "#default" {
				o.Prefixes[i] = ""
			}
		}
	}
	return o, nil
}

// value checks SignatureValue with each candidate's key until one fits.
func (v *verifier) value(info *node) error {
	form, err := info.one("CanonicalizationMethod")
	if err != nil {
		return err
	}
	o, err := canonicalization(form)
	if err != nil {
		return err
	}
	how, err := info.one("SignatureMethod")
	if err != nil {
		return err
	}
	v.r.Method = how.algorithm()
	m, ok := methods[v.r.Method]
	if !ok {
		return unknown("signature algorithm " + v.r.Method)
	}
	if len(how.children) > 0 {
		return failed("parameters of the signature algorithm that are not understood")
	}
	holder, err := v.sig.one("SignatureValue")
	if err != nil {
		return err
	}
	value, err := holder.base64()
	if err != nil {
		return err
	}
	if m.raw {
		value = derECDSA(value)
	}
	var message bytes.Buffer
	if err := c14n.Element(&message, v.doc, info.start, o); err != nil {
		return err
	}
	return v.signer(m, message.Bytes(), value)
}

func (v *verifier) signer(m method, message, value []byte) error {
	candidates := append(append([]*pki.Certificate(nil), v.r.Certificates...), v.o.Certificates...)
	if len(candidates) == 0 {
		return unknown("no certificate to check the signature with")
	}
	why := failed("the signature value fits no certificate")
	for _, c := range candidates[:min(len(candidates), 2*maxCertificates)] {
		use, err := v.o.Suites.Verify(c.SPKI, pki.AlgorithmIdentifier{OID: m.oid}, "", pki.Signed{Message: message}, value)
		switch {
		case err == nil:
			v.r.Status, v.r.Signer = pki.OK, c
			v.r.Uses = append(v.r.Uses, use)
			return nil
		case errors.Is(err, pki.ErrUnsupported):
			why = unknown(err.Error())
		}
	}
	return why
}
