package signer

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
)

// TestPageDeterministic: same input, same bytes, from many goroutines and from
// another Page; the prefix is the same for other certificates.
func TestPageDeterministic(t *testing.T) {
	want := render(t, sampleOptions())
	p := samplePage(t, sampleOptions())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			c, kind := sampleCertificate()
			d, err := p.Render(context.Background(), c, kind, sampleURL, sampleRecord(t, c))
			if err != nil || !bytes.Equal(d.Bytes, want.Bytes) {
				t.Errorf("other bytes: %v", err)
				return
			}
			c.Holder.Surname = strings.Repeat("Ж", i+1)
			other, err := p.Render(context.Background(), c, kind, sampleURL, sampleRecord(t, c))
			if err != nil || bytes.Equal(other.Bytes, want.Bytes) || other.PrefixSum != want.PrefixSum {
				t.Errorf("another certificate: %v", err)
			}
			if !other.Time.Equal(c.IssuedAt) {
				t.Errorf("time %v", other.Time)
			}
		})
	}
	wg.Wait()
}

// TestRareLetters: letters outside the repertoire take another sheet, kept for
// the next time.
func TestRareLetters(t *testing.T) {
	p := samplePage(t, sampleOptions())
	var wg sync.WaitGroup
	for _, surname := range []string{"Ҡаһарманов", "Ҫӑлтӑр", "Ӂван", "Żółć", "Ӕхсин", "Ғилманов"} {
		wg.Go(func() {
			c, kind := sampleCertificate()
			c.Holder.Surname = surname
			if err := p.Precheck(c, kind); err != nil {
				t.Errorf("%s: %v", surname, err)
			}
			first, err := p.Render(context.Background(), c, kind, sampleURL, sampleRecord(t, c))
			if err != nil {
				t.Errorf("%s: %v", surname, err)
				return
			}
			if p.main.base.Made(first.PrefixSum) {
				t.Errorf("%s is drawn with the usual fonts", surname)
			}
			if err := p.Lint(first); err != nil {
				t.Error(err)
			}
			again, err := p.Render(context.Background(), c, kind, sampleURL, sampleRecord(t, c))
			if err != nil || !bytes.Equal(again.Bytes, first.Bytes) {
				t.Errorf("%s: second rendering differs: %v", surname, err)
			}
		})
	}
	wg.Wait()
	if n := len(p.extra.sheets); n != 6 || n != len(p.extra.order) {
		t.Errorf("%d sheets kept, order of %d", n, len(p.extra.order))
	}
	// The rare letters of the template come together.
	for i, surname := range []string{"\u04d8хм\u04d9тов", "\u04aeзб\u04d9ков", "Ц\u04cfей"} {
		c, kind := sampleCertificate()
		c.Holder.Surname = surname
		if _, err := p.Render(context.Background(), c, kind, sampleURL, sampleRecord(t, c)); err != nil {
			t.Error(err)
		}
		if n := len(p.extra.sheets); n != 7 {
			t.Errorf("%d sheets kept after %d names with rare letters, want 7", n, i+1)
		}
	}
	for _, r := range "ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩ" {
		if _, err := p.extended(runeSets{{r}}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.extra.sheets); n != maxSheets {
		t.Errorf("%d sheets kept, limit %d", n, maxSheets)
	}
}

func TestMissingGlyph(t *testing.T) {
	p := samplePage(t, sampleOptions())
	for field, set := range map[string]func(c *vidimus.Certificate){
		"holder.name":         func(c *vidimus.Certificate) { c.Holder.Name = "漢" },
		"specialty.name":      func(c *vidimus.Certificate) { c.Specialty.Name = "Терапия 漢" },
		"signatory.authority": func(c *vidimus.Certificate) { c.Signatory.Authority = "漢" },
		"issuer.name":         func(c *vidimus.Certificate) { c.Issuer.Name = "Центр 漢" },
	} {
		c, kind := sampleCertificate()
		set(c)
		_, err := p.Render(context.Background(), c, kind, sampleURL, nil)
		var missing *GlyphError
		if !errors.As(err, &missing) || missing.Rune != '漢' || missing.Field != field {
			t.Errorf("%s: %v", field, err)
		}
		if err := p.Precheck(c, kind); !errors.As(err, &missing) {
			t.Errorf("Precheck: %s: %v", field, err)
		}
	}
}

// TestLongFields: what package vidimus lets pass is drawn if it can be; a page
// that is full, or a word without end, names its field.
func TestLongFields(t *testing.T) {
	p := samplePage(t, sampleOptions())
	long := strings.TrimSpace(strings.Repeat("Организация медицинской помощи населению ", 8))[:2*260]
	long = strings.TrimSpace(strings.ToValidUTF8(long, ""))
	for field, set := range map[string]func(c *vidimus.Certificate){
		"issuer.name":         func(c *vidimus.Certificate) { c.Issuer.Name = long },
		"specialty.name":      func(c *vidimus.Certificate) { c.Specialty.Name = long },
		"position":            func(c *vidimus.Certificate) { c.Position = long },
		"signatory.authority": func(c *vidimus.Certificate) { c.Signatory.Authority = long },
		"holder.surname": func(c *vidimus.Certificate) {
			c.Holder.Surname = "Ёлкина-" + strings.Repeat("Заречная-", 8) + "Дальняя"
		},
	} {
		c, kind := sampleCertificate()
		set(c)
		if _, err := p.Render(context.Background(), c, kind, sampleURL, nil); err != nil {
			t.Errorf("long %s: %v", field, err)
		}
	}
	c, kind := sampleCertificate()
	c.Position = strings.Repeat("щ", 300)
	var over *OverflowError
	if _, err := p.Render(context.Background(), c, kind, sampleURL, nil); !errors.As(err, &over) || over.Field != "position" || over.Page {
		t.Errorf("a word of 300 letters: %v", err)
	}
	c, kind = sampleCertificate()
	c.Position, c.Region, c.Specialty.Name = long, long, long
	c.Signatory.Name, c.Signatory.Position, c.Signatory.Authority = long, long, long
	c.Issuer.Name, c.Holder.Name = long, strings.TrimSpace(strings.Repeat("Ивановна ", 11))
	if err := p.Precheck(c, kind); !errors.As(err, &over) || !over.Page || over.Field == "" {
		t.Errorf("a full page: %v", err)
	}
}

func TestRenderRefuses(t *testing.T) {
	p := samplePage(t, sampleOptions())
	c, kind := sampleCertificate()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Render(ctx, c, kind, sampleURL, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := p.Render(context.Background(), c, kind, "https://x/"+strings.Repeat("Я", 9), nil); err == nil {
		t.Error("a URL that is no ASCII passes")
	}
	c.IssuedAt = time.Time{}
	if _, err := p.Render(context.Background(), c, kind, sampleURL, nil); err == nil {
		t.Error("a certificate without time of issue passes")
	}
}
