package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/httpapi"
	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/verify"
)

func (a *app) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Issue, look up, scan and revoke certificates of made-up people",
		Long: `Makes a folder, issues three certificates from a table, checks each file, looks it
up over HTTP, reads its QR code from the picture of the page (with pdftoppm and
zbarimg, if they are there), revokes one, and audits the log. Any disagreement is
an error. With --dir the folder is made there and must not be an office yet.`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir := a.dir
			if !cmd.Flags().Changed("dir") {
				var err error
				if dir, err = os.MkdirTemp("", "vidimus-demo-"); err != nil {
					return err
				}
			}
			d := &demo{app: a, w: cmd.OutOrStdout(), dir: dir, began: time.Now()}
			return d.run(cmd.Context())
		},
	}
}

// demo is one run of the demonstration.
type demo struct {
	*app
	w      io.Writer
	dir    string
	began  time.Time
	office *office.Office
	base   string // of the HTTP server
	issued []*vidimus.Issued
}

func (d *demo) print(indent int, key string, pairs ...string) {
	fmt.Fprintln(d.w, strings.Repeat("  ", indent)+d.say(key, pairs...))
}

func (d *demo) run(ctx context.Context) (err error) {
	d.print(0, "demo.title")
	if _, err := office.Init(ctx, d.dir, office.InitOptions{}); err != nil {
		return err
	}
	d.print(0, "demo.folder", "dir", d.dir)
	if d.office, err = office.Open(ctx, d.dir, office.Issuing, office.Options{}); err != nil {
		return err
	}
	defer d.office.Close()
	stop, err := d.serve(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if err := d.issue(ctx); err != nil {
		return err
	}
	for _, issued := range d.issued {
		c := &issued.Certificate
		fmt.Fprintf(d.w, "\n%s  %s, %s\n", c.Number, c.Holder.FullName(), c.Kind)
		if err := d.check(ctx, issued, vidimus.StatusActive); err != nil {
			return fmt.Errorf("%s: %w", c.Number, err)
		}
	}
	if err := d.revoke(ctx, d.issued[1]); err != nil {
		return err
	}
	report, err := d.office.Registry.Audit(ctx, nil)
	if err != nil {
		return err
	}
	if !report.OK() {
		return fmt.Errorf("audit: %+v", report.Problems)
	}
	fmt.Fprintln(d.w)
	d.print(0, "demo.audit", "certificates", strconv.FormatInt(report.Records, 10), "leaves", strconv.FormatInt(report.TreeSize, 10))
	d.print(0, "demo.done", "seconds", strconv.FormatFloat(time.Since(d.began).Seconds(), 'f', 1, 64), "dir", filepath.Join(d.dir, d.office.Config.Documents))
	d.print(0, "demo.serve", "command", os.Args[0]+" serve --dir "+d.dir)
	return nil
}

func (d *demo) serve(ctx context.Context) (stop func(), err error) {
	srv, err := newServer(d.office, nil, httpapi.DefaultMaxUpload)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d.base = "http://" + l.Addr().String()
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ctx, l) }()
	return func() { cancel(); <-done }, nil
}

func (d *demo) issue(ctx context.Context) error {
	d.print(0, "demo.issue")
	table, err := office.NewTable(strings.NewReader(office.ExampleTable(time.Now())))
	if err != nil {
		return err
	}
	return d.office.Batch(ctx, table, func(r *office.Result) error {
		if r.Err != nil {
			return r.Err
		}
		d.issued = append(d.issued, r.Issued)
		return nil
	})
}

func (d *demo) revoke(ctx context.Context, issued *vidimus.Issued) error {
	number := issued.Certificate.Number.String()
	fmt.Fprintln(d.w)
	d.print(0, "demo.revoke", "number", number)
	_, err := d.office.Registry.Change(ctx, issued.Certificate.ID, vidimus.Change{Action: vidimus.Revoke, Effective: time.Now().UTC(),
		Reason: "forged-documents", Actor: "demo", Basis: "приказ № 1 (пример)"})
	if err != nil {
		return err
	}
	if err := d.check(ctx, issued, vidimus.StatusRevoked); err != nil {
		return fmt.Errorf("%s: %w", number, err)
	}
	return nil
}

// check verifies the file, asks the server, and scans the page: all must agree
// on the status.
func (d *demo) check(ctx context.Context, issued *vidimus.Issued, want vidimus.Status) error {
	path := d.office.DocumentPath(issued.Certificate.Number)
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	report, err := verify.File(ctx, filepath.Base(path), file, int64(len(issued.Document)), d.office.VerifyOptions())
	if err != nil {
		return err
	}
	verdict := verify.Failed
	if want == vidimus.StatusActive {
		verdict = verify.Passed
	}
	if report.Verdict() != verdict || report.Registry == nil || report.Registry.Status != want || report.Registry.Match != verify.MatchBytes {
		var text strings.Builder
		_ = report.WriteText(&text, d.lang) // a Builder takes all
		return fmt.Errorf("verify: %s, want %s and status %s:\n%s", report.Verdict(), verdict, want, text.String())
	}
	d.print(1, "demo.verified", "verdict", d.say("verify.verdict."+string(report.Verdict())), "status", d.say("status."+string(want)))

	body, err := d.get(ctx, "/v1/certificates/"+issued.Certificate.Number.String())
	if err != nil {
		return err
	}
	if !strings.Contains(body, `"status":"`+string(want)+`"`) {
		return fmt.Errorf("HTTP lookup does not say %q: %s", want, body)
	}
	d.print(1, "demo.http", "status", d.say("status."+string(want)))
	return d.scan(ctx, path, issued.URL, want)
}

func (d *demo) get(ctx context.Context, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+path, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Accept-Language", d.lang)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	const maxAnswer = 1 << 20 // our own pages have a few kilobytes
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s: %s", path, resp.Status, body)
	}
	return string(body), err
}

// scan does what a telephone does: a picture of the page, the code in it, the
// page that it leads to.
func (d *demo) scan(ctx context.Context, path, url string, want vidimus.Status) error {
	for _, program := range []string{"pdftoppm", "zbarimg"} {
		if _, err := exec.LookPath(program); err != nil {
			d.print(1, "demo.qr.skipped", "missing", program)
			return nil
		}
	}
	picture := filepath.Join(d.dir, "page")
	if out, err := exec.CommandContext(ctx, "pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", path, picture).CombinedOutput(); err != nil {
		return fmt.Errorf("pdftoppm: %w: %s", err, out)
	}
	// Bar codes that zbarimg takes a dense QR code's rows for are not looked for.
	out, err := exec.CommandContext(ctx, "zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture+".png").Output()
	if err != nil {
		return fmt.Errorf("zbarimg: %w", err)
	}
	if got := strings.TrimSpace(string(out)); got != url {
		return fmt.Errorf("QR code says %q, want %q", got, url)
	}
	_, token, _ := strings.Cut(url, "/c/")
	page, err := d.get(ctx, "/c/"+token+"?lang="+d.lang)
	if err != nil {
		return err
	}
	headline := d.say("status." + string(want))
	if !strings.Contains(page, "<span>"+headline+"</span>") {
		return fmt.Errorf("the page behind the QR code does not say %q", headline)
	}
	d.print(1, "demo.qr", "headline", headline)
	return nil
}
