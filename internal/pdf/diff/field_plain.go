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
		mk, err := st.new.Dict(widget.Get("MK"))
		if err != nil || mk.Has("BG") || mk.Has("CA") || mk.Has("I") {
			st.refuse(KindSigAppearance, f, "a field without a signature has a caption or a background")
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
