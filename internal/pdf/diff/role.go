package diff

// role is the place an object has in the document: what it may become depends
// on it. An object has all the roles in which the trailer leads to it, and a
// change must be right in each of them. That is what stops an object from being
// changed as a form's appearance and shown as a page's content.
type role uint32

const (
	roleCatalog    role = 1 << iota // the trailer's /Root
	rolePages                       // page tree node, page or not
	rolePageKids                    // /Kids of one
	roleAnnots                      // /Annots of a page
	roleAnnot                       // annotation
	roleForm                        // /AcroForm
	roleFormRes                     // its /DR
	roleFormResCat                  // a category of that, such as /Font
	roleFields                      // its /Fields
	roleField                       // form field or widget of one
	roleFieldKids                   // /Kids of one
	roleAP                          // /AP of a field
	roleAPState                     // /N, /R, /D of that: form XObject, or one for each state
	roleAPPart                      // what a form XObject of a field refers to
	roleValue                       // /V of a field that is no signature field
	roleSignature                   // /V of a signature field
	roleDSS                         // document security store (ISO 32000-2 §12.8.4.3)
	roleDSSList                     // its /Certs, /CRLs, /OCSPs, and those of VRI entries
	roleDSSData                     // one certificate, CRL or OCSP answer
	roleVRI                         // its /VRI
	roleVRIEntry                    // the entry of one signature
	roleMetadata                    // XMP of the document
	roleInfo                        // the trailer's /Info
	roleExtensions                  // the catalog's /Extensions
	roleStrict                      // must stay as it is
)

// owners are roles whose objects others refer to by right: a page from an
// outline, a field from an action. Such a reference is a link, not a use of
// what is in the object.
const owners = roleCatalog | rolePages | roleField | roleAnnot | roleForm

// linkKeys are the keys, beside those of links to pages, under which a field,
// an annotation or the form is merely referred to (ISO 32000-2 tables 166, 172,
// 226, 256, 368; §12.6.4 for actions).
var linkKeys = map[string]bool{
	"Parent": true, "Popup": true, "IRT": true, "Obj": true, "T": true, "Fields": true,
	"CO": true, "Annot": true, "AN": true, "Data": true,
}

// isLink reports whether a reference under key to an object with these roles
// leaves it to the rules of its own place.
func (r role) isLink(key string) bool {
	if r&(roleCatalog|rolePages) != 0 {
		return true // the catalog and the page tree may change only as their rules say, wherever they are used
	}
	return r&owners != 0 && linkKeys[key]
}
