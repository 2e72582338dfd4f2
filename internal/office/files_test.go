package office

import (
	"os"
	"testing"

	"github.com/vidimus/vidimus/signer"
)

func keyKind(s string) signer.KeyKind { return signer.KeyKind(s) }

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
