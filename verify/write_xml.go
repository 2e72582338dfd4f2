package verify

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// Names of ETSI TS 119 102-2 V1.4.1 §4 and annex A, and of XML signatures.
const (
	xmlReport    = "http://uri.etsi.org/19102/v1.2.1#"
	xmlSignature = "http://www.w3.org/2000/09/xmldsig#"
	xmlSHA256    = "http://www.w3.org/2001/04/xmlenc#sha256"

	urnIndication    = "urn:etsi:019102:mainindication:"
	urnSubIndication = "urn:etsi:019102:subindication:"
	urnProofStamp    = "urn:etsi:019102:poetype:validation"
	urnProofGiven    = "urn:etsi:019102:poetype:provided"
	urnProcess       = "urn:etsi:019102:validationprocess:LTVM"
	urnCertificate   = "urn:etsi:019102:validationObject:certificate"
	urnCheck         = "urn:vidimus:check:"
)

// WriteXML writes the report on the signatures in the form of ETSI TS 119
// 102-2. Findings about the file and the registry's answer have no place in it.
// The checks are additional data under "urn:vidimus:check:" and their name.
func (r *Report) WriteXML(w io.Writer) error {
	out := xmlValidationReport{Space: xmlReport, DS: xmlSignature}
	objects := map[string]bool{}
	for i := range r.Signatures {
		s := &r.Signatures[i]
		out.Reports = append(out.Reports, r.xmlSignature(s, i))
		if s.certificate == nil || objects[s.Signer.Digest] {
			continue
		}
		objects[s.Signer.Digest] = true
		out.Objects.List = append(out.Objects.List, xmlObject{
			ID: "C-" + s.Signer.Digest, Type: urnCertificate, Base64: base64.StdEncoding.EncodeToString(s.certificate)})
	}
	out.Validator.Name = "vidimus"
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

func (r *Report) xmlSignature(s *Signature, i int) xmlSignatureReport {
	indication, sub := s.Indication()
	x := xmlSignatureReport{Process: urnProcess}
	x.Identifier.ID = fmt.Sprintf("S-%d", i+1)
	x.Time.Validation = xmlTime(r.ValidationTime)
	x.Time.Best.Time, x.Time.Best.Type = xmlTime(s.ValidAt), urnProofGiven
	if s.ValidAtSource == TimeFromTimestamp {
		x.Time.Best.Type = urnProofStamp
	}
	x.Document.Digest.Method.Algorithm = xmlSHA256
	if sum, err := hex.DecodeString(r.File.SHA256); err == nil {
		x.Document.Digest.Value = base64.StdEncoding.EncodeToString(sum)
	}
	if !s.ClaimedTime.IsZero() {
		x.Attributes = &xmlAttributes{}
		x.Attributes.Signing.Signed = true
		x.Attributes.Signing.Time = xmlTime(s.ClaimedTime)
	}
	if s.Signer.Subject != "" {
		x.Signer = &xmlSigner{Name: s.Signer.Subject}
		if s.certificate != nil {
			x.Signer.Certificate = &xmlReference{"C-" + s.Signer.Digest}
		}
	}
	x.Status.Main = urnIndication + strings.ToLower(string(indication))
	if sub != "" {
		x.Status.Sub = []string{urnSubIndication + string(sub)}
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

func xmlTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

type xmlValidationReport struct {
	XMLName xml.Name             `xml:"ValidationReport"`
	Space   string               `xml:"xmlns,attr"`
	DS      string               `xml:"xmlns:ds,attr"`
	Reports []xmlSignatureReport `xml:"SignatureValidationReport"`
	Objects struct {
		List []xmlObject `xml:"ValidationObject"`
	} `xml:"SignatureValidationObjects"`
	Validator struct {
		Name string `xml:"TSPInformation>TSPName>Name"`
	} `xml:"SignatureValidator"`
}

type xmlSignatureReport struct {
	Identifier struct {
		ID          string `xml:"id,attr"`
		HashOnly    bool
		DocHashOnly bool
	} `xml:"SignatureIdentifier"`
	Time struct {
		Validation string `xml:"ValidationTime"`
		Best       struct {
			Time string `xml:"POETime"`
			Type string `xml:"TypeOfProof"`
		} `xml:"BestSignatureTime"`
	} `xml:"ValidationTimeInfo"`
	Document struct {
		Digest struct {
			Method struct {
				Algorithm string `xml:"Algorithm,attr"`
			} `xml:"ds:DigestMethod"`
			Value string `xml:"ds:DigestValue"`
		} `xml:"DigestAlgAndValue"`
	} `xml:"SignersDocument"`
	Attributes *xmlAttributes `xml:"SignatureAttributes,omitempty"`
	Signer     *xmlSigner     `xml:"SignerInformation,omitempty"`
	Process    string         `xml:"SignatureValidationProcess>SignatureValidationProcessID"`
	Status     struct {
		Main string   `xml:"MainIndication"`
		Sub  []string `xml:"SubIndication"`
		Data struct {
			Additional []xmlData `xml:"AdditionalValidationReportData>ReportData"`
		} `xml:"AssociatedValidationReportData"`
	} `xml:"SignatureValidationStatus"`
}

type xmlAttributes struct {
	Signing struct {
		Signed bool `xml:"Signed,attr"`
		Time   string
	} `xml:"SigningTime"`
}

type xmlSigner struct {
	Certificate *xmlReference `xml:"SignerCertificate,omitempty"`
	Name        string        `xml:"Signer"`
}

type xmlReference struct {
	Ref string `xml:"VOReference,attr"`
}

type xmlData struct {
	Type  string
	Value string
}

type xmlObject struct {
	ID     string `xml:"id,attr"`
	Type   string `xml:"ObjectType"`
	Base64 string `xml:"ValidationObjectRepresentation>base64"`
}
