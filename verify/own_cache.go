package verify

import (
	"sync"

	"github.com/vidimus/vidimus/internal/pdf"
)

// maxCached bounds each half of the cache: an issuer has a few templates with
// three or four fonts each and one constant stream.
const maxCached = 64

// scanCache keeps what constant parts of many certificates come down to, by all
// their bytes as stored. The zero value is empty.
type scanCache struct {
	mu      sync.RWMutex
	fonts   map[string]*glyphText
	streams map[string]*streamText
	buffers sync.Pool // of *[]byte, for decoded streams
}

// maxCachedBytes bounds the bytes of one part: the ornament of a page has a few
// kilobytes.
const maxCachedBytes = 64 << 10

// streamText is the text of a content stream without QR code, images and forms,
// as it reads with certain fonts.
type streamText struct {
	text  string
	fonts map[pdf.Name]*glyphText
}

// fits reports whether the page has the same fonts under the same names.
func (k *streamText) fits(s *pageScan, resources *pdf.Dict) bool {
	for name, g := range k.fonts {
		if now, err := s.font(resources, name); err != nil || now != g {
			return false
		}
	}
	return true
}

// buffer returns memory for a decoded stream.
func (c *scanCache) buffer() *[]byte {
	buf, ok := c.buffers.Get().(*[]byte)
	if !ok {
		b := make([]byte, 0, 32<<10)
		buf = &b
	}
	return buf
}

func (c *scanCache) font(raw []byte) *glyphText {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.fonts[string(raw)]
}

func (c *scanCache) stream(raw []byte) *streamText {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.streams[string(raw)]
}

func (c *scanCache) keepFont(raw []byte, g *glyphText) {
	if len(raw) > maxCachedBytes {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fonts == nil || len(c.fonts) >= maxCached {
		c.fonts = map[string]*glyphText{}
	}
	c.fonts[string(raw)] = g
}

// keepStream keeps what is new; the variable streams of many certificates push
// each other out and the constant ones with them, now and then.
func (c *scanCache) keepStream(raw []byte, k *streamText) {
	if len(raw) > maxCachedBytes {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.streams == nil || len(c.streams) >= maxCached {
		c.streams = map[string]*streamText{}
	}
	c.streams[string(raw)] = k
}
