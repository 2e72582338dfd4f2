package signer

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// TemplateSchema names the form of a template file.
const TemplateSchema = "vidimus.template/1"

// Template is the layout of the certificate page: an issuer's own document is
// a JSON file like the default one (see [DefaultTemplate]), read by
// [LoadTemplate]. Lengths are in millimetres, x and y from the page's upper
// left corner, sizes of type in points. It does not change after loading.
type Template struct {
	Schema string            `json:"schema"`
	Name   string            `json:"name"`
	Page   TemplatePage      `json:"page"`
	Colors map[string]string `json:"colors"` // "#rrggbb" by name
	// Repertoire lists the letters that each font carries in every document,
	// next to those of the fixed texts: a certificate that needs others is
	// rendered more slowly. A certificate that needs one of the rare letters
	// carries all of them, so that few sets of fonts are made.
	Repertoire struct {
		Regular string `json:"regular"`
		Bold    string `json:"bold"`
		Rare    string `json:"rare,omitempty"`
	} `json:"repertoire"`
	Title   Text            `json:"title"`   // of the document, in viewers
	Subject Text            `json:"subject"` // its description
	Kinds   map[string]Text `json:"kinds"`   // titles by kind code, instead of those of vidimus.Kind
	Values  map[string]Text `json:"values"`  // the issuer's own texts, used as {org.address}
	// Signature texts: the field's tooltip, and the reason and location written
	// into the signature dictionary.
	Signature struct {
		Tooltip  Text `json:"tooltip"`
		Reason   Text `json:"reason"`
		Location Text `json:"location"`
	} `json:"signature"`
	AttachmentNote Text     `json:"attachmentNote"` // description of the attached record
	Emblem         *Emblem  `json:"emblem"`
	Blocks         []*Block `json:"-"`
}

// TemplatePage is the paper.
type TemplatePage struct {
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Bottom float64 `json:"bottom"` // y that flowing blocks must not cross
}

// Text is one text in the languages of a page. {name} stands for a value, and
// […] is left out when a value inside it is empty; "[[" and "{{" are the
// characters themselves.
type Text struct {
	RU string `json:"ru"`
	EN string `json:"en"`
}

// In returns the text in "ru" or "en".
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.RU
}

// Block is one thing on the page, in reading order. Type says which of the
// fields count:
//
//	frame    Margin, Color, Color2: an ornamental border
//	rosette  X, Y (centre), Width (diameter), Color: a faint ornament
//	rule     X, Y or Gap, Width, Weight, Color
//	emblem   X, Y, Width
//	box      X, Y, Width, Height, Radius, Weight, Color, Fill
//	text     Text and the fields of type below
//	table    Rows, LabelWidth, RowGap, LabelColor, LabelSize and those of text
//	qr       X, Y (upper left corner of the quiet zone), Module, Alt
//
// A block with Y stands there; one without follows the block before it at
// distance Gap.
type Block struct {
	Type string `json:"type"`
	Tag  string `json:"tag"`  // structure type: P, H1, H2; "Artifact" for decoration
	When string `json:"when"` // shown only when this value is not empty; "!x" the reverse

	X      float64  `json:"x"`
	Y      *float64 `json:"y"`
	Gap    float64  `json:"gap"`
	Width  float64  `json:"width"`
	Height float64  `json:"height"`
	Margin float64  `json:"margin"`
	Radius float64  `json:"radius"`
	Weight float64  `json:"weight"` // of lines, in points
	Module float64  `json:"module"` // side of a QR module
	Rotate float64  `json:"rotate"` // degrees, counter-clockwise about X, Y

	Text     Text    `json:"text"`
	Alt      Text    `json:"alt"`
	Font     string  `json:"font"` // "regular" or "bold"
	Size     float64 `json:"size"`
	MinSize  float64 `json:"minSize"`  // shrinks to this before it fails
	Lines    int     `json:"lines"`    // at most so many
	Leading  float64 `json:"leading"`  // of lines, times Size
	Tracking float64 `json:"tracking"` // between letters, in points
	Align    string  `json:"align"`    // left, center, right
	Color    string  `json:"color"`
	Color2   string  `json:"color2"`
	Fill     string  `json:"fill"`

	Rows       []Row   `json:"rows"`
	LabelWidth float64 `json:"labelWidth"`
	LabelSize  float64 `json:"labelSize"`
	LabelColor string  `json:"labelColor"`
	RowGap     float64 `json:"rowGap"`
}

// Row is one row of a table block.
type Row struct {
	When  string `json:"when"`
	Label Text   `json:"label"`
	Text  Text   `json:"text"`
}

// Emblem is the issuer's sign, as filled outlines.
type Emblem struct {
	Width  float64      `json:"width"` // of the space in which the paths are drawn
	Height float64      `json:"height"`
	Alt    Text         `json:"alt"`
	Paths  []EmblemPath `json:"paths"`
}

// EmblemPath is one outline in the syntax of SVG path data (commands M L H V C
// Z, absolute or relative), filled by the even-odd rule. It is drawn Repeat
// times, each time turned Step degrees further about the centre of the emblem.
type EmblemPath struct {
	D      string  `json:"d"`
	Color  string  `json:"color"`
	Repeat int     `json:"repeat"` // 0 means 1
	Step   float64 `json:"step"`
}

// TemplateError says where in a template something is wrong.
type TemplateError struct {
	Path string // e.g. "blocks[3].size"
	Err  error
}

func (e *TemplateError) Error() string { return "signer: template: " + e.Path + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *TemplateError) Unwrap() error { return e.Err }

func templateError(path, format string, args ...any) error {
	return &TemplateError{Path: path, Err: fmt.Errorf(format, args...)}
}

const (
	maxTemplate = 1 << 20 // bytes: a page of text and an emblem have some tens of kilobytes
	maxBlocks   = 200     // a page holds no more
	maxRows     = 50      // likewise for a table
	maxRepeat   = 360     // copies of an emblem's outline: one a degree
)

//go:embed templates/default.json
var defaultTemplate []byte

// DefaultTemplate returns the layout that comes with the package. It parses its
// data anew on each call: keep the result.
func DefaultTemplate() *Template {
	t, err := LoadTemplate(bytes.NewReader(defaultTemplate))
	if err != nil {
		panic(err) // the embedded file is checked by a test
	}
	return t
}

// DefaultTemplateJSON returns the default template's file, to start an own one
// from.
func DefaultTemplateJSON() []byte { return bytes.Clone(defaultTemplate) }

// LoadTemplate reads and checks a template. What is wrong with it is a
// *[TemplateError].
func LoadTemplate(r io.Reader) (*Template, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxTemplate+1))
	if err != nil {
		return nil, fmt.Errorf("signer: read template: %w", err)
	}
	if len(data) > maxTemplate {
		return nil, templateError("file", "more than %d bytes", maxTemplate)
	}
	var raw struct {
		Template
		Blocks []json.RawMessage `json:"blocks"`
	}
	if err := decodeStrict(data, &raw); err != nil {
		return nil, decodeError("", err)
	}
	t := &raw.Template
	if len(raw.Blocks) == 0 || len(raw.Blocks) > maxBlocks {
		return nil, templateError("blocks", "%d of them, want 1 to %d", len(raw.Blocks), maxBlocks)
	}
	for i, data := range raw.Blocks {
		b := new(Block)
		if err := decodeStrict(data, b); err != nil {
			return nil, decodeError(fmt.Sprintf("blocks[%d]", i), err)
		}
		t.Blocks = append(t.Blocks, b)
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	return t, nil
}

func decodeStrict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one JSON value")
	}
	return nil
}

func decodeError(path string, err error) error {
	var typeErr *json.UnmarshalTypeError
	if errors.As(err, &typeErr) && typeErr.Field != "" {
		if path != "" {
			path += "."
		}
		path += typeErr.Field
	}
	if path == "" {
		path = "file"
	}
	return &TemplateError{Path: path, Err: err}
}
