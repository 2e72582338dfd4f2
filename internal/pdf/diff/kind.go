package diff

// Kind is the stable code of a kind of change. The catalogue of texts has the
// words under "diff." + Kind. Codes are never reused.
type Kind string

// Changes that show nothing (LTV).
const (
	KindRewritten     Kind = "rewritten"       // a revision that changes nothing a reader would see
	KindDSS           Kind = "validation-data" // certificates, CRLs, OCSP answers
	KindTimestamp     Kind = "document-timestamp"
	KindEmptyField    Kind = "invisible-signature-field" // a new signature field without area
	KindSigFlags      Kind = "signature-flags"
	KindExtensions    Kind = "extensions"
	KindVersion       Kind = "version"
	KindMetadataDates Kind = "metadata-dates" // when, and with what program
	KindFieldFlags    Kind = "field-flags"    // read-only, required, not exported, printed
	KindFreedUnused   Kind = "freed-unused"
	KindFieldOnPage   Kind = "invisible-field-on-page" // one that stood on no page
)

// Form filling and signing.
const (
	KindSigned       Kind = "signature-added"
	KindVisibleField Kind = "visible-signature-field"
	KindValue        Kind = "field-value"
	KindAppearance   Kind = "field-appearance"
	KindFormDefaults Kind = "form-defaults"
	KindMetadataText Kind = "metadata-text" // title, author, subject, keywords …
)

// Annotations.
const (
	KindAnnotationAdded   Kind = "annotation-added"
	KindAnnotationChanged Kind = "annotation-changed"
	KindAnnotationRemoved Kind = "annotation-removed"
)

// What is refused.
const (
	KindContent         Kind = "page-content"
	KindResources       Kind = "page-resources"
	KindFont            Kind = "font"
	KindFontText        Kind = "font-text" // ToUnicode, encoding: what is copied and read aloud
	KindImage           Kind = "form-or-image"
	KindLayers          Kind = "layers" // optional content
	KindPageGeometry    Kind = "page-geometry"
	KindPage            Kind = "page"
	KindPageTree        Kind = "page-tree"
	KindCatalog         Kind = "catalog"
	KindAction          Kind = "action"
	KindOutline         Kind = "outline"
	KindNames           Kind = "names"
	KindStructure       Kind = "structure"
	KindForm            Kind = "form"
	KindXFA             Kind = "xfa"
	KindFieldAdded      Kind = "field-added"
	KindFieldRemoved    Kind = "field-removed"
	KindField           Kind = "field"
	KindFieldShown      Kind = "field-visibility"
	KindFieldLocked     Kind = "field-locked"
	KindFieldPart       Kind = "field-appearance-part" // something that appearances share
	KindVisibleRefused  Kind = "visible-field-after-certification"
	KindLargeField      Kind = "signature-field-covers-page"
	KindSigAltered      Kind = "signature-altered"
	KindSigRemoved      Kind = "signature-removed"
	KindSigValue        Kind = "signature-value" // not a signature as there must be one
	KindSigAppearance   Kind = "signature-appearance"
	KindAnnotation      Kind = "annotation"       // one that may not be changed or added
	KindAnnotationCover Kind = "annotation-cover" // one that may hide or imitate content
	KindDSSAltered      Kind = "validation-data-altered"
	KindMetadata        Kind = "metadata" // not XMP as there must be
	KindInfo            Kind = "info"
	KindTrailer         Kind = "trailer"
	KindEncryption      Kind = "encryption"
	KindOverwritten     Kind = "object-overwritten"
	KindFreed           Kind = "object-freed"
	KindShared          Kind = "object-shared" // an object of a place that may change is used in one that may not
	KindRedirected      Kind = "reference-redirected"
	KindObjectStream    Kind = "object-stream"
	KindGeneration      Kind = "generation"
	KindXRefInside      Kind = "xref-into-signed-part"
	KindAmbiguous       Kind = "ambiguous" // readers may disagree on what the file says
	KindUnreadable      Kind = "unreadable"
	KindOutside         Kind = "outside-revisions"
	KindOther           Kind = "other"
)

// What could not be compared.
const (
	KindLimit  Kind = "too-complex"
	KindLocked Kind = "content-locked"
)

// Kinds lists every kind, for the test that finds a missing text or vector.
var Kinds = []Kind{
	KindRewritten, KindDSS, KindTimestamp, KindEmptyField, KindSigFlags, KindExtensions, KindVersion,
	KindMetadataDates, KindFieldFlags, KindFreedUnused, KindFieldOnPage,
	KindSigned, KindVisibleField, KindValue, KindAppearance, KindFormDefaults, KindMetadataText,
	KindAnnotationAdded, KindAnnotationChanged, KindAnnotationRemoved,
	KindContent, KindResources, KindFont, KindFontText, KindImage, KindLayers, KindPageGeometry, KindPage,
	KindPageTree, KindCatalog, KindAction, KindOutline, KindNames, KindStructure, KindForm, KindXFA,
	KindFieldAdded, KindFieldRemoved, KindField, KindFieldShown, KindFieldLocked, KindFieldPart,
	KindVisibleRefused, KindLargeField, KindSigAltered, KindSigRemoved, KindSigValue, KindSigAppearance,
	KindAnnotation, KindAnnotationCover, KindDSSAltered, KindMetadata, KindInfo, KindTrailer, KindEncryption,
	KindOverwritten, KindFreed, KindShared, KindRedirected, KindObjectStream, KindGeneration, KindXRefInside,
	KindAmbiguous, KindUnreadable, KindOutside, KindOther, KindLimit, KindLocked,
}
