package pdf

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
)

// richFile is a file with every kind of object, for other programs to rewrite.
func richFile() []byte {
	b := newBuilder()
	b.obj(1, "<< /Type /Catalog /Pages 2 0 R /Metadata 8 0 R /Odd 5 0 R /Streams [6 0 R 7 0 R 9 0 R 10 0 R] >>")
	b.obj(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	b.obj(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>")
	b.stream(4, "", []byte("BT /F1 12 Tf (text) Tj ET"))
	b.obj(5, `<< /Null null /T true /F false /I -17 /R [0.5 -3.25 7.0 1234567.125] /S (a\(b\)\\\n\101\
c(nested)) /Hex <48 65 6c6C 6f7> /Empty () /Name /A#20B#2fC /D << /Deep [[[<< /X 5 0 R >>]]] >>
		/Sig << /Type /Sig /Contents <0011223344> /ByteRange [0 1 2 3] /Reason (because) >> >>`)
	b.stream(6, "/Filter /FlateDecode", deflate([]byte(strings.Repeat("flate ", 1000))))
	b.stream(7, "/Filter [/ASCIIHexDecode /FlateDecode]", fmt.Appendf(nil, "%x>", deflate([]byte("twice"))))
	b.stream(8, "/Type /Metadata /Subtype /XML", []byte("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x/><?xpacket end='w'?>"))
	b.stream(9, "/Type /EmbeddedFile", []byte("file"))
	// Lengths around the size of the decryption buffer, in data that do not
	// get shorter when they are deflated.
	rng := rand.New(rand.NewPCG(5, 6))
	var refs strings.Builder
	for i, n := range []int{4047, 4051, 4055, 4059, 4063, 4067, 4071, 4075, 4079, 4083, 4087, 8160, 20_000} {
		noise := make([]byte, n)
		for j := range noise {
			noise[j] = byte(rng.Uint32())
		}
		b.stream(20+i, "", noise)
		fmt.Fprintf(&refs, "%d 0 R ", 20+i)
	}
	b.obj(10, "["+refs.String()+"]")
	return b.table("/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]").Bytes()
}

// TestQPDFVariants lets qpdf rewrite one file in every way it knows and
// compares the two programs' readings of each.
func TestQPDFVariants(t *testing.T) {
	oracle.Need(t, "qpdf")
	dir := t.TempDir()
	base := filepath.Join(dir, "base.pdf")
	if err := os.WriteFile(base, richFile(), 0o600); err != nil {
		t.Fatal(err)
	}
	layouts := []string{"--object-streams=disable", "--object-streams=generate", "--linearize", "--linearize --object-streams=generate",
		"--object-streams=generate --compress-streams=n"}
	ciphers := []struct{ args, user, owner string }{
		{"", "", ""},
		{"--allow-weak-crypto --encrypt user owner 40 --", "user", "owner"},
		{"--allow-weak-crypto --encrypt user owner 128 --use-aes=n --", "user", "owner"},
		{"--allow-weak-crypto --encrypt user owner 128 --force-V4 --use-aes=n --", "user", "owner"},
		{"--allow-weak-crypto --encrypt user owner 128 --use-aes=y --", "user", "owner"},
		{"--allow-weak-crypto --encrypt user owner 128 --cleartext-metadata --use-aes=y --", "user", "owner"},
		{"--allow-weak-crypto --encrypt user owner 256 --force-R5 --", "user", "owner"},
		{"--encrypt пользователь владелец 256 --", "пользователь", "владелец"},
		{"--encrypt user owner 256 --cleartext-metadata --", "user", "owner"},
		{"--encrypt  owner 256 --", "", "owner"},
	}
	for n, layout := range layouts {
		for i, c := range ciphers {
			if n > 0 && i%4 != 0 { // every cipher with one layout, some with all
				continue
			}
			t.Run(layout+" "+c.args, func(t *testing.T) {
				path := filepath.Join(dir, fmt.Sprintf("%d.pdf", i))
				args := append(strings.Fields(layout), strings.Split(c.args, " ")...)
				if c.args == "" {
					args = strings.Fields(layout)
				}
				oracle.Run(t, "qpdf", append(args, base, path)...)
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				for _, pw := range []string{c.user, c.owner} {
					d := mustOpen(t, b, &Options{Password: pw})
					if n := compareQPDF(t, d, path, pw); n < 8 {
						t.Errorf("%d objects compared", n)
					}
					if len(d.Revisions()) != 1 {
						t.Errorf("%d revisions, want 1", len(d.Revisions()))
					}
					if r := d.Last(); r.Start != 0 || r.End != int64(len(b)) || r.Linearized != strings.Contains(layout, "--linearize") {
						t.Errorf("revision [%d,%d) linearized %v of %d bytes", r.Start, r.End, r.Linearized, len(b))
					}
					if w := d.Warnings(); len(w) != 0 {
						t.Errorf("warnings: %v", w)
					}
				}
				if c.user == "" {
					return
				}
				if _, err := openBytes(b, &Options{Password: "wrong"}); !errors.Is(err, ErrPassword) {
					t.Errorf("wrong password: %v", err)
				}
				locked(t, b)
			})
		}
	}
}

// locked opens an encrypted file without its password.
func locked(t *testing.T, b []byte) {
	t.Helper()
	d := mustOpen(t, b, &Options{AllowLocked: true})
	if !errors.Is(d.Locked(), ErrPassword) {
		t.Errorf("Locked: %v", d.Locked())
	}
	streams := 0
	refs, err := d.Last().Changed()
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range refs {
		o, err := d.Last().Get(ref)
		if err != nil && !errors.Is(err, ErrPassword) {
			t.Errorf("%v: %v", ref, err)
		}
		s, ok := o.(*Stream)
		if typ := Name(""); ok {
			if typ, _ = s.Dict.Get("Type").(Name); typ == "XRef" {
				continue
			}
			streams++
			if _, err := s.Decode(0); !errors.Is(err, ErrPassword) {
				t.Errorf("%v decoded although locked: %v", ref, err)
			}
		}
	}
	if streams == 0 {
		t.Error("no streams seen")
	}
}
