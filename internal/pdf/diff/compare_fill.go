package diff

import (
	"strings"

	"github.com/vidimus/vidimus/internal/pdf"
)

// Field flags (ISO 32000-2 tables 227, 229, 231).
const (
	fieldReadOnly   = 1 << 0
	fieldPushbutton = 1 << 16
	// What is shown of passwords, files and rich text is not the value.
	fieldNotShown = 1<<13 | 1<<20 | 1<<25
)

// fillable refuses to take for filling in what nobody can fill in: a read-only
// field, and a push button, which has no value (§12.7.4.1, §12.7.5.2.2). That
// includes totals that the form computes: what they say after signing follows
// from no one's signature.
func (st *step) fillable(f frame) bool {
	switch {
	case f.field == nil || f.field.ftype == "Sig":
	case f.field.ff&fieldReadOnly != 0:
		st.refuse(KindField, f, "the field is read-only")
		return false
	case f.field.ftype == "Btn" && f.field.ff&fieldPushbutton != 0:
		st.refuse(KindField, f, "a push button has no value")
		return false
	}
	return true
}

// stateOf checks that a check box or radio button shows the state that its
// value names (§12.7.5.2.3).
func (st *step) stateOf(widget *pdf.Dict, f frame) {
	if f.field.ftype != "Btn" {
		return
	}
	const off = pdf.Name("Off")
	shows, _ := widget.Get("AS").(pdf.Name)
	value, _ := st.value(st.new, widget).(pdf.Name)
	if shows != "" && shows != off && shows != value {
		st.refuse(KindField, f, "shows the state /%s, the value is /%s", subName(shows), subName(value))
		return
	}
	if shows == value || value == "" || value == off {
		return
	}
	ap, err := st.new.Dict(widget.Get("AP"))
	if err != nil {
		return
	}
	if states, err := st.new.Dict(ap.Get("N")); err == nil && states.Has(value) {
		st.refuse(KindField, f, "does not show its value /%s", subName(value))
	}
}

func subName(n pdf.Name) pdf.Name {
	if len(n) > 32 {
		return n[:32]
	}
	return n
}

// fieldAbove returns the widget or field to which an appearance belongs.
func (st *step) fieldAbove(num uint32) (uint32, bool) {
	for range 4 { // appearance, states, /AP, widget
		rec := st.recs[num]
		if rec == nil {
			break
		}
		if rec.roles&roleField != 0 {
			return num, true
		}
		num = rec.parent
	}
	return 0, false
}

// agree refuses a new appearance of a text field that shows another text than
// the field's value, where that can be told: one string of ASCII, drawn without
// a format of the form's own (/AA /F) by showing operators only. Where it cannot,
// the change is reported as what it is, a new appearance.
func (st *step) agree(num uint32, f frame) {
	widget, err := st.new.Dict(pdf.Ref{Num: num})
	if err != nil || widget == nil || f.field == nil || f.field.ftype != "Tx" ||
		f.field.ff&fieldNotShown != 0 || st.new.Document().Locked() != nil || st.formatted(widget) {
		return
	}
	v, isString := st.value(st.new, widget).(pdf.String)
	value, ok := squeeze([]byte(text(v)))
	if !ok || !isString && st.value(st.new, widget) != nil {
		return
	}
	ap, err := st.new.Dict(widget.Get("AP"))
	if err != nil {
		return
	}
	n, err := st.new.Stream(ap.Get("N"))
	if err != nil || n == nil {
		return
	}
	data, err := n.Decode(maxComment)
	if err != nil || st.parsed+int64(len(data)) > st.maxParsed() {
		st.fatalRead(err)
		return // too much text is text that cannot be told
	}
	st.spendParsed(len(data))
	shown, ok := shownText(data)
	if ok && shown != "" && shown != value {
		st.refuse(KindField, f, "the appearance shows %.80q, the value is %.80q", shown, value)
	}
}

// formatted reports whether the form shows values otherwise than they are.
func (st *step) formatted(d *pdf.Dict) bool {
	for range maxFieldDepth {
		aa, err := st.new.Dict(d.Get("AA"))
		if err != nil || aa.Has("F") {
			return true
		}
		if d, err = st.new.Dict(d.Get("Parent")); err != nil {
			return true
		}
		if d == nil {
			return false
		}
	}
	return true
}

// shownText returns what a content stream shows, if it is plain text.
func shownText(data []byte) (string, bool) {
	c := pdf.NewContent(data)
	var out []byte
	for {
		op, more, err := c.Next()
		if err != nil {
			return "", false
		}
		if !more {
			return squeeze(out)
		}
		switch op.Operator {
		case "Do", "BI", "sh":
			return "", false
		case "Tj", "'", "\"", "TJ":
			for _, o := range op.Operands {
				list, isArray := o.(pdf.Array)
				if !isArray {
					list = pdf.Array{o}
				}
				for _, e := range list {
					if s, ok := e.(pdf.String); ok {
						out = append(out, s...)
					}
				}
			}
		}
	}
}

// squeeze leaves out white space. ok is false for what is not ASCII.
func squeeze(b []byte) (string, bool) {
	for _, c := range b {
		if c > '~' || c < ' ' && !strings.ContainsRune("\t\n\r", rune(c)) {
			return "", false
		}
	}
	return strings.Join(strings.Fields(string(b)), ""), true
}

// redraws reports whether the form as it is now tells viewers to draw the
// fields anew, from the form's defaults (§12.7.3, NeedAppearances).
func (st *step) redraws() bool {
	catalog, err := st.new.Catalog()
	if err != nil {
		return true
	}
	form, err := st.new.Dict(catalog.Get("AcroForm"))
	if err != nil {
		return true
	}
	v, err := st.new.Bool(form.Get("NeedAppearances"))
	return v || err != nil
}
