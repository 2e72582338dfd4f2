package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// progress keeps one line of a terminal up to date. Into a file or a pipe it
// writes nothing.
type progress struct {
	w     io.Writer
	off   bool
	began time.Time
	last  time.Time
	width int
}

// progressEvery is often enough to look alive and seldom enough to cost nothing.
const progressEvery = 200 * time.Millisecond

func newProgress(w io.Writer, off bool) *progress {
	f, ok := w.(*os.File)
	if ok {
		info, err := f.Stat()
		ok = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return &progress{w: w, off: off || !ok, began: time.Now()}
}

// show says how many are done and, where the whole is known, the share of it.
func (p *progress) show(done int, part, whole int64) {
	now := time.Now()
	if p.off || now.Sub(p.last) < progressEvery {
		return
	}
	p.last = now
	line := fmt.Sprintf("%d (%.0f/s)", done, float64(done)/now.Sub(p.began).Seconds())
	if whole > 0 {
		line += fmt.Sprintf(", %d %%", min(100, 100*part/whole))
	}
	p.clear()
	fmt.Fprint(p.w, line)
	p.width = len(line)
}

// clear empties the line.
func (p *progress) clear() {
	if !p.off && p.width > 0 {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", p.width))
		p.width = 0
	}
}
