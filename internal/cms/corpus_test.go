package cms_test

import (
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/tsp"
)

// TestForeignFiles: every CMS and token of another implementation can be read;
// with algorithms that are not in the table the value is unknown, never good.
func TestForeignFiles(t *testing.T) {
	root := oracle.Corpus(t, "gost", "samples")
	count := map[string]int{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, ext := strings.TrimPrefix(path, root), filepath.Ext(path)
		switch {
		case strings.Contains(name, "truncated"):
			if _, err := cms.Parse(data); err == nil {
				t.Errorf("%s: read although truncated", name)
			}
			return nil
		case ext == ".tst", ext == ".tsr":
			tok, err := tsp.Parse(data)
			if ext == ".tsr" {
				tok, err = tsp.ParseResponse(data)
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return nil
			}
			if tok.Info.Time.IsZero() || len(tok.Info.Imprint) == 0 {
				t.Errorf("%s: empty", name)
			}
		case ext == ".b64" || ext == ".b64line":
			if data, err = base64.StdEncoding.DecodeString(strings.TrimSpace(string(data))); err != nil {
				t.Fatal(err)
			}
			check(t, name, data)
		case ext == ".pem" && !strings.HasPrefix(name, "/ca"), ext == ".p7pem":
			b, _ := pem.Decode(data)
			check(t, name, b.Bytes)
		case ext == ".sig" && !strings.Contains(name, "raw"), ext == ".p7s", ext == ".cms":
			if len(data) > 200 {
				check(t, name, data)
			} else {
				return nil
			}
		default:
			return nil
		}
		count[ext]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(count)
	if count[".sig"] < 20 || count[".tst"] != 4 || count[".p7s"] != 3 {
		t.Errorf("too little found: %v", count)
	}
}

func check(t *testing.T, name string, der []byte) {
	t.Helper()
	sd, err := cms.Parse(der)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if len(sd.SignerInfos) == 0 || len(sd.Warnings) > 0 {
		t.Errorf("%s: %d signers, %v", name, len(sd.SignerInfos), sd.Warnings)
	}
	for _, si := range sd.SignerInfos {
		r := si.Verify(cms.VerifyOptions{Suites: suites, Content: []byte("x")})
		if r.Status() == pki.OK || r.Check(cms.CheckValue) != pki.Unknown {
			t.Errorf("%s: %v", name, r.Checks)
		}
	}
}
