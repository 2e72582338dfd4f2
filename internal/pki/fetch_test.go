package pki_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// names resolves every name to one address.
type names struct{ addrs []netip.Addr }

func (n names) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return n.addrs, nil
}

// to dials one server whatever is asked and remembers what was asked.
type to struct {
	address string
	asked   *[]string
}

func (d to) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	*d.asked = append(*d.asked, address)
	return (&net.Dialer{}).DialContext(ctx, network, d.address)
}

func TestPublicAddress(t *testing.T) {
	for s, want := range map[string]bool{
		"8.8.8.8": true, "2a00:1450::1": true,
		"127.0.0.1": false, "10.0.0.1": false, "172.16.9.9": false, "192.168.1.1": false, "169.254.169.254": false, "0.0.0.0": false,
		"100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false, "203.0.113.9": false,
		"::1": false, "::": false, "fe80::1": false, "fc00::1": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "::7f00:1": false, "fe80::1%eth0": false, "2001:db8::1": false,
	} {
		if got := pki.PublicAddress(netip.MustParseAddr(s)); got != want {
			t.Errorf("%s: %t", s, got)
		}
	}
}

func TestFetcher(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(append([]byte(r.Method+" "+r.Header.Get("Content-Type")+" "), body...))
	})
	mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, pki.FetchMaxBytes+1)) })
	mux.HandleFunc("/full", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, pki.FetchMaxBytes)) })
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", http.StatusFound) })
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(10 * time.Second):
		}
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	var asked []string
	public := names{[]netip.Addr{netip.MustParseAddr("93.184.216.34")}}
	f := pki.NewHTTPFetcher(to{srv.Listener.Addr().String(), &asked}, public)
	ctx := context.Background()

	got, err := f.Fetch(ctx, "http://crl.example.org/ok", "application/ocsp-request", []byte("abc"))
	if err != nil || string(got) != "POST application/ocsp-request abc" || asked[0] != "93.184.216.34:80" {
		t.Errorf("%q %v %v", got, err, asked)
	}
	if got, err := f.Fetch(ctx, "http://crl.example.org/full", "", nil); err != nil || len(got) != pki.FetchMaxBytes {
		t.Errorf("%d %v", len(got), err)
	}
	for url, want := range map[string]error{
		"http://crl.example.org/big": pki.ErrFetchSize, "http://crl.example.org/away": pki.ErrFetchStatus, "http://crl.example.org/none": pki.ErrFetchStatus,
		"file:///etc/passwd": pki.ErrFetchAddress, "ldap://x/": pki.ErrFetchAddress, "http://u:p@x/": pki.ErrFetchAddress,
		"http://x:22/": pki.ErrFetchAddress, "http:///x": pki.ErrFetchAddress, "gopher://x": pki.ErrFetchAddress,
	} {
		if _, err := f.Fetch(ctx, url, "", nil); !errors.Is(err, want) {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, bad := range []names{
		{[]netip.Addr{netip.MustParseAddr("127.0.0.1")}},
		{[]netip.Addr{netip.MustParseAddr("93.184.216.34"), netip.MustParseAddr("10.1.1.1")}}, {},
	} {
		asked = nil
		f := pki.NewHTTPFetcher(to{srv.Listener.Addr().String(), &asked}, bad)
		if _, err := f.Fetch(ctx, "http://crl.example.org/ok", "", nil); !errors.Is(err, pki.ErrFetchAddress) || len(asked) > 0 {
			t.Errorf("%v: %v, dialled %v", bad, err, asked)
		}
	}
	// Without a resolver in between: a literal address in the URL.
	if _, err := pki.NewHTTPFetcher(nil, nil).Fetch(ctx, srv.URL+"/ok", "", nil); !errors.Is(err, pki.ErrFetchAddress) {
		t.Errorf("loopback URL: %v", err)
	}
	if testing.Short() {
		return
	}
	start := time.Now()
	if _, err := f.Fetch(ctx, "http://crl.example.org/slow", "", nil); err == nil || time.Since(start) > pki.FetchTimeout+2*time.Second {
		t.Errorf("slow: %v after %s", err, time.Since(start))
	}
}

// shelf is a Fetcher from a table.
type shelf struct {
	get   map[string][]byte
	post  func(url string, body []byte) []byte
	asked []string
}

func (s *shelf) Fetch(_ context.Context, url, _ string, body []byte) ([]byte, error) {
	s.asked = append(s.asked, url)
	if body != nil && s.post != nil {
		return s.post(url, body), nil
	}
	if b, ok := s.get[url]; ok {
		return b, nil
	}
	return nil, errors.New("not found")
}

// TestFetchedEvidence: issuers, CRLs and OCSP answers are fetched when they
// are missing, and only then.
func TestFetchedEvidence(t *testing.T) {
	root := pkitest.Issue(t, spec{Name: "Root", CA: true})
	ca := pkitest.Issue(t, spec{Name: "CA", CA: true, Issuer: root, Ext: []pkitest.Ext{pkitest.CRLDP("http://x.org/root.crl")}})
	leaf := pkitest.Issue(t, spec{Name: "Leaf", Issuer: ca, Ext: []pkitest.Ext{pkitest.AIA("http://x.org/ocsp", "http://x.org/ca.crt"), pkitest.CRLDP("http://x.org/ca.crl")}})
	rootCRL, caCRL := pkitest.CRL(t, pkitest.CRLSpec{Issuer: root}), pkitest.CRL(t, pkitest.CRLSpec{Issuer: ca})
	nonceExt := func(nonce []byte) []pkitest.Ext {
		return []pkitest.Ext{{OID: "1.3.6.1.5.5.7.48.1.2", Value: asn1x.TLV(asn1x.OctetString, nonce)}}
	}
	rand := bytes.Repeat([]byte{7}, 1000)
	answer := func(x []pkitest.Ext) func(string, []byte) []byte {
		return func(string, []byte) []byte {
			return pkitest.OCSPDER(t, pkitest.OCSPSpec{Cert: leaf, Issuer: ca, Ext: x})
		}
	}
	for name, c := range map[string]struct {
		shelf  *shelf
		want   pki.RevocationStatus
		source string
	}{
		"ocsp with nonce":   {&shelf{post: answer(nonceExt(rand[:32])), get: map[string][]byte{"http://x.org/ca.crt": ca.DER, "http://x.org/root.crl": rootCRL.Raw}}, good, "ocsp"},
		"ocsp, no nonce":    {&shelf{post: answer(nil), get: map[string][]byte{"http://x.org/ca.crt": ca.DER, "http://x.org/root.crl": rootCRL.Raw}}, good, "ocsp"},
		"ocsp, other nonce": {&shelf{post: answer(nonceExt([]byte("other"))), get: map[string][]byte{"http://x.org/ca.crt": ca.DER, "http://x.org/root.crl": rootCRL.Raw}}, nobody, ""},
		"crl": {&shelf{post: func(string, []byte) []byte { return []byte("garbage") },
			get: map[string][]byte{"http://x.org/ca.crt": ca.DER, "http://x.org/root.crl": rootCRL.Raw, "http://x.org/ca.crl": caCRL.Raw}}, good, "crl"},
		"nothing": {&shelf{get: map[string][]byte{"http://x.org/ca.crt": ca.DER}}, nobody, ""},
	} {
		o := pki.PathOptions{Suites: suites, Anchors: pki.NewPool(root.Cert), At: epoch, Now: epoch.AddDate(0, 0, 1), Fetcher: c.shelf, Rand: bytes.NewReader(rand)}
		r := pki.Validate(context.Background(), leaf.Cert, o)
		if r.Chain != trusted || r.Revocation != c.want {
			t.Errorf("%s: %s %s %s", name, r.Chain, r.Revocation, r.Reason)
			continue
		}
		if c.want == good && (r.Statuses[0].Source != c.source || !r.Statuses[0].Fetched) {
			t.Errorf("%s: %+v", name, r.Statuses[0])
		}
	}
	s := &shelf{}
	o := pki.PathOptions{Suites: suites, Anchors: pki.NewPool(root.Cert), Intermediates: pki.NewPool(ca.Cert), At: epoch, Fetcher: s, CRLs: []*pki.CRL{rootCRL, caCRL}}
	if r := pki.Validate(context.Background(), leaf.Cert, o); !r.Valid() || len(s.asked) > 0 {
		t.Errorf("asked %v though all was there (%s)", s.asked, r.Reason)
	}
	// An embedded list that does not count is no reason not to ask.
	s = &shelf{get: map[string][]byte{"http://x.org/ca.crl": pkitest.CRL(t, pkitest.CRLSpec{Issuer: ca, Revoked: []pkitest.Revoked{{Serial: leaf.Cert.Serial, At: epoch.Add(-time.Hour)}}}).Raw}}
	o.Fetcher, o.CRLs = s, []*pki.CRL{rootCRL, pkitest.CRL(t, pkitest.CRLSpec{Issuer: ca, ThisUpdate: epoch.AddDate(0, -1, 0)})}
	if r := pki.Validate(context.Background(), leaf.Cert, o); r.Revocation != revoked {
		t.Errorf("stale empty list suppressed the check: %s %s", r.Revocation, r.Reason)
	}
	// Nor is one that counts and is old; it does if nothing newer can be had.
	old := pkitest.CRL(t, pkitest.CRLSpec{Issuer: ca, ThisUpdate: epoch.AddDate(0, 0, -3), NextUpdate: epoch.AddDate(0, 1, 0)})
	o.CRLs = []*pki.CRL{rootCRL, old}
	if r := pki.Validate(context.Background(), leaf.Cert, o); r.Revocation != revoked {
		t.Errorf("old list suppressed the check: %s %s", r.Revocation, r.Reason)
	}
	o.Fetcher = &shelf{}
	if r := pki.Validate(context.Background(), leaf.Cert, o); r.Revocation != good || r.Statuses[0].Fetched {
		t.Errorf("old list when nothing newer can be had: %s %s", r.Revocation, r.Reason)
	}
}
