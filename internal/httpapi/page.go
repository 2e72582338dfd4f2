package httpapi

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/text"
)

//go:embed html/page.html
var pageFiles embed.FS

// pages is the one HTML template, parsed once for each language.
type pages struct {
	byLang map[text.Lang]*template.Template
}

func parsePages(cat *text.Catalogue) (*pages, error) {
	p := &pages{byLang: make(map[text.Lang]*template.Template)}
	for _, lang := range []text.Lang{text.RU, text.EN} {
		t, err := template.New("").Funcs(template.FuncMap{
			"say": func(key string, pairs ...string) string { return cat.Say(lang, key, pairs...) },
		}).ParseFS(pageFiles, "html/page.html")
		if err != nil {
			return nil, err
		}
		p.byLang[lang] = t
	}
	return p, nil
}

// view is what a page shows.
type view struct {
	Lang, OtherLang text.Lang
	Title, Number   string // Number is what was looked up
	Development     bool
	Verdict         *verdict
	Home            bool
	Example, Limit  string
	Fields          []field
	Compare         bool
	Events          []string
	ID              string
	Checked         string
}

// verdict is the one thing a visitor came for.
type verdict struct {
	Tone     string // good, bad, warn, unknown
	Headline string
	Why      []string
}

type field struct {
	Label, Value, Link string
	Main               bool
}

// exampleNumber shows the form of a number; its check character is right.
func exampleNumber() string { return vidimus.Number{Series: "VD77", Year: 2026, Seq: 42}.String() }

// pageLang is ?lang=, else the browser's, else Russian.
func pageLang(r *http.Request) text.Lang {
	if l := r.URL.Query().Get("lang"); l == "ru" || l == "en" {
		return text.Lang(l)
	}
	return text.Parse(r.Header.Get("Accept-Language"))
}

// newView fills in what all pages share.
func (s *Server) newView(r *http.Request) *view {
	lang, other := pageLang(r), text.EN
	if lang == text.EN {
		other = text.RU
	}
	return &view{
		Lang: lang, OtherLang: other, Number: r.URL.Query().Get("number"),
		Title:       s.text.Say(lang, "page.title"),
		Development: s.opts.Development,
		Checked:     s.text.Say(lang, "page.checked", "time", moscow(s.opts.Now())),
	}
}

// conclude sets the verdict from keys of the catalogue.
func (s *Server) conclude(v *view, tone, headline string, why ...string) {
	v.Verdict = &verdict{Tone: tone, Headline: s.text.Say(v.Lang, headline)}
	for _, key := range why {
		v.Verdict.Why = append(v.Verdict.Why, s.text.Say(v.Lang, key, "example", exampleNumber()))
	}
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, v *view) {
	var b bytes.Buffer
	if err := s.pages.byLang[v.Lang].ExecuteTemplate(&b, "page", v); err != nil {
		s.failure(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", string(v.Lang))
	secure(h)
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

func (s *Server) homePage(w http.ResponseWriter, r *http.Request) {
	v := s.newView(r)
	v.Title = s.text.Say(v.Lang, "page.home.title")
	v.Home, v.Example, v.Limit = true, exampleNumber(), megabytes(s.opts.MaxUpload)
	s.render(w, r, http.StatusOK, v)
}

func moscow(t time.Time) string {
	return t.In(vidimus.Moscow()).Format("02.01.2006 15:04:05")
}

func megabytes(n int64) string {
	s := template.HTMLEscaper(float64(n) / (1 << 20))
	return strings.TrimSuffix(s, ".0")
}
