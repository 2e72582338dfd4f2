package verify

import (
	"bytes"
	"sync"

	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/qr"
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
	paths   sync.Pool // of *[]byte, for QR codes as operators and for content streams
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

// path returns the operators that draw a code, without its place, and a
// function that gives their memory back.
func (c *scanCache) path(code *qr.Code) ([]byte, func()) {
	buf := c.buffer()
	*buf = code.AppendPDFPath((*buf)[:0], 0, 0, 1)
	return (*buf)[bytes.IndexByte(*buf, '\n')+1:], func() { c.paths.Put(buf) } // after "q … cm"
}

// buffer returns memory for a path or the content of a page.
func (c *scanCache) buffer() *[]byte {
	buf, ok := c.paths.Get().(*[]byte)
	if !ok {
		b := make([]byte, 0, 32<<10)
		buf = &b
	}
	return buf
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
