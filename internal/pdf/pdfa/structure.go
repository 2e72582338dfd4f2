package pdfa

// Elem is an element of the structure tree.
type Elem int

// Root is the Document element.
const Root Elem = 0

// Attr are the optional properties of an element.
type Attr struct {
	Title string // /T: says which field of the record the element shows
	Alt   string // alternate description, required for Figure
	Lang  string // if other than the document's
	BBox  Rect   // of a Figure, on the page
	Scope string // of a TH: "Row" or "Column"
}

// Rect is left, bottom, right and top in points.
type Rect [4]float64

type elem struct {
	tag    string
	attr   Attr
	parent Elem
	mcid   int
	num    int  // object number
	static bool // lies in the prefix
	widget int  // object number of the annotation that a Form element stands for
}

// Add appends an element to parent, whose children are read in the order they
// were added. tag is a standard structure type (ISO 32000-1 §14.8.4).
func (d *Doc) Add(parent Elem, tag string, attr Attr) Elem {
	if d.elems[parent].mcid >= 0 {
		d.fail("element %s inside %s, which has content", tag, d.elems[parent].tag)
	}
	d.elems = append(d.elems, elem{tag: tag, attr: attr, parent: parent, mcid: -1, num: d.next})
	d.next++
	return Elem(len(d.elems) - 1)
}

// Place puts the next static element into the reading order.
func (d *Doc) Place() {
	if d.placed == len(d.base.static) {
		d.fail("only %d static elements", d.placed)
		return
	}
	d.elems = append(d.elems, elem{parent: Root, mcid: -1, static: true, num: d.base.static[d.placed]})
	d.placed++
}

// append writes the structure element dictionary (ISO 32000-2, table 355).
func (e *elem) append(b []byte, parent int, kids func([]byte) []byte) []byte {
	b = append(b, "<</S/"...) // /Type is optional, and there are many
	b = append(b, e.tag...)
	b = appendRef(append(b, "/P "...), parent)
	if e.attr.Title != "" {
		b = appendText(append(b, "/T"...), e.attr.Title)
	}
	if e.attr.Alt != "" {
		b = appendText(append(b, "/Alt"...), e.attr.Alt)
	}
	if e.attr.Lang != "" {
		b = appendText(append(b, "/Lang"...), e.attr.Lang)
	}
	if e.attr.Scope != "" {
		b = append(append(b, "/A<</O/Table/Scope/"...), e.attr.Scope...)
		b = append(b, ">>"...)
	}
	if e.attr.BBox != (Rect{}) {
		b = append(b, "/A<</O/Layout/Placement/Block/BBox["...)
		b = appendReals(b, e.attr.BBox[:]...)
		b = append(b[:len(b)-1], "]>>"...)
	}
	switch {
	case e.widget != 0:
		b = appendRef(append(b, "/K<</Type/OBJR/Pg "...), objPage)
		b = appendRef(append(b, "/Obj "...), e.widget)
		b = append(b, ">>"...)
	case e.mcid >= 0:
		b = appendRef(append(b, "/Pg "...), objPage)
		b = appendInt(append(b, "/K "...), e.mcid)
	case kids != nil:
		b = append(b, "/K["...)
		b = append(kids(b), ']')
	}
	return append(b, ">>"...)
}
