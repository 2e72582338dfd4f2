package verify

import "bytes"

// File types that a report names.
const (
	typePDF   = "pdf"
	typeJPEG  = "jpeg"
	typePNG   = "png"
	typeCMS   = "cms" // an enveloping signature
	typeOther = "other"
)

// sniff decides by the magic number at offset 0. Only PDF is also known by a
// magic further on, because readers open such files; see rule ERR-FORMAT.
func sniff(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return typePDF
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return typeJPEG
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return typePNG
	case bytes.Contains(head[:min(len(head), 1024+5)], []byte("%PDF-")):
		return typePDF
	case looksLikeCMS(head):
		return typeCMS
	}
	return typeOther
}

// signedDataOID is id-signedData (RFC 5652 §5.1) with tag and length.
var signedDataOID = []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
