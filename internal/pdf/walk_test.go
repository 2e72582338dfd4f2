package pdf

import (
	"errors"
	"io"
)

// walkAll reads everything there is to read in a file, as a thorough caller
// would, and keeps nothing. It returns what was read and the last limit met.
func walkAll(b []byte, opts *Options, streamLimit int64) (objects int, limit error) {
	d, err := openBytes(b, opts)
	if err != nil {
		if errors.Is(err, ErrLimit) {
			limit = err
		}
		return 0, limit
	}
	note := func(err error) bool {
		if errors.Is(err, ErrLimit) {
			limit = err
		}
		return spent(d)
	}
	for _, r := range d.Revisions() {
		for e, err := range r.Entries() {
			if note(err) {
				return objects, limit
			}
			if err != nil {
				continue
			}
			o, err := r.Get(e.Ref)
			if note(err) {
				return objects, limit
			}
			objects++
			if s, ok := o.(*Stream); ok {
				if _, err := s.Decode(streamLimit); note(err) {
					return objects, limit
				}
				if rd, err := s.Reader(); err == nil {
					if _, err := io.Copy(io.Discard, rd); note(err) {
						return objects, limit
					}
				}
			}
			if _, _, err := r.ObjectSpan(e.Ref); note(err) {
				return objects, limit
			}
		}
		if _, err := r.Flaws(); note(err) {
			return objects, limit
		}
		if _, err := r.Strays(r.Start); note(err) {
			return objects, limit
		}
		pages, err := r.Pages()
		note(err)
		for _, p := range pages {
			if s, _ := r.Stream(p.Dict.Get("Contents")); s != nil {
				b, err := s.Decode(streamLimit)
				if note(err) {
					return objects, limit
				}
				scanContent(b)
			}
		}
	}
	return objects, limit
}

// spent reports whether one of the document's budgets is used up.
func spent(d *Document) bool { return d.lexBudget < 0 || d.decodeBudget < 0 }

func scanContent(b []byte) (ops int) {
	c := NewContent(b)
	for {
		_, ok, _ := c.Next()
		if !ok {
			return ops
		}
		ops++
	}
}
