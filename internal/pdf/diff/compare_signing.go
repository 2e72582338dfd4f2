package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// whenSigned reports whether an entry may be given to a signature field while it
// is signed: the page on which its widget stands, which iText adds where it was
// missing, and a lock (ISO 32000-2 §12.7.5.5), which only forbids.
func (st *step) whenSigned(key pdf.Name, now pdf.Object, f frame) bool {
	if key == "P" {
		ref, _ := now.(pdf.Ref)
		page := st.recs[ref.Num]
		return page != nil && page.page != 0 && page.roles&rolePages != 0 && int(page.page) == st.pageAbove(f.num, false)
	}
	if ref, ok := now.(pdf.Ref); ok && st.existed(ref.Num) {
		return false
	}
	lock, err := st.new.Dict(now)
	if err != nil || lock == nil {
		return false
	}
	for k, v := range lock.Entries() {
		switch k {
		case "Type", "Action", "P":
			if !scalar(v) {
				return false
			}
		case "Fields":
			list, ok := v.(pdf.Array)
			if !ok {
				return false
			}
			for _, name := range list {
				if _, ok := name.(pdf.String); !ok {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}
