package diff

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vidimus/vidimus/internal/pdf"
)

// maxPath bounds the steps of a path that is reported; a linked list of
// outline items can be as long as the file.
const maxPath = 48

// path says how the trailer leads to an object, empty if it does not. It
// follows the way by which the object was reached first, in the role that it is
// about.
func (s *state) path(num uint32, must bool) string {
	path := ""
	for n := 0; num != 0; n++ {
		rec := s.recs[num]
		if rec == nil || n == maxPath {
			if n == 0 {
				return ""
			}
			return join("…", path)
		}
		parent := s.above(rec, must)
		step, ok := "", false
		if s.searched += hopCost; s.searched < maxSearched {
			var holder pdf.Object = s.rev.Trailer()
			if parent != 0 {
				holder = s.holder(parent)
			}
			step, ok = s.find(holder, num)
		}
		if !ok {
			step = "(" + pdf.Ref{Num: num}.String() + ")"
		}
		path = join(step, path)
		num, must = parent, must && s.recs[parent] != nil && s.recs[parent].roles&roleStrict != 0
	}
	return path
}

func (s *state) above(rec *record, must bool) uint32 {
	if must {
		return rec.strict
	}
	return rec.parent
}

// holders keeps the objects read last to name places: a long list is the holder
// of many, and too large for the reader's cache.
type holders struct {
	rev  int
	next int
	list [4]struct {
		num uint32
		obj pdf.Object
	}
}

// holder reads an object by number alone, nil if that cannot be done.
func (s *state) holder(num uint32) pdf.Object {
	h := &s.holders
	if h.rev != s.rev.Index {
		*h = holders{rev: s.rev.Index}
	}
	for _, e := range h.list {
		if e.num == num {
			return e.obj
		}
	}
	o := s.object(num)
	h.list[h.next].num, h.list[h.next].obj = num, o
	h.next = (h.next + 1) % len(h.list)
	return o
}

func (s *state) object(num uint32) pdf.Object {
	e, _, err := s.rev.Entry(num)
	if err != nil {
		return nil
	}
	o, err := s.rev.Get(e.Ref)
	if err != nil {
		return nil
	}
	return o
}

// maxSearched bounds the parts of objects that are searched for paths: a list
// of a hundred thousand objects would be searched again for each of them.
const maxSearched = 1 << 21

// hopCost is what one step of a path costs besides.
const hopCost = 64

// find returns where in o a reference to num stands.
func (s *state) find(o pdf.Object, num uint32) (string, bool) {
	s.searched++
	switch o := o.(type) {
	case pdf.Ref:
		return "", o.Num == num
	case *pdf.Stream:
		return s.find(o.Dict, num)
	case pdf.Array:
		for i, e := range o {
			if p, ok := s.find(e, num); ok {
				return join("["+strconv.Itoa(i)+"]", p), true
			}
		}
	case *pdf.Dict:
		for k, v := range o.Entries() {
			if p, ok := s.find(v, num); ok {
				return join(string(k), p), true
			}
		}
	}
	return "", false
}

// pageAbove returns the page through which an object was reached, 0 if none.
func (s *state) pageAbove(num uint32, must bool) int {
	for range maxPath {
		rec := s.recs[num]
		if rec == nil {
			return 0
		}
		if rec.page > 0 && (!must || rec.roles&rolePages != 0) {
			return int(rec.page)
		}
		num, must = s.above(rec, must), must && rec.roles&roleStrict != 0
	}
	return 0
}

// kindByKey says what a dictionary key on the way to a changed object makes of
// the change. The first key from the right that is listed decides.
var kindByKey = map[string]Kind{
	"Contents": KindContent, "Resources": KindResources, "ExtGState": KindResources, "ColorSpace": KindResources,
	"Pattern": KindResources, "Shading": KindResources, "Group": KindResources,
	"Font": KindFont, "DescendantFonts": KindFont, "FontDescriptor": KindFont, "FontFile": KindFont,
	"FontFile2": KindFont, "FontFile3": KindFont, "CharProcs": KindFont, "Widths": KindFont, "W": KindFont,
	"ToUnicode": KindFontText, "Encoding": KindFontText, "ActualText": KindFontText,
	"XObject": KindImage, "SMask": KindImage, "Thumb": KindImage,
	"OCProperties": KindLayers, "OC": KindLayers, "OCGs": KindLayers, "Properties": KindLayers,
	"MediaBox": KindPageGeometry, "CropBox": KindPageGeometry, "Rotate": KindPageGeometry, "UserUnit": KindPageGeometry,
	"BleedBox": KindPageGeometry, "TrimBox": KindPageGeometry, "ArtBox": KindPageGeometry,
	"OpenAction": KindAction, "AA": KindAction, "A": KindAction, "JavaScript": KindAction, "URI": KindAction,
	"Outlines": KindOutline, "Names": KindNames, "Dests": KindNames, "AF": KindNames, "EmbeddedFiles": KindNames,
	"StructTreeRoot": KindStructure, "MarkInfo": KindStructure, "Lang": KindStructure, "RoleMap": KindStructure,
	"XFA": KindXFA, "Encrypt": KindEncryption, "Kids": KindPageTree, "Pages": KindPageTree,
	"AcroForm": KindForm, "Annots": KindAnnotation, "DSS": KindDSSAltered, "Perms": KindSigAltered,
	"Metadata": KindMetadata, "Info": KindInfo, "ObjStm": KindObjectStream,
}

// classify names the change of a strict object by its path.
func classify(path string) Kind {
	parts := strings.Split(path, "/")
	for i, part := range slices.Backward(parts) {
		part, _, _ = strings.Cut(part, "[")
		if k, ok := kindByKey[part]; ok {
			// Names of fonts and the like are free: what stands under /Font is one.
			if i > 0 && k != kindByKey[parts[i-1]] {
				if up, ok := kindByKey[parts[i-1]]; ok && resourceNames[parts[i-1]] {
					return up
				}
			}
			return k
		}
	}
	return KindOther
}

// resourceNames are keys whose dictionaries have names of the author's choosing.
var resourceNames = map[string]bool{
	"Font": true, "XObject": true, "ExtGState": true, "ColorSpace": true, "Pattern": true, "Shading": true, "Properties": true,
}

func roleName(r role) string {
	switch r {
	case roleStrict:
		return "something that must stay"
	case rolePages:
		return "a page"
	case roleField:
		return "a form field"
	case roleAnnot:
		return "an annotation"
	case roleAP, roleAPState, roleAPPart:
		return "an appearance"
	case roleSignature:
		return "a signature"
	case roleDSSData:
		return "validation data"
	}
	return "something else"
}
