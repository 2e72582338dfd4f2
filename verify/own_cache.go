package verify

import (
	"sync"

	"github.com/vidimus/vidimus/internal/pdf"
)

// maxCached bounds each half of the cache: an issuer has a few templates with
// three or four fonts each and one constant stream.
const maxCached = 64

// scanCache keeps what constant parts of many certificates come down to, by the
// SHA-256 of their bytes as stored. The zero value is empty.
type scanCache struct {
	mu      sync.RWMutex
	fonts   map[[32]byte]*glyphText
	streams map[[32]byte]*streamText
}

// streamText is the text of a content stream without QR code, images and forms,
// as it reads with certain fonts.
type streamText struct {
	text  string
	fonts map[pdf.Name]*glyphText
}

// fits reports whether the page has the same fonts under the same names.
func (k *streamText) fits(s *pageScan, resources *pdf.Dict) bool {
	for name, g := range k.fonts {
		if now, err := s.font(resources, name); err != nil || now.key != g.key {
			return false
		}
	}
	return true
}

func (c *scanCache) font(key [32]byte) *glyphText {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.fonts[key]
}

func (c *scanCache) stream(key [32]byte) *streamText {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.streams[key]
}

func (c *scanCache) keepFont(key [32]byte, g *glyphText) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fonts == nil || len(c.fonts) >= maxCached {
		c.fonts = map[[32]byte]*glyphText{}
	}
	c.fonts[key] = g
}

// keepStream keeps what is new; the variable streams of many certificates push
// each other out and the constant ones with them, now and then.
func (c *scanCache) keepStream(key [32]byte, k *streamText) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.streams == nil || len(c.streams) >= maxCached {
		c.streams = map[[32]byte]*streamText{}
	}
	c.streams[key] = k
}
