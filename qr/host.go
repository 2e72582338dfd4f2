package qr

import (
	"strconv"
	"strings"
)

const (
	// MaxHost bounds the host with its port, in bytes, so that a token with a
	// 64-byte signature and the largest claims still fits [MaxVersion].
	MaxHost = 80

	maxLabel = 63 // RFC 1035 §2.3.4
)

// NormalizeHost returns the one form of a host that tokens are bound to: lower
// case, no final dot, no port 443. An internationalised name must be given in
// its xn-- form, an IPv6 address can't be used. Anything else is [ErrHost].
func NormalizeHost(host string) (string, error) {
	bad := func(detail string) (string, error) { return "", &FormatError{ErrHost, detail} }
	if host == "" || len(host) > MaxHost {
		return bad("1 to " + strconv.Itoa(MaxHost) + " characters wanted")
	}
	name, port, hasPort := strings.Cut(lowerASCII(host), ":")
	name = strings.TrimSuffix(name, ".")
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return bad("label " + strconv.Quote(label))
		}
		for i := range len(label) {
			if c := label[i]; c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return bad("byte 0x" + strconv.FormatUint(uint64(c), 16))
			}
		}
	}
	if !hasPort {
		return name, nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != port {
		return bad("port " + strconv.Quote(port))
	}
	if n == 443 {
		return name, nil
	}
	return name + ":" + port, nil
}

// lowerASCII leaves other letters as they are, for NormalizeHost to refuse:
// strings.ToLower would turn the Kelvin sign into a k.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
