package verify_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	pdfsign "github.com/digitorus/pdfsign/verify"

	"github.com/vidimus/vidimus/internal/oracle"
)

// ask runs a program and says how it ended: nobody is to hang or crash unseen.
func ask(program string, args ...string) (out, end string) {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "HOME="+os.TempDir(), "TZ=UTC")
	timer := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	b, err := cmd.CombinedOutput()
	switch {
	case err == nil:
	case cmd.ProcessState != nil && cmd.ProcessState.Exited():
		end = "refused"
	default:
		end = "crashed"
	}
	return string(b), end
}

// runs writes equal answers in a row once, with their number.
func runs(answers []string) string {
	var out []string
	for i := 0; i < len(answers); {
		n := 1
		for i+n < len(answers) && answers[i+n] == answers[i] {
			n++
		}
		if a := answers[i]; n > 1 {
			out = append(out, fmt.Sprintf("%s ×%d", a, n))
		} else {
			out = append(out, a)
		}
		i += n
	}
	return strings.Join(out, ", ")
}

func orNone(answers []string) string {
	if len(answers) == 0 {
		return "no signature"
	}
	return runs(answers)
}

func pdfsigSays(path string, _ []byte) string {
	out, end := ask("pdfsig", "-nocert", path)
	if end == "crashed" {
		return end
	}
	var answers []string
	for _, part := range strings.Split(out, "\nSignature #")[1:] {
		_, status, ok := strings.Cut(part, "Signature Validation: ")
		if !ok {
			continue // an empty field
		}
		status, _, _ = strings.Cut(status, "\n")
		a := map[string]string{"Signature is Valid.": "valid", "Signature is Invalid.": "invalid", "Digest Mismatch.": "mismatch",
			"Document isn't signed or corrupted data.": "corrupted", "Signature has not yet been verified.": "unsupported"}[status]
		if a == "" { // "Unknown Validation Failure."
			a = "error"
		}
		if a == "valid" {
			if strings.Contains(part, "- Total document signed") {
				a += "/total"
			} else {
				a += "/part"
			}
		}
		answers = append(answers, a)
	}
	if len(answers) == 0 && end != "" {
		return end
	}
	return orNone(answers)
}

func mutoolSays(path string, _ []byte) string {
	out, end := ask("mutool", "sign", "-v", path)
	if end == "crashed" {
		return end
	}
	var answers []string
	for _, part := range strings.Split(out, "Verifying signature ")[1:] {
		switch {
		case strings.Contains(part, "Signature is not signed."):
		case strings.Contains(part, "Digest error: Signature invalidated by change"):
			answers = append(answers, "mismatch")
		case strings.Contains(part, "Digest error:"), strings.Contains(part, "Verification error:"), strings.Contains(part, "information missing"):
			answers = append(answers, "error")
		case strings.Contains(part, "The document is unchanged since signing."):
			answers = append(answers, "unchanged")
		case strings.Contains(part, "there have been edits since signing."):
			answers = append(answers, "edited")
		default:
			answers = append(answers, "says nothing")
		}
	}
	if len(answers) == 0 && end != "" {
		return end
	}
	return orNone(answers)
}

func pdfsignSays(_ string, data []byte) (answer string) {
	defer func() {
		if recover() != nil {
			answer = "crashed"
		}
	}()
	//lint:ignore SA1019 the plain way in
	r, err := pdfsign.Verify(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "refused"
	}
	var answers []string
	for _, s := range r.Signers {
		if s.ValidSignature {
			answers = append(answers, "valid")
		} else {
			answers = append(answers, "invalid")
		}
	}
	return orNone(answers)
}

var anyByteRange = regexp.MustCompile(`/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]`)

// opensslSays does what a script would: whatever lies in the gap of each
// ByteRange is given to openssl cms with whatever lies around it. It says "-"
// of a gap without a CMS, and of a time-stamp token, for which openssl has
// another command.
func opensslSays(path string, data []byte) string {
	var answers []string
	for i, m := range anyByteRange.FindAllSubmatch(data, -1) {
		var n [4]int
		for k := range n {
			n[k], _ = strconv.Atoi(string(m[k+1]))
		}
		if n[0] < 0 || n[0]+n[1] >= n[2] || n[2] > len(data) || n[2]+n[3] > len(data) || n[0]+n[1] > len(data) {
			answers = append(answers, "-")
			continue
		}
		gap := bytes.Trim(data[n[0]+n[1]:n[2]], "<> \r\n")
		der, err := hex.DecodeString(string(gap[:len(gap)&^1]))
		if err != nil || len(der) == 0 || bytes.Contains(der[:min(len(der), 80)], []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4}) {
			answers = append(answers, "-")
			continue
		}
		base := fmt.Sprintf("%s.%d", path, i)
		signed := append(bytes.Clone(data[n[0]:n[0]+n[1]]), data[n[2]:n[2]+n[3]]...)
		if os.WriteFile(base+".der", der, 0o600) != nil || os.WriteFile(base+".data", signed, 0o600) != nil {
			return "no room"
		}
		_, end := ask("openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", base+".der", "-content", base+".data", "-out", os.DevNull)
		if end == "" {
			end = "ok"
		}
		answers = append(answers, end)
	}
	answers = slices.DeleteFunc(answers, func(a string) bool { return a == "-" })
	if len(answers) == 0 {
		return "-"
	}
	return runs(answers)
}

func programVersion(program, flag string) func(t *testing.T) string {
	return func(t *testing.T) string {
		oracle.Need(t, program)
		out, _ := ask(program, flag)
		return regexp.MustCompile(`\d+(\.\d+)+`).FindString(out)
	}
}

func moduleVersion(path string) func(t *testing.T) string {
	return func(t *testing.T) string {
		info, _ := debug.ReadBuildInfo()
		for _, m := range info.Deps {
			if m.Path == path {
				return m.Version
			}
		}
		// Test binaries have no list of modules in some versions of Go.
		mod, err := os.ReadFile(filepath.Join(oracle.Root(t), "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile(regexp.QuoteMeta(path) + ` (v\S+)`).FindSubmatch(mod); m != nil {
			return string(m[1])
		}
		t.Fatalf("%s is not in go.mod", path)
		return ""
	}
}
