package pki

import (
	"crypto/elliptic"
	"math/big"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// curveEntry is a named curve: one of the standard library's, or one computed
// here with math/big, which is enough for checking (nothing is secret).
type curveEntry struct {
	name string
	bits int
	std  elliptic.Curve
	own  func() *weierstrass
}

// namedCurve looks a curve up (RFC 5480 §2.1.1.1, RFC 5639 §4.1, SEC 2 §2.4).
func namedCurve(oid OID) (curveEntry, bool) {
	switch oid {
	case oidP256:
		return curveEntry{name: "P-256", bits: 256, std: elliptic.P256()}, true
	case oidP384:
		return curveEntry{name: "P-384", bits: 384, std: elliptic.P384()}, true
	case oidP521:
		return curveEntry{name: "P-521", bits: 521, std: elliptic.P521()}, true
	case oidP224:
		return curveEntry{name: "P-224", bits: 224, std: elliptic.P224()}, true
	case oidBrainpool256:
		return curveEntry{name: "brainpoolP256r1", bits: 256, own: brainpoolP256r1}, true
	case oidBrainpool384:
		return curveEntry{name: "brainpoolP384r1", bits: 384, own: brainpoolP384r1}, true
	case oidBrainpool512:
		return curveEntry{name: "brainpoolP512r1", bits: 512, own: brainpoolP512r1}, true
	case oidSecp256k1:
		return curveEntry{name: "secp256k1", bits: 256, own: secp256k1}, true
	}
	return curveEntry{}, false
}

var (
	oidP224         = asn1x.MustOID("1.3.132.0.33")
	oidP256         = asn1x.MustOID("1.2.840.10045.3.1.7")
	oidP384         = asn1x.MustOID("1.3.132.0.34")
	oidP521         = asn1x.MustOID("1.3.132.0.35")
	oidSecp256k1    = asn1x.MustOID("1.3.132.0.10")
	oidBrainpool256 = asn1x.MustOID("1.3.36.3.3.2.8.1.1.7")
	oidBrainpool384 = asn1x.MustOID("1.3.36.3.3.2.8.1.1.11")
	oidBrainpool512 = asn1x.MustOID("1.3.36.3.3.2.8.1.1.13")
)

// weierstrass is y² = x³ + ax + b over the prime field p, with a base point of
// prime order n and cofactor 1.
type weierstrass struct{ p, a, b, gx, gy, n *big.Int }

// weierstrassKey is a point of such a curve.
type weierstrassKey struct {
	c    *weierstrass
	x, y *big.Int
}

func hexInt(s string) *big.Int {
	n, ok := new(big.Int).SetString(s, 16)
	if !ok {
		panic("pki: curve constant " + s)
	}
	return n
}

// RFC 5639 §3.4.
func brainpoolP256r1() *weierstrass {
	return &weierstrass{
		p:  hexInt("A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377"),
		a:  hexInt("7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9"),
		b:  hexInt("26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6"),
		gx: hexInt("8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262"),
		gy: hexInt("547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997"),
		n:  hexInt("A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7"),
	}
}

// RFC 5639 §3.6.
func brainpoolP384r1() *weierstrass {
	return &weierstrass{
		p:  hexInt("8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53"),
		a:  hexInt("7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826"),
		b:  hexInt("04A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D57CB4390295DBC9943AB78696FA504C11"),
		gx: hexInt("1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8E826E03436D646AAEF87B2E247D4AF1E"),
		gy: hexInt("8ABE1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF99129280E4646217791811142820341263C5315"),
		n:  hexInt("8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565"),
	}
}

// RFC 5639 §3.7.
func brainpoolP512r1() *weierstrass {
	return &weierstrass{
		p:  hexInt("AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA703308717D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3"),
		a:  hexInt("7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CA"),
		b:  hexInt("3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CADC083E67984050B75EBAE5DD2809BD638016F723"),
		gx: hexInt("81AEE4BDD82ED9645A21322E9C4C6A9385ED9F70B5D916C1B43B62EEF4D0098EFF3B1F78E2D0D48D50D1687B93B97D5F7C6D5047406A5E688B352209BCB9F822"),
		gy: hexInt("7DDE385D566332ECC0EABFA9CF7822FDF209F70024A57B1AA000C55B881F8111B2DCDE494A5F485E5BCA4BD88A2763AED1CA2B2FA8F0540678CD1E0F3AD80892"),
		n:  hexInt("AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330870553E5C414CA92619418661197FAC10471DB1D381085DDADDB58796829CA90069"),
	}
}

// SEC 2 version 2 §2.4.1.
func secp256k1() *weierstrass {
	return &weierstrass{
		p:  hexInt("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F"),
		a:  big.NewInt(0),
		b:  big.NewInt(7),
		gx: hexInt("79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798"),
		gy: hexInt("483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8"),
		n:  hexInt("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141"),
	}
}
