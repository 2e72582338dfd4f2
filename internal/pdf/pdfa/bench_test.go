package pdfa

import "testing"

func BenchmarkDocument(b *testing.B) {
	base := sampleBase(b, A3a)
	info, opt := sampleInfo(), sampleOptions()
	b.ReportAllocs()
	for b.Loop() {
		d := base.NewDoc()
		drawSample(d)
		if _, err := d.Finish(info, opt); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLint is what each document after the first of a base pays.
func BenchmarkLint(b *testing.B) {
	base := sampleBase(b, A3a)
	d := base.NewDoc()
	drawSample(d)
	out, err := d.Finish(sampleInfo(), sampleOptions())
	if err != nil {
		b.Fatal(err)
	}
	d = base.NewDoc()
	drawSample(d)
	b.ReportAllocs()
	for b.Loop() {
		if err := d.lintOutput(out); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLintBytes(b *testing.B) {
	out := sample(b, A3a)
	for b.Loop() {
		if err := Lint(out.Bytes); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewBase(b *testing.B) {
	cfg := sampleConfig(b, A3a)
	for b.Loop() {
		if _, err := NewBase(cfg); err != nil {
			b.Fatal(err)
		}
	}
}
