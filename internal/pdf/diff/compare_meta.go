package diff

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/vidimus/vidimus/internal/pdf"
)

// datesOnly are the entries of /Info that writers set when they save (ISO
// 32000-2 table 349): they say when and with what, not what the document is.
var datesOnly = map[pdf.Name]bool{
	"ModDate": true, "CreationDate": true, "Producer": true, "Creator": true,
}

// compareInfo is the trailer's /Info (§14.3.3). All in it must be direct.
func (st *step) compareInfo(was, is pdf.Object, f frame) {
	if is == nil {
		is = pdf.NewDict()
	}
	a, b, ok := st.dicts(was, is, KindInfo, f)
	if !ok {
		return
	}
	level, kind, where := LTV, KindMetadataDates, f
	for key := range differing(a, b) {
		now := b.Get(key)
		if !scalar(now) {
			st.refuse(KindInfo, f.at(key), "%s", changed(a.Get(key), now))
			return
		}
		if !datesOnly[key] && level == LTV {
			level, kind, where = FormFill, KindMetadataText, f.at(key)
		}
	}
	st.allow(level, kind, where)
}

// maxXMP bounds the XMP that is read: packets of more than a few kilobytes
// hold thumbnails or an editing history.
const maxXMP = 2 << 20

// maxXMPDepth bounds the nesting of its elements; real packets have under 20 levels.
const maxXMPDepth = 100

// maxXMPPaths bounds the length of the paths of all elements together, each of
// which is made anew: long names nested deep would cost a hundred times their
// length.
const maxXMPPaths = 8 << 20

var (
	errNotXMP  = errors.New("no XMP packet: well-formed XML without document type, an RDF element in it")
	errXMPDeep = errors.New("elements nested too deep")
)

// compareMetadata is the document's XMP (§14.3.2): well-formed XML without a
// document type, before and after.
func (st *step) compareMetadata(was, is pdf.Object, f frame) {
	now, ok := is.(*pdf.Stream)
	if !ok {
		st.refuse(KindMetadata, f, "%s", changed(was, is))
		return
	}
	var err error
	a := map[string]string{}
	if old, ok := was.(*pdf.Stream); ok && st.old.Document().Locked() == nil {
		if a, err = st.readXMP(old); err != nil {
			st.refuse(KindMetadata, f, "what was signed: %v", err)
			return
		}
	} else if !ok && was != nil {
		st.refuse(KindMetadata, f, "%s", changed(was, is))
		return
	}
	b, err := st.readXMP(now)
	if locked := st.new.Document().Locked(); locked != nil && errors.Is(err, locked) {
		// What replaces locked metadata may be what a writer saves each time;
		// where there were none, they are somebody's addition.
		fd := st.allow(FormFill, KindMetadataText, f)
		fd.Detail, fd.unread = err.Error(), was == nil
		return
	}
	if err != nil {
		st.refuse(KindMetadata, f, "%v", err)
		return
	}
	for k, v := range now.Dict.Entries() {
		switch k {
		case "Length", "Filter", "DecodeParms":
		case "Type", "Subtype":
			if !scalar(v) {
				st.refuse(KindMetadata, f.at(k), "%s", describe(v))
				return
			}
		default:
			st.refuse(KindMetadata, f.at(k), "%s", describe(v))
			return
		}
	}
	for _, m := range [...]map[string]string{a, b} {
		for k := range m {
			if a[k] != b[k] && !savedBy(k) {
				st.allow(FormFill, KindMetadataText, f).Detail = short(k)
				return
			}
		}
	}
	st.allow(LTV, KindMetadataDates, f)
}

// savedBy reports whether a property says when and with what a file was saved.
func savedBy(path string) bool {
	for _, name := range [...]string{
		"/ModifyDate", "/MetadataDate", "/CreateDate", "/CreatorTool", "/Producer", "/xmptk",
		"/DocumentID", "/InstanceID", "/OriginalDocumentID", "/RenditionClass", "/VersionID", "/History", "/DerivedFrom",
	} {
		i := strings.Index(path, name)
		if i >= 0 && (len(path) == i+len(name) || path[i+len(name)] == '/' || path[i+len(name)] == '[') {
			return true
		}
	}
	return false
}

func short(s string) string {
	const most = 120
	if len(s) > most {
		return "…" + strings.ToValidUTF8(s[len(s)-most:], "")
	}
	return s
}

var (
	nameXMP = xml.Name{Space: "adobe:ns:meta/", Local: "xmpmeta"}
	nameRDF = xml.Name{Space: "http://www.w3.org/1999/02/22-rdf-syntax-ns#", Local: "RDF"}
)

// readXMP returns the texts and attributes of an XMP packet by their path. An
// element that stands more than once adds to the same text. The packet is an
// rdf:RDF element, usually in an x:xmpmeta (ISO 16684-1 §7.3).
func (st *step) readXMP(s *pdf.Stream) (map[string]string, error) {
	start, _ := s.Span()
	if start == st.xmpAt && st.xmp != nil {
		return st.xmp, nil // what the revision before brought
	}
	if st.err != nil {
		return nil, st.err
	}
	data, err := s.Decode(maxXMP)
	if err != nil {
		st.fatalRead(err)
		return nil, err
	}
	if !st.spendParsed(len(data)) {
		return nil, st.err
	}
	texts := make(map[string]*strings.Builder)
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errNotXMP }
	var path []string
	size, paths := 0, 0
	add := func(name, value string) error {
		size += len(path[len(path)-1]) + len(name) + len(value)
		if size > maxXMP {
			return errNotXMP
		}
		key := path[len(path)-1]
		if name != "" {
			key += "/" + name
		}
		t := texts[key]
		if t == nil {
			t = new(strings.Builder)
			texts[key] = t
		}
		t.WriteString(value)
		t.WriteByte(0)
		return nil
	}
	roots, rdf := 0, false
	for {
		t, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, errNotXMP
		}
		switch t := t.(type) {
		case xml.Directive:
			return nil, errNotXMP
		case xml.StartElement:
			if len(path) >= maxXMPDepth {
				return nil, errXMPDeep
			}
			rdf = rdf || t.Name == nameRDF
			if len(path) == 0 {
				if roots++; t.Name != nameXMP && t.Name != nameRDF {
					return nil, errNotXMP
				}
				path = append(path, "")
			}
			path = append(path, path[len(path)-1]+"/"+t.Name.Local)
			if paths += len(path[len(path)-1]); paths > maxXMPPaths {
				return nil, errXMPDeep
			}
			for _, a := range t.Attr {
				if err := add(a.Name.Local, a.Value); err != nil {
					return nil, err
				}
			}
		case xml.EndElement:
			path = path[:len(path)-1]
			if len(path) == 1 {
				path = path[:0]
			}
		case xml.CharData:
			text := strings.TrimSpace(string(t))
			if text == "" {
				break
			}
			if len(path) == 0 {
				return nil, errNotXMP
			}
			if err := add("", text); err != nil {
				return nil, err
			}
		}
	}
	if len(path) != 0 || roots != 1 || !rdf {
		return nil, errNotXMP
	}
	st.xmp, st.xmpAt = make(map[string]string, len(texts)), start
	for k, t := range texts {
		st.xmp[k] = t.String()
	}
	return st.xmp, nil
}
