package oracle

import (
	"os/exec"
	"strings"
	"testing"
)

// QRCode returns what zbarimg reads from the QR code in a picture. Only that
// kind of code is looked for: in the rows of a dense one zbarimg finds a bar code
// now and then, one page in some hundreds.
func QRCode(t testing.TB, picture string) string {
	t.Helper()
	// Its standard error grumbles about D-Bus.
	out, err := exec.Command(Need(t, "zbarimg"), "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture).Output()
	if err != nil {
		t.Errorf("zbarimg found nothing: %v", err)
	}
	return strings.TrimSuffix(string(out), "\n")
}
