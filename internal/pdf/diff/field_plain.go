package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// looksRight refuses the widget of a new signature field that shows what it may
// not. Before anybody has signed in it, a field shows nothing: a text there
// would stand under a signature that does not exist. One without area shows
// nothing at all, signed or not.
func (st *step) looksRight(widget *pdf.Dict, signed, visible bool, f frame) {
	if !signed || !visible {
		if why := st.decorated(widget); why != "" {
			st.refuse(KindSigAppearance, f, "a field without a signature has %s", why)
			return
		}
	}
	if !widget.Has("AP") {
		return
	}
	ap, err := st.new.Dict(widget.Get("AP"))
	if err != nil {
		st.refuse(KindSigAppearance, f, "an appearance that cannot be read")
		return
	}
	for k, v := range ap.Entries() {
		s, err := st.new.Stream(v)
		why := ""
		switch {
		case k != "N" && k != "R" && k != "D" || err != nil || s == nil:
			why = "an appearance that is no form XObject"
		case !signed && st.paints(s, maxNested):
			why = "a field without a signature has an appearance"
		default:
			why = st.outOfPlace(nil, s)
		}
		if why != "" {
			st.fatal(err)
			st.refuse(KindSigAppearance, f.at("AP").at(k), "%s", why)
			return
		}
	}
}

// decorated says what viewers draw of a widget by its entries (ISO 32000-2
// §12.5.6.19, tables 166, 168 and 192): a border as wide as one likes in the
// colour of paper wipes out what it stands on. Writers who put an empty field on
// a page leave it plain; a rotation, and the width of a border without a
// colour, show nothing.
func (st *step) decorated(widget *pdf.Dict) string {
	mk, err := st.new.Dict(widget.Get("MK"))
	if err != nil {
		return "characteristics that cannot be read"
	}
	for k := range mk.Entries() {
		if k != "R" {
			return "/MK with /" + string(subName(k))
		}
	}
	if widget.Has("C") {
		return "a colour"
	}
	bs, err := st.new.Dict(widget.Get("BS"))
	if err != nil {
		return "a border that cannot be read"
	}
	if bs.Has("W") && !(number64(bs.Get("W")) <= maxPlainBorder) {
		return "a wide border"
	}
	if !widget.Has("Border") {
		return ""
	}
	b, isArray := widget.Get("Border").(pdf.Array)
	if !isArray || len(b) < 3 || !(number64(b[2]) <= maxPlainBorder) {
		return "a wide border"
	}
	return ""
}

// maxPlainBorder is the width of a border that writers set by habit.
const maxPlainBorder = 1
