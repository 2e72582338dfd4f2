package registry

import (
	"context"
	"sync"
)

// connPool lends connections, the last returned first: a connection has the
// pages of the tree's upper levels at hand, and its own mapping of the file.
type connPool struct {
	tokens chan struct{} // one for each connection in idle
	mu     sync.Mutex
	idle   []*sqliteConn
	done   chan struct{} // closed by close
}

func newConnPool(conns []*sqliteConn) *connPool {
	p := &connPool{tokens: make(chan struct{}, len(conns)), done: make(chan struct{}), idle: conns}
	for range conns {
		p.tokens <- struct{}{}
	}
	return p
}

func (p *connPool) get(ctx context.Context) (*sqliteConn, error) {
	select {
	case <-p.tokens: // the common case needs no look at ctx
	default:
		select {
		case <-p.tokens:
		case <-p.done:
			return nil, ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.idle) - 1
	c := p.idle[last]
	p.idle = p.idle[:last]
	return c, nil
}

func (p *connPool) put(c *sqliteConn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	p.tokens <- struct{}{}
}

// close refuses new borrowers and waits for those still at work.
func (p *connPool) close() {
	close(p.done)
	for range cap(p.tokens) {
		<-p.tokens
	}
}
