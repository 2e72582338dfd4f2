package pdfa

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/pdf/sfnt"
)

const repertoire = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяЁё" +
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;-–—()«»№/\"Ӏӏəәé"

var sampleTime = time.Date(2026, 11, 22, 9, 30, 15, 0, time.UTC)

func sampleFont(t testing.TB, name string, bold bool) Font {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "signer", "fonts", name))
	if err != nil {
		t.Fatal(err)
	}
	face, err := sfnt.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	sub, err := face.Subset([]rune(repertoire))
	if err != nil {
		t.Fatal(err)
	}
	return Font{Face: face, Subset: sub, Bold: bold}
}

func sampleConfig(t testing.TB, mode Mode) Config {
	return Config{
		Mode: mode, Width: 595.28, Height: 841.89, Lang: "ru-RU", Producer: "vidimus test",
		Fonts: []Font{
			sampleFont(t, "LiberationSerif-Regular.ttf", false),
			sampleFont(t, "LiberationSerif-Bold.ttf", true),
		},
		Static: func(d *Doc) error {
			d.Artifact()
			d.StrokeColor(Color{30, 60, 90})
			d.LineWidth(1.5)
			d.RoundRect(30, 30, 535, 780, 12)
			d.Stroke()
			d.End()
			p := d.Add(Root, "P", Attr{Title: "organisation"})
			d.Begin(p)
			d.FillColor(Color{})
			d.Text(0, 11, 0, 60, 770, []byte("Общество «Образец»"))
			d.End()
			return nil
		},
	}
}

func sampleBase(t testing.TB, mode Mode) *Base {
	t.Helper()
	b, err := NewBase(sampleConfig(t, mode))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// drawSample draws one of everything the writer can write.
func drawSample(d *Doc) {
	d.Place()
	h := d.Add(Root, "H1", Attr{Title: "title"})
	d.Begin(h)
	d.FillColor(Color{20, 40, 80})
	d.Text(1, 24, 1.5, 60, 700, []byte("СВИДЕТЕЛЬСТВО"))
	d.End()
	table := d.Add(Root, "Table", Attr{})
	for i, row := range [][2]string{{"Владелец", "Ёлкина Ӏəә №"}, {"Number", "A-1 (1)"}} {
		y := 640 - 20*float64(i)
		tr := d.Add(table, "TR", Attr{})
		th := d.Add(tr, "TH", Attr{Scope: "Row"})
		d.Begin(th)
		d.Text(1, 12, 0, 60, y, []byte(row[0]))
		d.End()
		td := d.Add(tr, "TD", Attr{Title: "поле"})
		d.Begin(td)
		d.FillColor(Color{0, 0, 0})
		d.Text(0, 12, 0, 160, y, []byte(row[1]))
		d.End()
	}
	fig := d.Add(Root, "Figure", Attr{Alt: "Рисунок", BBox: Rect{60, 500, 160, 600}})
	d.Begin(fig)
	d.Save()
	d.Transform(0.5, 0, 0, 0.5, 60, 500)
	d.Rect(0, 0, 200, 200)
	d.Rect(50, 50, 100, 100)
	d.Fill(true)
	d.Restore()
	d.End()
	p := d.Add(Root, "P", Attr{Lang: "en"})
	d.Begin(p)
	d.Text(0, 9, 0, 60, 480, []byte("checked"))
	d.End()
}

func sampleInfo() Info {
	return Info{
		Title: "Свидетельство № 1 <&>", Author: "Общество «Образец»", Subject: "Test",
		Creator: "vidimus", Created: sampleTime,
	}
}

func sampleOptions() Options {
	return Options{
		Attachment: &Attachment{Name: "certificate.json", MIME: "application/json", Description: "Данные",
			Data: []byte(`{"имя":"Ёлкина"}` + "\n"), Modified: sampleTime},
		Signature: &Signature{Field: "Signature1", Tooltip: "Электронная подпись", Time: sampleTime,
			Name: "Общество «Образец»", Reason: "Выдача", Location: "Москва", Size: 4096},
	}
}

func sample(t testing.TB, mode Mode) *Output {
	t.Helper()
	d := sampleBase(t, mode).NewDoc()
	drawSample(d)
	opt := sampleOptions()
	if mode == Test1b {
		opt = Options{}
	}
	out, err := d.Finish(sampleInfo(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
