package signer

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"
	"unicode/utf16"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/gost/streebog"
)

// addPKCS12 reads a PKCS #12 file. go-pkcs12 knows the old encryptions, the code
// below GOST keys and their encryptions (RFC 9548), and certificates that
// crypto/x509 refuses.
func (c *contents) addPKCS12(file []byte, password string) error {
	key, cert, others, err := pkcs12.DecodeChain(file, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return ErrPassword
	case err != nil:
		return c.addPFX(file, password)
	}
	signer, err := asSigner(key)
	if err != nil {
		return err
	}
	c.keys = append(c.keys, signer)
	c.certs = append(c.certs, withKey(cert))
	for _, other := range others {
		c.certs = append(c.certs, withKey(other))
	}
	return nil
}

// Object identifiers of RFC 7292 App. D, RFC 5652 and of hashes.
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidEncryptedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}

	oidKeyBag          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1}
	oidShroudedKeyBag  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2}
	oidCertBag         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 3}
	oidX509Certificate = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 22, 1}

	oidStreebog256 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 2}
	oidStreebog512 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 3}
)

// pfx is PFX, RFC 7292 §4.
type pfx struct {
	Version  int
	AuthSafe contentInfo
	Mac      macData `asn1:"optional"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0,optional"`
}

type macData struct {
	Mac struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	Salt       []byte
	Iterations int `asn1:"optional,default:1"`
}

// maxSafes and maxBags bound a file's parts; files in use have two safes and up
// to ten bags.
const (
	maxSafes = 16
	maxBags  = 64
)

// addPFX reads keys and certificates of a PFX with password integrity.
func (c *contents) addPFX(file []byte, password string) error {
	der, rest, err := asn1x.ToDER(file)
	if err != nil || len(rest) > 0 {
		return fmt.Errorf("%w: neither PEM nor PKCS #12", ErrFormat)
	}
	var p pfx
	if rest, err := asn1.Unmarshal(der, &p); err != nil || len(rest) > 0 || p.Version != 3 {
		return fmt.Errorf("%w: neither PEM nor PKCS #12 of version 3", ErrFormat)
	}
	if p.AuthSafe.Type.Equal(oidSignedData) {
		return fmt.Errorf("%w: PKCS #12 with a signature in place of a password", ErrEncryption)
	}
	safe, err := octets(p.AuthSafe.Content)
	if err != nil || !p.AuthSafe.Type.Equal(oidData) {
		return fmt.Errorf("%w: PKCS #12: authSafe", ErrFormat)
	}
	if len(p.Mac.Mac.Digest) > 0 {
		if err := p.Mac.check(safe, password); err != nil {
			return err
		}
	}
	var safes []contentInfo
	if rest, err := asn1.Unmarshal(safe, &safes); err != nil || len(rest) > 0 || len(safes) > maxSafes {
		return fmt.Errorf("%w: PKCS #12: AuthenticatedSafe", ErrFormat)
	}
	for _, s := range safes {
		if err := c.addSafe(s, password); err != nil {
			return err
		}
	}
	return nil
}

func octets(v asn1.RawValue) (out []byte, err error) {
	rest, err := asn1.Unmarshal(v.Bytes, &out)
	if err == nil && len(rest) > 0 {
		err = errors.New("trailing data")
	}
	return out, err
}

func (c *contents) addSafe(s contentInfo, password string) error {
	switch {
	case s.Type.Equal(oidData):
		plain, err := octets(s.Content)
		if err != nil {
			return fmt.Errorf("%w: PKCS #12: safe: %v", ErrFormat, err)
		}
		return c.addBags(plain, password)
	case s.Type.Equal(oidEncryptedData):
		var e struct {
			Version int
			Info    struct {
				Type      asn1.ObjectIdentifier
				Algorithm pkix.AlgorithmIdentifier
				Content   []byte `asn1:"tag:0,optional"`
			}
		}
		if _, err := asn1.Unmarshal(s.Content.Bytes, &e); err != nil {
			return fmt.Errorf("%w: PKCS #12: encrypted safe: %v", ErrFormat, err)
		}
		plains, err := decryptPBES2(e.Info.Algorithm, password, e.Info.Content)
		if err != nil {
			return err
		}
		return c.addFirst(plains, func(c *contents, plain []byte) error { return c.addBags(plain, password) })
	}
	return fmt.Errorf("%w: PKCS #12: safe of type %s", ErrEncryption, schemeName(s.Type))
}

// addFirst takes the first of several decryptions that can be read. The others
// leave nothing behind. A wrong password gives none.
func (c *contents) addFirst(plains [][]byte, add func(*contents, []byte) error) error {
	var first error
	for _, plain := range plains {
		try := contents{}
		err := add(&try, plain)
		if err == nil {
			c.keys, c.certs = append(c.keys, try.keys...), append(c.certs, try.certs...)
			return nil
		}
		if !looksLikeDER(plain) {
			err = ErrPassword
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// addBags reads SafeContents. Bags of other kinds are passed over.
func (c *contents) addBags(plain []byte, password string) error {
	var bags []struct {
		ID         asn1.ObjectIdentifier
		Value      asn1.RawValue   `asn1:"explicit,tag:0"`
		Attributes []asn1.RawValue `asn1:"set,optional"`
	}
	if rest, err := asn1.Unmarshal(plain, &bags); err != nil || len(rest) > 0 || len(bags) > maxBags {
		return fmt.Errorf("%w: PKCS #12: SafeContents", ErrFormat)
	}
	for _, b := range bags {
		var err error
		switch der := b.Value.Bytes; {
		case b.ID.Equal(oidKeyBag):
			err = c.addPKCS8(der)
		case b.ID.Equal(oidShroudedKeyBag):
			if der, err = decryptPKCS8(der, password); err == nil {
				if err = c.addPKCS8(der); err != nil && !looksLikeDER(der) {
					err = ErrPassword
				}
			}
		case b.ID.Equal(oidCertBag):
			var bag struct {
				ID   asn1.ObjectIdentifier
				Data []byte `asn1:"explicit,tag:0"`
			}
			if _, err := asn1.Unmarshal(der, &bag); err != nil || !bag.ID.Equal(oidX509Certificate) {
				return fmt.Errorf("%w: PKCS #12: certificate bag", ErrFormat)
			}
			cert, err := parseCertificate(bag.Data)
			if err != nil {
				return fmt.Errorf("%w: certificate: %v", ErrFormat, err)
			}
			c.certs = append(c.certs, cert)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *contents) addPKCS8(der []byte) error {
	key, err := readKeyDER(der, parsePKCS8)
	if err == nil {
		c.keys = append(c.keys, key)
	}
	return err
}

// check is RFC 7292 §5.1, with GOST hashes RFC 9548 §3.
func (m *macData) check(content []byte, password string) error {
	oid := m.Mac.Algorithm.Algorithm
	var h func() hash.Hash
	limit, gost := maxIterations, false
	switch {
	case oid.Equal(asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}):
		h = sha1.New
	case oid.Equal(asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}):
		h = sha256.New
	case oid.Equal(asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}):
		h = sha512.New384
	case oid.Equal(asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}):
		h = sha512.New
	case oid.Equal(oidStreebog256):
		h, limit, gost = streebog.New256, maxGOSTIterations, true
	case oid.Equal(oidStreebog512):
		h, limit, gost = streebog.New512, maxGOSTIterations, true
	default:
		return fmt.Errorf("%w: integrity code %s", ErrEncryption, schemeName(oid))
	}
	if m.Iterations < 1 || m.Iterations > limit {
		return fmt.Errorf("%w: integrity code with %d iterations (at most %d)", ErrEncryption, m.Iterations, limit)
	}
	keys := [][]byte{pkcs12Key(h, password, m.Salt, m.Iterations)}
	if gost {
		// The last 32 of 96 bytes from PBKDF2 (RFC 9548 §3); software older than
		// this rule used the function of PKCS #12.
		const all, used = 96, 32
		derived, err := pbkdf2.Key(h, password, m.Salt, m.Iterations, all)
		if err != nil {
			return err
		}
		keys = append(keys, derived[all-used:])
	}
	for _, key := range keys {
		mac := hmac.New(h, key)
		mac.Write(content)
		if hmac.Equal(mac.Sum(nil), m.Mac.Digest) {
			return nil
		}
	}
	return ErrPassword
}

// pkcs12Key is RFC 7292 App. B.2 with the ID of integrity keys, 3. One round of
// its step 6 is enough: the key is as long as the hash.
func pkcs12Key(h func() hash.Hash, password string, salt []byte, iterations int) []byte {
	d := h()
	v := d.BlockSize()
	fill := func(b []byte) (out []byte) {
		for n := (len(b) + v - 1) / v * v; len(out) < n; {
			out = append(out, b[:min(len(b), n-len(out))]...)
		}
		return out
	}
	var bmp []byte
	for _, u := range append(utf16.Encode([]rune(password)), 0) {
		bmp = append(bmp, byte(u>>8), byte(u))
	}
	for range v {
		d.Write([]byte{3})
	}
	d.Write(fill(salt))
	d.Write(fill(bmp))
	a := d.Sum(nil)
	for range iterations - 1 {
		d.Reset()
		d.Write(a)
		a = d.Sum(a[:0])
	}
	return a
}
