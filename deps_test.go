package vidimus_test

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/vidimus/vidimus"

// may says which of our packages each of our packages may import, directly or
// not. internal/… is written in short; a package that is not listed fails the
// test, so that a new one is placed on purpose.
var may = map[string]string{
	".":                      "",
	"qr":                     ". internal/gost/*",
	"verify":                 ". qr internal/pdf internal/pdf/diff internal/asn1x internal/cms internal/pki internal/pki/* internal/gost/* internal/text",
	"signer":                 ". qr internal/pdf internal/pdf/* internal/asn1x internal/cms internal/pki internal/pki/* internal/gost/* internal/text",
	"registry":               ". internal/text",
	"registry/registrytest":  ". registry internal/text",
	"internal/text":          "",
	"internal/oracle":        "",
	"internal/bounded":       "",
	"internal/pdf":           "",
	"internal/pdf/sfnt":      "",
	"internal/pdf/pdfa":      "internal/pdf internal/pdf/sfnt",
	"internal/asn1x":         "",
	"internal/cms":           "internal/asn1x internal/pki internal/gost/*",
	"internal/pki":           "internal/asn1x internal/gost/*",
	"internal/pki/tsp":       "internal/asn1x internal/cms internal/pki internal/gost/*",
	"internal/pki/pkitest":   "internal/asn1x internal/cms internal/pki internal/pki/* internal/gost/*",
	"internal/pki/subject":   ". internal/asn1x internal/pki internal/gost/*",
	"internal/pki/xmldsig":   "internal/asn1x internal/pki internal/pki/xmldsig/* internal/gost/*",
	"internal/pki/trustlist": "internal/asn1x internal/pki internal/pki/xmldsig internal/pki/xmldsig/* internal/gost/*",

	"internal/pki/xmldsig/c14n":       "",
	"internal/pki/xmldsig/xmltest":    "internal/asn1x internal/cms internal/pki internal/pki/* internal/gost/*",
	"internal/pki/trustlist/listtest": "internal/asn1x internal/pki internal/gost/*",

	"internal/pdf/diff":      "internal/pdf",
	"internal/gost/gosttest": "internal/gost/* internal/oracle",
	"internal/gost/streebog": "",
	"internal/gost/gost3410": "internal/gost/*",
	"internal/gost/gost3412": "internal/gost/*",
	"internal/gost/gost94":   "internal/gost/*",
	"internal/gost/gostpki":  "internal/asn1x internal/pki internal/gost/*",
	"internal/office":        "*",
	"internal/httpapi":       "*",
	"cmd/vidimus":            "*",
}

// only says which outside modules are the business of few packages.
var only = map[string]string{
	"database/sql":                 "registry registry/registrytest internal/office internal/httpapi cmd/vidimus",
	"github.com/mattn/go-sqlite3":  "registry registry/registrytest internal/office internal/httpapi cmd/vidimus",
	"github.com/go-chi/chi/v5":     "internal/httpapi cmd/vidimus",
	"github.com/spf13/cobra":       "cmd/vidimus",
	"github.com/digitorus/pdfsign": "",
	"github.com/skip2/go-qrcode":   "",
	"testing":                      "internal/oracle internal/bounded registry/registrytest internal/pki/pkitest internal/pki/xmldsig/xmltest internal/gost/gosttest",
}

func TestImportDirections(t *testing.T) {
	for _, pkg := range strings.Fields(goList(t, "-f", "{{.ImportPath}}", "./...")) {
		name := strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/")
		if name == "" {
			name = "."
		}
		if strings.HasPrefix(name, "examples/") {
			continue
		}
		allowed, listed := may[name]
		if !listed && !generator(pkg) {
			t.Errorf("package %s is not placed in the layout: add it to this test and to the README", name)
			continue
		}
		for _, dep := range strings.Fields(goList(t, "-deps", pkg)) {
			if where, restricted := only[dep]; restricted && !matches(where, name) {
				t.Errorf("%s must not import %s", name, dep)
			}
			short, ours := strings.CutPrefix(dep, module)
			if short = strings.TrimPrefix(short, "/"); short == "" {
				short = "."
			}
			if ours && short != name && !matches(allowed, short) && listed {
				t.Errorf("%s must not import %s", name, short)
			}
		}
	}
}

// The domain package must stay importable by anyone at no cost.
func TestDomainIsStdlibOnly(t *testing.T) {
	for _, dep := range strings.Fields(goList(t, "-deps", module)) {
		if first, _, _ := strings.Cut(dep, "/"); strings.Contains(first, ".") && dep != module {
			t.Errorf("package vidimus imports %s", dep)
		}
	}
}

// generator reports whether pkg is a program run by go generate: such stand in
// a folder gen… and outside the layout.
func generator(pkg string) bool { return strings.Contains(pkg, "/gen") }

func matches(patterns, name string) bool {
	for _, p := range strings.Fields(patterns) {
		if p == "*" || p == name {
			return true
		}
		if dir, ok := strings.CutSuffix(p, "/*"); ok && strings.HasPrefix(name, dir+"/") {
			return true
		}
	}
	return false
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v\n%s", args, err, stderr.String())
	}
	return string(out)
}
