package main

import (
	"encoding/hex"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/vidimus/vidimus/internal/gost/gosttest"
	"github.com/vidimus/vidimus/qr"
)

var byteRange = regexp.MustCompile(`/ByteRange *\[ *0 +(\d+) +(\d+) +(\d+) *\]`)

// extractSignature cuts a signature and what it covers out of a PDF file:
// extract FILE NUMBER SIGNATURE COVERED
func extractSignature(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: extract FILE NUMBER SIGNATURE COVERED")
	}
	doc := []byte(ts.ReadFile(args[0]))
	all := byteRange.FindAllSubmatch(doc, -1)
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	if n < 1 || n > len(all) {
		ts.Fatalf("%d signatures", len(all))
	}
	var r [3]int
	for i := range r {
		r[i], err = strconv.Atoi(string(all[n-1][i+1]))
		ts.Check(err)
	}
	sig, err := hex.DecodeString(string(doc[r[0]+1 : r[1]-1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), sig, 0o644))
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), append(doc[:r[0]:r[0]], doc[r[1]:r[1]+r[2]]...), 0o644))
}

// gostCMS lets OpenSSL with the gost engine check a detached signature:
// gostcms ROOT.pem SIGNATURE CONTENT
func gostCMS(t *testing.T) func(*testscript.TestScript, bool, []string) {
	if !gosttest.Installed() {
		return func(ts *testscript.TestScript, _ bool, _ []string) { ts.Fatalf("no gost engine") }
	}
	e := gosttest.Find(t)
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if len(args) != 3 {
			ts.Fatalf("usage: gostcms ROOT SIGNATURE CONTENT")
		}
		out, messages, err := e.Try(nil, "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", ts.MkAbs(args[1]),
			"-content", ts.MkAbs(args[2]), "-CAfile", ts.MkAbs(args[0]), "-out", filepath.Join(ts.Getenv("WORK"), "openssl.out"))
		if accepts := err == nil; accepts == neg {
			ts.Fatalf("openssl accepts: %t\n%s%s", accepts, out, messages)
		}
	}
}

// scanSeal reads the QR code from the picture of a page and checks its seal with
// the published keys: scanseal FILE KEYS.jwks ALGORITHM SIGNATURE-BYTES
func scanSeal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: scanseal FILE KEYS ALGORITHM BYTES")
	}
	picture := filepath.Join(ts.Getenv("WORK"), "page")
	ts.Check(ts.Exec("pdftoppm", "-png", "-r", "200", "-singlefile", ts.MkAbs(args[0]), picture))
	out, err := exec.Command("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture+".png").Output()
	ts.Check(err)
	url := strings.TrimSpace(string(out))
	token, err := qr.Parse(url)
	ts.Check(err)
	keys, err := qr.ParseJWKS([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	issued := token.Claims().Issued
	if r := token.Verify(keys, issued); r.Verdict() != qr.Passed {
		ts.Fatalf("seal: %s %s", r.Verdict(), r.Reason())
	}
	if got := token.Algorithm().String(); got != args[2] {
		ts.Fatalf("sealed with %q", got)
	}
	// The last element of the COSE_Sign1 is the signature: a CBOR byte string
	// with a length of one byte (RFC 8949 §3.1).
	n, ok := new(big.Int).SetString(url[strings.LastIndexByte(url, '/')+1:], 10)
	size, err := strconv.Atoi(args[3])
	ts.Check(err)
	if b := n.Bytes(); !ok || len(b) < size+2 || b[len(b)-size-2] != 0x58 || int(b[len(b)-size-1]) != size {
		ts.Fatalf("no signature of %d bytes at the end of %x", size, b)
	}
}
