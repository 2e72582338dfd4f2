package signer

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
)

// keyParseError names the algorithm of a PKCS #8 key that crypto/x509 does not
// know, so that the user reads "unsupported" and not "damaged".
func keyParseError(der []byte, err error) error {
	var info struct {
		Version   int
		Algorithm pkix.AlgorithmIdentifier
		Key       []byte
		Rest      asn1.RawValue `asn1:"optional,tag:0"`
	}
	if _, e := asn1.Unmarshal(der, &info); e != nil {
		return fmt.Errorf("%w: private key: %v", ErrFormat, err)
	}
	oid := info.Algorithm.Algorithm.String()
	name, known := keyNames[oid]
	switch {
	case name == "":
		name = "algorithm " + oid
	case known && readByX509[oid]:
		return fmt.Errorf("%w: %s private key: %v", ErrFormat, name, err)
	}
	return &KeyError{Key: name, Err: ErrUnsupportedKey}
}

// keyNames are the key algorithms a user may try, readByX509 those of them
// that the standard library reads, so that a failure means damage.
var (
	keyNames = map[string]string{
		"1.2.840.113549.1.1.1":  "RSA",
		"1.2.840.10045.2.1":     "ECDSA",
		"1.3.101.112":           "Ed25519",
		"1.3.101.110":           "X25519",
		"1.3.101.113":           "Ed448",
		"1.2.840.113549.1.1.10": "RSASSA-PSS only",
		"1.2.840.10040.4.1":     "DSA",
		"1.2.643.2.2.19":        "GOST R 34.10-2001",
		"1.2.643.7.1.1.1.1":     "GOST R 34.10-2012, 256 bit",
		"1.2.643.7.1.1.1.2":     "GOST R 34.10-2012, 512 bit",
	}
	readByX509 = map[string]bool{
		"1.2.840.113549.1.1.1": true, "1.3.101.112": true, "1.3.101.110": true,
	}
)

// schemeName names an algorithm of a key file, so that the user can look for
// another way to export it.
func schemeName(oid asn1.ObjectIdentifier) string {
	if name := schemeNames[oid.String()]; name != "" {
		return name + " (" + oid.String() + ")"
	}
	return oid.String()
}

// schemeNames are encryptions, integrity codes and hashes that are met and not
// read here.
var schemeNames = map[string]string{
	"1.2.840.113549.1.12.1.80": "CryptoPro's own; export the key with PBES2 (RFC 9548) instead",
	"1.2.840.113549.1.12.1.1":  "PBE with SHA-1 and RC4-128",
	"1.2.840.113549.1.12.1.3":  "PBE with SHA-1 and Triple DES",
	"1.2.840.113549.1.12.1.6":  "PBE with SHA-1 and RC2-40",
	"1.2.840.113549.1.5.14":    "PBMAC1",
	"1.2.840.113549.3.7":       "Triple DES",
	"1.2.643.2.2.9":            "GOST R 34.11-94",
	"1.2.643.2.2.10":           "HMAC with GOST R 34.11-94",
	"1.2.643.2.2.30.1":         "GOST R 34.11-94",
}
