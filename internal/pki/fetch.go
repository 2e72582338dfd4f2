package pki

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Fetcher gets certificates, CRLs and OCSP answers. A body that is not nil is
// posted with its content type.
type Fetcher interface {
	Fetch(ctx context.Context, url, contentType string, body []byte) ([]byte, error)
}

// Bounds of HTTPFetcher. They are part of its contract.
const (
	FetchMaxBytes = 1 << 20         // an answer larger than this is refused
	FetchTimeout  = 5 * time.Second // for the whole exchange
)

var (
	// ErrFetchAddress: a URL or address that must not be asked.
	ErrFetchAddress = errors.New("pki: address is not allowed")
	// ErrFetchSize: an answer larger than FetchMaxBytes.
	ErrFetchSize = errors.New("pki: answer is too large")
	// ErrFetchStatus: a redirect or any other status than 200.
	ErrFetchStatus = errors.New("pki: server did not answer with the object")
)

// HTTPFetcher fetches over plain HTTP or HTTPS from public addresses only. The
// URLs come from certificates, that is from anyone: it follows no redirect and
// connects to no private, loopback, link-local or otherwise special address,
// which it checks on the address connected to, not on the name.
type HTTPFetcher struct {
	client *http.Client
}

// Dialer opens connections; *net.Dialer is one.
type Dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// Resolver looks names up; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// NewHTTPFetcher returns a fetcher that resolves and dials with what is given;
// nil takes a plain net.Dialer and net.DefaultResolver.
func NewHTTPFetcher(d Dialer, r Resolver) *HTTPFetcher {
	if d == nil {
		d = &net.Dialer{Timeout: FetchTimeout}
	}
	if r == nil {
		r = net.DefaultResolver
	}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		addrs, err := r.LookupNetIP(ctx, "ip", host)
		if err != nil {
			return nil, err
		}
		for _, a := range addrs { // one bad address spoils the name
			if !PublicAddress(a) {
				return nil, fmt.Errorf("%w: %s is %s", ErrFetchAddress, host, a)
			}
		}
		for _, a := range addrs {
			var conn net.Conn
			if conn, err = d.DialContext(ctx, network, net.JoinHostPort(a.Unmap().String(), port)); err == nil {
				return conn, nil
			}
		}
		if err == nil {
			err = fmt.Errorf("%w: %s has no address", ErrFetchAddress, host)
		}
		return nil, err
	}
	return &HTTPFetcher{client: &http.Client{
		Timeout: FetchTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
		Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true, Proxy: nil,
			ResponseHeaderTimeout: FetchTimeout, MaxResponseHeaderBytes: 64 << 10},
	}}
}

// special lists ranges beyond what netip names: shared address space, IETF
// protocol assignments, benchmarking, documentation, reserved, 6to4, NAT64,
// Teredo (RFC 6890 and its registry).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("::/96"),
}

// PublicAddress reports whether a is an address on the public Internet.
func PublicAddress(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// Fetch gets or posts. Errors are ErrFetchAddress, ErrFetchSize,
// ErrFetchStatus and those of net/http.
func (f *HTTPFetcher) Fetch(ctx context.Context, rawURL, contentType string, body []byte) ([]byte, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return nil, fmt.Errorf("%w: %q", ErrFetchAddress, rawURL)
	}
	if p := u.Port(); p != "" && p != "80" && p != "443" && p != "8080" {
		return nil, fmt.Errorf("%w: port %s", ErrFetchAddress, p)
	}
	method, reader := http.MethodGet, io.Reader(nil)
	if body != nil {
		method, reader = http.MethodPost, bytes.NewReader(body)
	}
	ctx, cancel := context.WithTimeout(ctx, FetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, rawURL, reader)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	res, err := f.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: %s", ErrFetchStatus, res.Status)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, FetchMaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > FetchMaxBytes {
		return nil, ErrFetchSize
	}
	return data, nil
}

// maxURLs bounds how many addresses of one certificate are tried for one
// purpose.
const maxURLs = 3

// get asks the fetcher, once for each URL within a validation.
func (v *validation) get(rawURL, contentType string, body []byte) ([]byte, error) {
	if v.fetches >= maxFetches {
		return nil, errors.New("too many fetches")
	}
	if !strings.HasPrefix(rawURL, "http://") && !strings.HasPrefix(rawURL, "https://") {
		return nil, fmt.Errorf("%w: %q", ErrFetchAddress, rawURL)
	}
	v.fetches++
	return v.o.Fetcher.Fetch(v.ctx, rawURL, contentType, body)
}

// fetchIssuers follows caIssuers (RFC 5280 §4.2.2.1); true if something new
// came.
func (v *validation) fetchIssuers(c *Certificate) bool {
	if v.o.Fetcher == nil {
		return false
	}
	before := v.fetched.Len()
	for _, u := range c.IssuerURLs[:min(len(c.IssuerURLs), maxURLs)] {
		if v.fetchedBy[u] {
			continue
		}
		v.fetchedBy[u] = true
		data, err := v.get(u, "", nil)
		if err != nil {
			continue
		}
		for _, cert := range ReadCertificates(data) {
			v.fetched.Add(cert)
		}
	}
	return v.fetched.Len() > before
}

// nonceSize is the length RFC 8954 §2.1 recommends at least.
const nonceSize = 32

// fetch asks the responders and distribution points that the certificate names.
func (q *query) fetch() {
	v, held := q.v, len(q.found)
	for _, u := range q.cert.OCSPServers[:min(len(q.cert.OCSPServers), maxURLs)] {
		nonce := make([]byte, nonceSize)
		random := v.o.Rand
		if random == nil {
			random = rand.Reader
		}
		if _, err := io.ReadFull(random, nonce); err != nil {
			break
		}
		req, err := OCSPRequest(q.cert, q.issuer, v.o.Suites, nonce)
		if err != nil {
			break
		}
		data, err := v.get(u, "application/ocsp-request", req)
		if err != nil {
			q.refuse("OCSP %s: %v", u, err)
			continue
		}
		r, err := ParseOCSP(data)
		if err != nil {
			q.refuse("OCSP %s: %v", u, err)
			continue
		}
		if r.Nonce != nil && !r.HasNonce(nonce) {
			q.refuse("OCSP %s: the nonce is another one", u)
			continue
		}
		if q.ocsp([]*OCSPResponse{r}, true); len(q.found) > held {
			return
		}
	}
	tried := 0
	for _, p := range q.cert.CRLDistribution {
		for _, n := range p.FullName {
			u, ok := n.URI()
			if !ok || tried == maxURLs {
				continue
			}
			tried++
			l, ok := v.lists[u]
			if !ok {
				data, err := v.get(u, "", nil)
				if err == nil {
					l, err = ParseCRL(unPEM(data))
				}
				if err != nil {
					q.refuse("CRL %s: %v", u, err)
					continue
				}
				v.lists[u] = l
			}
			if q.crls([]*CRL{l}, true); len(q.found) > held {
				return
			}
		}
	}
}

// HasNonce reports whether the response carries the nonce (RFC 8954 §2.1),
// wrapped in an OCTET STRING as it should be or bare as old responders do.
func (r *OCSPResponse) HasNonce(nonce []byte) bool {
	return bytes.Equal(r.Nonce, nonce) ||
		len(r.Nonce) == len(nonce)+2 && r.Nonce[0] == 4 && bytes.Equal(r.Nonce[2:], nonce)
}
