package signer

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"time"
	"unicode/utf8"
)

// DevelopmentMark is the organisation (O) of every certificate that a
// development PKI issues, so that whoever displays subject or issuer displays
// it too. [IsDevelopment] looks for it.
const DevelopmentMark = "РАЗРАБОТКА / DEVELOPMENT – not for legal use"

const (
	devNameSuffix = " (DEVELOPMENT)"
	// maxCommonName is ub-common-name of RFC 5280 §A.1, in characters.
	maxCommonName = 64
)

// How long development certificates last. A root outlives its issuing CA, and
// that its signers, so that nothing expires early.
const (
	devRootYears    = 20
	devIssuingYears = 10
	devSignerYears  = 3
	devCRLDays      = 365 // offline checks need a CRL that stays fresh
)

// ErrName: a name for a certificate that is empty or too long.
var ErrName = errors.New("signer: bad name for a certificate")

// DevPKIOptions shapes a development PKI. The zero value is useful.
type DevPKIOptions struct {
	Key          KeyKind          // of all three; "" is [KeyP256]
	Organization string           // goes into the CA names; "" is "Vidimus"
	Signer       string           // common name of the signer; "" is "Document signer"
	CRLURL       string           // CRL distribution point of the signer's certificate; "" is none
	Now          func() time.Time // nil: time.Now
	Rand         io.Reader        // nil: crypto/rand.Reader; see [NewKey]
	Identity     IdentityOptions  // of the signer
}

// DevPKI is a certification authority for development and demonstration: a
// root, an issuing CA and a signer. Its certificates are proper in every
// respect but trust: nobody stands behind them, and they say so ([DevelopmentMark]).
type DevPKI struct {
	Root, Issuing *DevAuthority
	Signer        *Identity
}

// DevAuthority is a CA certificate with its key.
type DevAuthority struct {
	Certificate *x509.Certificate
	Key         crypto.Signer

	CRLURL string           // for the certificates it issues; "" is none
	Now    func() time.Time // nil: time.Now
	Rand   io.Reader        // for serial numbers; nil: crypto/rand.Reader
}

// NewDevPKI makes root, issuing CA and signer. Errors: [ErrName],
// [ErrUnsupportedKey], and those of the random source.
func NewDevPKI(opt DevPKIOptions) (*DevPKI, error) {
	org := opt.Organization
	if org == "" {
		org = "Vidimus"
	}
	root := &DevAuthority{Now: opt.Now, Rand: opt.Rand}
	if err := root.found(org+" Root CA", opt.Key, nil, devRootYears, 1); err != nil {
		return nil, err
	}
	issuing := &DevAuthority{Now: opt.Now, Rand: opt.Rand, CRLURL: opt.CRLURL}
	if err := issuing.found(org+" Issuing CA", opt.Key, root, devIssuingYears, 0); err != nil {
		return nil, err
	}
	pki := &DevPKI{Root: root, Issuing: issuing}
	name := opt.Signer
	if name == "" {
		name = "Document signer"
	}
	var err error
	pki.Signer, err = pki.NewSigner(name, opt.Key, opt.Identity)
	if err != nil {
		return nil, err
	}
	return pki, nil
}

// NewSigner makes a key and lets the issuing CA certify it under the name.
func (p *DevPKI) NewSigner(name string, kind KeyKind, opt IdentityOptions) (*Identity, error) {
	key, err := NewKey(kind, p.Issuing.Rand)
	if err != nil {
		return nil, err
	}
	cert, err := p.Issuing.Issue(name, key.Public(), time.Time{})
	if err != nil {
		return nil, err
	}
	if opt.Now == nil {
		opt.Now = p.Issuing.Now
	}
	return NewIdentity(key, []*x509.Certificate{cert, p.Issuing.Certificate, p.Root.Certificate}, opt)
}

// found makes the authority's own key and certificate; parent nil means self-signed.
func (a *DevAuthority) found(name string, kind KeyKind, parent *DevAuthority, years, pathLen int) error {
	var err error
	if a.Key, err = NewKey(kind, a.Rand); err != nil {
		return err
	}
	t, err := a.template(name, years)
	if err != nil {
		return err
	}
	t.IsCA, t.BasicConstraintsValid = true, true
	t.MaxPathLen, t.MaxPathLenZero = pathLen, pathLen == 0
	t.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	issuer, issuerKey := t, a.Key
	if parent != nil {
		issuer, issuerKey = parent.Certificate, parent.Key
	}
	a.Certificate, err = create(t, issuer, a.Key.Public(), issuerKey)
	return err
}

// Extended key usages of a document signer: id-kp-documentSigning (RFC 9336)
// says what it is for, emailProtection is what OpenSSL, NSS and the readers
// built on them look for in a signature on a document.
var oidDocumentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}

// Issue certifies a signer's public key under the name. notAfter zero means
// three years, but never longer than the CA itself.
func (a *DevAuthority) Issue(name string, pub crypto.PublicKey, notAfter time.Time) (*x509.Certificate, error) {
	t, err := a.template(name, devSignerYears)
	if err != nil {
		return nil, err
	}
	if !notAfter.IsZero() {
		t.NotAfter = notAfter.UTC().Truncate(time.Second)
	}
	if t.NotAfter.After(a.Certificate.NotAfter) {
		t.NotAfter = a.Certificate.NotAfter
	}
	t.BasicConstraintsValid = true
	t.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
	t.UnknownExtKeyUsage = []asn1.ObjectIdentifier{oidDocumentSigning}
	if a.CRLURL != "" {
		t.CRLDistributionPoints = []string{a.CRLURL}
	}
	return create(t, a.Certificate, pub, a.Key)
}

// CRL makes a certificate revocation list (RFC 5280 §5) with the given number,
// fresh for a year. number must grow from one list to the next; an empty list
// of revoked certificates is a valid answer: none is.
func (a *DevAuthority) CRL(number int64, revoked ...x509.RevocationListEntry) ([]byte, error) {
	now := a.now()
	list := &x509.RevocationList{
		Number:                    big.NewInt(number),
		ThisUpdate:                now,
		NextUpdate:                now.AddDate(0, 0, devCRLDays),
		RevokedCertificateEntries: revoked,
	}
	if isGOST(a.Key) {
		return createCRLGOST(list, a.Certificate, a.Key)
	}
	return x509.CreateRevocationList(nil, list, a.Certificate, a.Key)
}

func (a *DevAuthority) template(name string, years int) (*x509.Certificate, error) {
	cn := name + devNameSuffix
	if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(cn) > maxCommonName {
		return nil, fmt.Errorf("%w: %q (want 1 to %d characters)", ErrName, name,
			maxCommonName-utf8.RuneCountInString(devNameSuffix))
	}
	serial, err := a.serial()
	if err != nil {
		return nil, err
	}
	now := a.now()
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{Country: []string{"RU"}, Organization: []string{DevelopmentMark}, CommonName: cn},
		NotBefore:    now,
		NotAfter:     now.AddDate(years, 0, 0).Add(-time.Second),
	}, nil
}

// serialBytes: 127 random bits, more than the 64 that the CA/Browser Forum
// demands, within the 20 octets of RFC 5280 §4.1.2.2.
const serialBytes = 16

func (a *DevAuthority) serial() (*big.Int, error) {
	b := make([]byte, serialBytes)
	if _, err := io.ReadFull(randOr(a.Rand), b); err != nil {
		return nil, fmt.Errorf("signer: draw a serial number: %w", err)
	}
	b[0] = b[0]&0x7f | 0x40 // positive, and always the same length
	return new(big.Int).SetBytes(b), nil
}

func (a *DevAuthority) now() time.Time {
	now := time.Now
	if a.Now != nil {
		now = a.Now
	}
	return now().UTC().Truncate(time.Second)
}

func randOr(r io.Reader) io.Reader {
	if r == nil {
		return rand.Reader
	}
	return r
}

// create signs without randomness (RFC 6979 for ECDSA, alike for GOST), so that
// one source of randomness gives one PKI. crypto/x509 adds the AKI.
func create(t, issuer *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	var err error
	if t.SubjectKeyId, err = keyID(pub); err != nil {
		return nil, &KeyError{Key: fmt.Sprintf("%T", pub), Err: ErrUnsupportedKey}
	}
	var der []byte
	if isGOST(pub, key) {
		der, err = createGOST(t, issuer, pub, key)
	} else {
		der, err = x509.CreateCertificate(nil, t, issuer, pub, key)
	}
	if err != nil {
		return nil, fmt.Errorf("signer: certify %q: %w", t.Subject.CommonName, err)
	}
	return parseCertificate(der)
}

// keyID is method 1 of RFC 7093 §2: the first 160 bits of the SHA-256 over the
// BIT STRING of the public key.
func keyID(pub crypto.PublicKey) ([]byte, error) {
	der, err := marshalPublic(pub)
	if err != nil {
		return nil, err
	}
	var spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &spki); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(spki.Key.Bytes)
	return sum[:20], nil
}

// IsDevelopment reports whether a certificate comes from a development PKI:
// subject or issuer bears [DevelopmentMark]. Pages, reports and programs show
// the mark wherever such a certificate counts.
func IsDevelopment(c *x509.Certificate) bool {
	return c != nil && (slices.Contains(c.Subject.Organization, DevelopmentMark) ||
		slices.Contains(c.Issuer.Organization, DevelopmentMark))
}
