package cms_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/tsp"
)

var byteRange = regexp.MustCompile(`/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)`)

// TestSignaturesInPDF: the CMS in PDFs of other software, found by a plain
// search for ByteRange, are all intact; where one is not accepted, the reason
// is in this list.
func TestSignaturesInPDF(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(oracle.Corpus(t, "pdf-signatures", "files"), "*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	mismatch := 0
	signatures, tokens := 0, 0
	for _, f := range files {
		name := filepath.Base(f)
		pdf, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range byteRange.FindAllSubmatch(pdf, -1) {
			var n [4]int
			for i := range n {
				n[i], _ = strconv.Atoi(string(m[i+1]))
			}
			if n[0]+n[1] > n[2] || n[2]+n[3] > len(pdf) {
				continue
			}
			der, err := hex.DecodeString(string(bytes.Trim(pdf[n[1]:n[2]], "<> \r\n")))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			data := append(bytes.Clone(pdf[n[0]:n[0]+n[1]]), pdf[n[2]:n[2]+n[3]]...)
			sd, err := cms.Parse(der)
			if err != nil {
				if !strings.Contains(name, "proxied_objs") { // its first "signature" is a MAC
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			if sd.ContentType == cms.OIDTSTInfo {
				if _, err := tsp.Parse(der); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				tokens++
				continue
			}
			for _, si := range sd.SignerInfos {
				signatures++
				r := si.Verify(cms.VerifyOptions{Suites: suites, Content: data, Detached: true})
				if r.Integrity() != pki.OK || r.Signer == nil {
					t.Errorf("%s: %v", name, r.Checks)
				}
				if r.Status() != pki.OK {
					mismatch++
					if r.Check(cms.CheckAlgorithms) != pki.Unknown || !strings.Contains(name, "digest_mismatch") {
						t.Errorf("%s: %v", name, r.Checks)
					}
				}
				data[len(data)/2] ^= 1
				if r := si.Verify(cms.VerifyOptions{Suites: suites, Content: data, Detached: true}); r.Status() != pki.Failed {
					t.Errorf("%s: changed content: %v", name, r.Checks)
				}
				data[len(data)/2] ^= 1
				for _, ts := range si.SignatureTimestamps() {
					tok, err := tsp.Parse(ts)
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					tokens++
					res := tok.Verify(t.Context(), tsp.VerifyOptions{Message: si.Signature, Path: pki.PathOptions{Suites: suites, At: tok.Info.Time}})
					if res.Check(tsp.CheckImprint) != pki.OK || res.Check(cms.CheckValue) != pki.OK || (res.Check(tsp.CheckUsage) == pki.OK) == strings.Contains(name, "nonsense_key_usage") {
						t.Errorf("%s: %v", name, res.Checks)
					}
					if res.Status() == pki.OK {
						t.Errorf("%s: token trusted without anchors", name)
					}
				}
			}
		}
	}
	if signatures < 130 || tokens < 40 || mismatch != 3 {
		t.Errorf("%d signatures, %d tokens, %d with two digest algorithms", signatures, tokens, mismatch)
	}
}
