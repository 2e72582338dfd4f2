package xmldsig_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/gost/gosttest"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/xmltest"
)

// No program at hand knows XML signatures with GOST; libxml2 for the canonical
// forms and the gost engine for digest and signature are one together.
func TestGOSTAgreesWithOthers(t *testing.T) {
	e := gosttest.Find(t)
	oracle.Need(t, "xmllint")
	for size, test := range map[int]struct {
		md string
		a  xmltest.Algorithms
	}{32: {"md_gost12_256", xmltest.GOST256}, 64: {"md_gost12_512", xmltest.GOST512}} {
		dir := t.TempDir()
		write := func(name string, data []byte) string {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		key := gostKey(t, size)
		der, err := gost3410.MarshalPKCS8PrivateKey(key.(*gost3410.PrivateKey))
		if err != nil {
			t.Fatal(err)
		}
		keyFile := write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
		pubFile := write("pub.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkitest.SPKI(t, key.Public())}))
		c14n := func(name, data string) string {
			return write(name+".c14n", []byte(oracle.Run(t, "xmllint", "--nonet", "--c14n", write(name, []byte(data)))))
		}
		plain := strings.NewReplacer("<!-- outside -->", "", "<!-- inside -->", "").Replace(doc) // xmllint keeps comments
		by := entity(t, key)
		signed := string(xmltest.Sign(t, plain, by, xmltest.Options{Algorithms: test.a}))

		between := func(from, to string) string {
			_, rest, _ := strings.Cut(signed, from)
			inner, _, ok := strings.Cut(rest, to)
			if !ok {
				t.Fatalf("no %s", from)
			}
			return inner
		}
		digest := e.OpenSSL(t, nil, "dgst", "-"+test.md, "-binary", c14n("doc.xml", plain))
		if got := between("<DigestValue>", "</DigestValue>"); got != base64.StdEncoding.EncodeToString(digest) {
			t.Errorf("%d: digest %s, the engine's is %x", size, got, digest)
		}
		// SignedInfo alone, with the namespaces of where it stands.
		info := `<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
			between("<SignedInfo>", "</SignedInfo>") + "</SignedInfo>"
		infoFile := c14n("info.xml", info)
		value, err := base64.StdEncoding.DecodeString(between("<SignatureValue>", "</SignatureValue>"))
		if err != nil {
			t.Fatal(err)
		}
		if out := e.OpenSSL(t, nil, "dgst", "-"+test.md, "-verify", pubFile, "-signature", write("sig", value), infoFile); !bytes.Contains(out, []byte("Verified OK")) {
			t.Errorf("%d: the engine says %s", size, out)
		}
		theirs := e.OpenSSL(t, nil, "dgst", "-"+test.md, "-sign", keyFile, infoFile)
		remade := strings.Replace(signed, base64.StdEncoding.EncodeToString(value), base64.StdEncoding.EncodeToString(theirs), 1)
		if r := verify(t, []byte(remade)); r.Status != pki.OK || remade == signed {
			t.Errorf("%d: the engine's signature: %v %s", size, r.Status, r.Reason)
		}
	}
}
