package signer

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/gost/gost3412"
)

// Object identifiers of RFC 9337 §7 and RFC 4357 §10, and those of parameter
// sets of GOST 28147-89.
var (
	oidHMACStreebog256 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 4, 1}
	oidHMACStreebog512 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 4, 2}
	oidMagmaCTR        = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 5, 1, 1}
	oidMagmaOMAC       = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 5, 1, 2}
	oidKuznyechikCTR   = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 5, 2, 1}
	oidKuznyechikOMAC  = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 5, 2, 2}
	oid28147           = asn1.ObjectIdentifier{1, 2, 643, 2, 2, 21}
	oidParamsZ         = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 5, 1, 1}
	oidParamsCPA       = asn1.ObjectIdentifier{1, 2, 643, 2, 2, 31, 1}
)

// maxGOSTIterations bounds PBKDF2 with Streebog, several times slower than SHA-2;
// key files in use ask for 2,000. These take about two seconds.
const maxGOSTIterations = 200_000

// opener decrypts with a key. Of several results the first that makes sense is
// the right one.
type opener func(key, data []byte) ([][]byte, error)

// gostCipher returns how to decrypt with a GOST cipher, nil for other ciphers.
func gostCipher(alg pkix.AlgorithmIdentifier) (opener, error) {
	switch oid := alg.Algorithm; {
	case oid.Equal(oidMagmaCTR):
		return openACPKM(gost3412.Magma(), alg, false)
	case oid.Equal(oidMagmaOMAC):
		return openACPKM(gost3412.Magma(), alg, true)
	case oid.Equal(oidKuznyechikCTR):
		return openACPKM(gost3412.Kuznyechik(), alg, false)
	case oid.Equal(oidKuznyechikOMAC):
		return openACPKM(gost3412.Kuznyechik(), alg, true)
	case oid.Equal(oid28147):
		return open28147(alg)
	}
	return nil, nil
}

// openACPKM reads Gost3412-15-Encryption-Parameters (RFC 9337 §7.3), or the bare
// OCTET STRING that OpenSSL's gost engine writes in their place.
func openACPKM(c gost3412.Cipher, alg pkix.AlgorithmIdentifier, withMAC bool) (opener, error) {
	var params struct{ UKM []byte }
	if err := unmarshalParams(alg, &params); err != nil {
		if err := unmarshalParams(alg, &params.UKM); err != nil {
			return nil, err
		}
	}
	if len(params.UKM) != c.UKMSize() {
		return nil, fmt.Errorf("%w: UKM of %d bytes for %s", ErrFormat, len(params.UKM), c)
	}
	if withMAC {
		return func(key, data []byte) ([][]byte, error) {
			plain, err := gost3412.OpenCTROMAC(c, key, params.UKM, data)
			if errors.Is(err, gost3412.ErrMAC) {
				return nil, ErrPassword
			}
			return [][]byte{plain}, gostError(err)
		}, nil
	}
	return func(key, data []byte) ([][]byte, error) {
		var plains [][]byte
		for _, section := range []int{c.Section(), c.EngineSection()} {
			plain, err := gost3412.OpenCTR(c, section, key, params.UKM, data)
			if err != nil {
				return nil, gostError(err)
			}
			plains = append(plains, plain)
			if len(data) <= c.EngineSection() {
				break // the section does not matter
			}
		}
		return plains, nil
	}, nil
}

// open28147 reads Gost28147-89-Parameters (RFC 4357 §10.1).
func open28147(alg pkix.AlgorithmIdentifier) (opener, error) {
	var params struct {
		IV  []byte
		Set asn1.ObjectIdentifier
	}
	if err := unmarshalParams(alg, &params); err != nil {
		return nil, err
	}
	var set gost3412.Params
	switch {
	case params.Set.Equal(oidParamsZ):
		set = gost3412.ParamsZ()
	case params.Set.Equal(oidParamsCPA):
		set = gost3412.ParamsCryptoProA()
	default:
		return nil, fmt.Errorf("%w: GOST 28147-89 with parameters %v", ErrEncryption, params.Set)
	}
	return func(key, data []byte) ([][]byte, error) {
		plain, err := gost3412.Open28147(set, key, params.IV, data)
		return [][]byte{plain}, gostError(err)
	}, nil
}

func gostError(err error) error {
	if err != nil {
		return fmt.Errorf("%w: %v", ErrFormat, err)
	}
	return nil
}
