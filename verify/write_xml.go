package verify

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// Names of ETSI TS 119 102-2 V1.3.1 §4 and annex A, and of XML signatures.
// V1.4.1 has a name space of its own, which few readers know.
const (
	xmlReport    = "http://uri.etsi.org/19102/v1.2.1#"
	xmlSignature = "http://www.w3.org/2000/09/xmldsig#"
	xmlSHA256    = "http://www.w3.org/2001/04/xmlenc#sha256"

	urnIndication    = "urn:etsi:019102:mainindication:"
	urnSubIndication = "urn:etsi:019102:subindication:"
	urnProofChecked  = "urn:etsi:019102:poetype:validation"
	urnProofGiven    = "urn:etsi:019102:poetype:provided"
	urnProcess       = "urn:etsi:019102:validationprocess:"
	urnCertificate   = "urn:etsi:019102:validationObject:certificate"
	urnCheck         = "urn:vidimus:check:"

	// The standard knows no report without a signature; this is what readers have
	// come to expect in one.
	urnNoSignature = "urn:cef:dss:mainindication:noSignatureFound"
)

// WriteXML writes the report on the signatures in the form of ETSI TS 119
// 102-2. Findings about the file and the registry's answer have no place in it.
// The checks are additional data under "urn:vidimus:check:" and their name. The
// element SignatureValidator is left out: it takes a certificate.
func (r *Report) WriteXML(w io.Writer) error {
	out := xmlValidationReport{Space: xmlReport, DS: xmlSignature}
	objects := &xmlObjects{}
	out.Reports = r.xmlSignatures(nil, r.Signatures, "S", objects)
	if len(r.Signatures) == 0 {
		out.Reports = []xmlSignatureReport{r.xmlNoSignature()}
	}
	if len(objects.List) > 0 { // the schema knows no empty list
		out.Objects = objects
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("verify: write XML report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// xmlSignatures appends the reports on signatures, each before those on its
// countersignatures.
func (r *Report) xmlSignatures(out []xmlSignatureReport, list []Signature, id string, objects *xmlObjects) []xmlSignatureReport {
	for i := range list {
		own := fmt.Sprintf("%s-%d", id, i+1)
		out = append(out, r.xmlSignature(&list[i], own, objects))
		out = r.xmlSignatures(out, list[i].Countersignatures, own, objects)
	}
	return out
}

func (r *Report) xmlSignature(s *Signature, id string, objects *xmlObjects) xmlSignatureReport {
	indication, sub := s.Indication()
	x := xmlSignatureReport{Process: &xmlProcess{urnProcess + process(s)}, Time: &xmlTimes{Validation: xmlTime(r.ValidationTime)},
		Identifier: &xmlIdentifier{ID: id, Value: base64.StdEncoding.EncodeToString(s.value)}}
	x.Time.Best.Time, x.Time.Best.Type = xmlTime(s.ValidAt), urnProofChecked
	switch {
	case s.ValidAt.IsZero():
		x.Time.Best.Time = xmlTime(r.ValidationTime)
	case s.ValidAtSource == TimeGiven:
		x.Time.Best.Type = urnProofGiven
	}
	if sum, err := hex.DecodeString(r.File.SHA256); err == nil && len(sum) > 0 {
		x.Document = &xmlDocument{}
		x.Document.Digest.Method.Algorithm = xmlSHA256
		x.Document.Digest.Value = base64.StdEncoding.EncodeToString(sum)
	}
	if !s.ClaimedTime.IsZero() {
		x.Attributes = &xmlAttributes{}
		x.Attributes.Signing.Signed = true
		x.Attributes.Signing.Time = xmlTime(s.ClaimedTime)
	}
	x.Status.Main = urnIndication + strings.ToLower(string(indication))
	if sub != "" {
		x.Status.Sub = []string{urnSubIndication + string(sub)}
	}
	x.Status.Data = &xmlStatusData{}
	if s.certificate != nil {
		x.Signer = &xmlSigner{Certificate: objects.certificate(s.certificate), Name: s.Signer.Subject}
		x.Status.Data.path(s, objects)
	}
	data := &x.Status.Data.Additional
	*data = append(*data, xmlData{urnCheck + "coverage", string(s.Coverage)}, xmlData{urnCheck + "format", s.Format})
	for _, c := range s.Checks {
		value := string(c.Status)
		if c.Detail != "" {
			value += ": " + c.Detail
		}
		*data = append(*data, xmlData{urnCheck + string(c.Name), value})
	}
	return x
}

// xmlNoSignature is the report on a file in which none was found.
func (r *Report) xmlNoSignature() (x xmlSignatureReport) {
	x.Status.Main = urnNoSignature
	if r.incomplete {
		x.Status.Main = urnIndication + strings.ToLower(string(NotDetermined))
		x.Status.Sub = []string{urnSubIndication + string(SubGeneric)}
		if r.Verdict() == Failed {
			x.Status.Main = urnIndication + strings.ToLower(string(TotalFailed))
			x.Status.Sub = []string{urnSubIndication + string(SubFormat)}
		}
	}
	return x
}

// process names the validation process of EN 319 102-1 §5.3, §5.5 or §5.6 that
// the evidence led to.
func process(s *Signature) string {
	switch {
	case s.ProvenTime.IsZero():
		return "Basic"
	case strings.HasSuffix(s.Format, "LTA"):
		return "LTA"
	}
	return "LTVM"
}

// path writes the chain that was looked at; of one that is trusted the last
// certificate is the anchor.
func (d *xmlStatusData) path(s *Signature, objects *xmlObjects) {
	d.Chain = &xmlChain{Signing: objects.certificate(s.certificate)}
	rest := s.path
	if len(rest) > 0 {
		rest = rest[1:]
	}
	if s.Chain == ChainTrusted && len(rest) > 0 {
		d.Chain.Anchor = objects.certificate(rest[len(rest)-1].Raw)
		d.Anchor, rest = d.Chain.Anchor, rest[:len(rest)-1]
	}
	for _, c := range rest {
		d.Chain.Between = append(d.Chain.Between, objects.certificate(c.Raw))
	}
}

func xmlTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// The types follow the order of the schema.

type xmlValidationReport struct {
	XMLName xml.Name             `xml:"ValidationReport"`
	Space   string               `xml:"xmlns,attr"`
	DS      string               `xml:"xmlns:ds,attr"`
	Reports []xmlSignatureReport `xml:"SignatureValidationReport"`
	Objects *xmlObjects          `xml:"SignatureValidationObjects,omitempty"`
}

type xmlSignatureReport struct {
	Identifier *xmlIdentifier `xml:"SignatureIdentifier,omitempty"`
	Time       *xmlTimes      `xml:"ValidationTimeInfo,omitempty"`
	Document   *xmlDocument   `xml:"SignersDocument,omitempty"`
	Attributes *xmlAttributes `xml:"SignatureAttributes,omitempty"`
	Signer     *xmlSigner     `xml:"SignerInformation,omitempty"`
	Process    *xmlProcess    `xml:"SignatureValidationProcess,omitempty"`
	Status     struct {
		Main string         `xml:"MainIndication"`
		Sub  []string       `xml:"SubIndication"`
		Data *xmlStatusData `xml:"AssociatedValidationReportData,omitempty"`
	} `xml:"SignatureValidationStatus"`
}

type xmlIdentifier struct {
	ID          string `xml:"id,attr"`
	Value       string `xml:"ds:SignatureValue,omitempty"`
	HashOnly    bool
	DocHashOnly bool
}

type xmlTimes struct {
	Validation string `xml:"ValidationTime"`
	Best       struct {
		Time string `xml:"POETime"`
		Type string `xml:"TypeOfProof"`
	} `xml:"BestSignatureTime"`
}

type xmlDocument struct {
	Digest struct {
		Method struct {
			Algorithm string `xml:"Algorithm,attr"`
		} `xml:"ds:DigestMethod"`
		Value string `xml:"ds:DigestValue"`
	} `xml:"DigestAlgAndValue"`
}

type xmlAttributes struct {
	Signing struct {
		Signed bool `xml:"Signed,attr"`
		Time   string
	} `xml:"SigningTime"`
}

type xmlSigner struct {
	Certificate *xmlReference `xml:"SignerCertificate"`
	Name        string        `xml:"Signer,omitempty"`
}

type xmlProcess struct {
	ID string `xml:"SignatureValidationProcessID"`
}

type xmlStatusData struct {
	Anchor     *xmlReference `xml:"TrustAnchor,omitempty"`
	Chain      *xmlChain     `xml:"CertificateChain,omitempty"`
	Additional []xmlData     `xml:"AdditionalValidationReportData>ReportData"`
}

type xmlChain struct {
	Signing *xmlReference   `xml:"SigningCertificate"`
	Between []*xmlReference `xml:"IntermediateCertificate"`
	Anchor  *xmlReference   `xml:"TrustAnchor,omitempty"`
}

type xmlReference struct {
	Ref string `xml:"VOReference,attr"`
}

type xmlData struct {
	Type  string
	Value string
}

// xmlObjects are the certificates that the report refers to, each once.
type xmlObjects struct {
	List []xmlObject `xml:"ValidationObject"`
}

type xmlObject struct {
	ID     string `xml:"id,attr"`
	Type   string `xml:"ObjectType"`
	Base64 string `xml:"ValidationObjectRepresentation>base64"`
}

func (o *xmlObjects) certificate(der []byte) *xmlReference {
	sum := sha256.Sum256(der)
	id := "C-" + hex.EncodeToString(sum[:])
	for _, have := range o.List {
		if have.ID == id {
			return &xmlReference{id}
		}
	}
	o.List = append(o.List, xmlObject{ID: id, Type: urnCertificate, Base64: base64.StdEncoding.EncodeToString(der)})
	return &xmlReference{id}
}
