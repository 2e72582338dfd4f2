package pki

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// checkNameConstraints applies one authority's constraints to a certificate
// below it (RFC 5280 §6.1.3 (b), (c), §4.2.1.10). Excluding wins. A constraint
// on a form of name that is not understood here fails if the certificate has
// such a name, as the clause requires of a critical extension.
func checkNameConstraints(nc *NameConstraints, c *Certificate) error {
	if len(c.Subject) > 0 {
		if err := nc.check(GeneralName{nameDirectory, c.RawSubject}); err != nil {
			return err
		}
	}
	hasEmail := false
	for _, n := range c.SubjectAltName {
		hasEmail = hasEmail || n.ID == nameEmail
		if err := nc.check(n); err != nil {
			return err
		}
	}
	if hasEmail {
		return nil
	}
	// Without an e-mail address in subjectAltName the one in the subject is
	// constrained as if it were there.
	for _, a := range c.Subject {
		if a.OID == oidAttrEmail {
			if err := nc.check(GeneralName{nameEmail, []byte(a.Value)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (nc *NameConstraints) check(n GeneralName) error {
	for _, base := range nc.Excluded {
		if base.ID != n.ID {
			continue
		}
		in, err := within(n, base)
		if err != nil {
			return err
		}
		if in {
			return fmt.Errorf("name %s is in an excluded subtree", n.describe())
		}
	}
	constrained := false
	for _, base := range nc.Permitted {
		if base.ID != n.ID {
			continue
		}
		constrained = true
		in, err := within(n, base)
		if err != nil {
			return err
		}
		if in {
			return nil
		}
	}
	if constrained {
		return fmt.Errorf("name %s is in no permitted subtree", n.describe())
	}
	return nil
}

func (g GeneralName) describe() string {
	switch g.ID {
	case nameEmail, nameDNS, nameURI:
		return fmt.Sprintf("%q", g.Body)
	case nameDirectory:
		if n, err := ParseName(g.Body); err == nil {
			if name, ok := n.called(); ok {
				return fmt.Sprintf("%q", name)
			}
		}
	}
	return fmt.Sprintf("of form %#02x", g.ID)
}

// within reports whether name n lies in the subtree base of the same form.
func within(n, base GeneralName) (bool, error) {
	switch n.ID {
	case nameDirectory:
		return withinDirectory(n.Body, base.Body)
	case nameDNS:
		return withinDNS(strings.TrimSuffix(string(n.Body), "."), string(base.Body)), nil
	case nameEmail:
		return withinEmail(string(n.Body), string(base.Body))
	case nameURI:
		return withinURI(string(n.Body), string(base.Body))
	case nameIP:
		return withinIP(n.Body, base.Body)
	}
	return false, fmt.Errorf("constraint on a form of name that is not supported (%#02x)", n.ID)
}

// withinDirectory: the base's RDNs are the first of the name's.
func withinDirectory(name, base []byte) (bool, error) {
	n, ok1 := canonicalRDNs(name)
	b, ok2 := canonicalRDNs(base)
	if !ok1 || !ok2 {
		return false, fmt.Errorf("directory name can't be read")
	}
	return len(b) <= len(n) && slices.Equal(b, n[:len(b)]), nil
}

// withinDNS: zero or more labels added on the left; a leading dot, seen in
// practice, asks for at least one.
func withinDNS(host, base string) bool {
	host, base = strings.ToLower(host), strings.ToLower(base)
	if base == "" {
		return true
	}
	if strings.HasPrefix(base, ".") {
		return strings.HasSuffix(host, base)
	}
	return host == base || strings.HasSuffix(host, "."+base)
}

// withinHost is the rule for hosts in e-mail addresses and URIs: a host means
// that host, a leading dot means hosts below it.
func withinHost(host, base string) bool {
	host, base = strings.ToLower(host), strings.ToLower(base)
	if base == "" {
		return true
	}
	if strings.HasPrefix(base, ".") {
		return strings.HasSuffix(host, base) && len(host) > len(base)
	}
	return host == base
}

func withinEmail(addr, base string) (bool, error) {
	at := strings.LastIndexByte(addr, '@')
	if at < 0 {
		return false, fmt.Errorf("e-mail address without @")
	}
	if i := strings.LastIndexByte(base, '@'); i >= 0 {
		return addr[:at] == base[:i] && strings.EqualFold(addr[at+1:], base[i+1:]), nil
	}
	return withinHost(addr[at+1:], base), nil
}

func withinURI(uri, base string) (bool, error) {
	_, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return false, fmt.Errorf("URI without authority")
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	host := rest
	if !strings.HasPrefix(rest, "[") {
		host, _, _ = strings.Cut(rest, ":")
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || host == "" {
		return false, fmt.Errorf("URI constraint needs a host name")
	}
	return withinHost(host, base), nil
}

// withinIP: base is an address and a mask.
func withinIP(ip, base []byte) (bool, error) {
	if len(base) != 8 && len(base) != 32 {
		return false, fmt.Errorf("IP constraint of %d octets", len(base))
	}
	half := len(base) / 2
	if len(ip) != half {
		return false, nil
	}
	masked := make([]byte, half)
	want := make([]byte, half)
	for i := range ip {
		masked[i], want[i] = ip[i]&base[half+i], base[i]&base[half+i]
	}
	return bytes.Equal(masked, want), nil
}
