package httpapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/vidimus/vidimus/verify"
)

// errNoFile is a request without the file it is about.
var errNoFile = errors.New("httpapi: no file in the request")

// errBusy says that all verification slots are taken.
var errBusy = errors.New("httpapi: too many verifications")

// verify answers POST /v1/verify: the file as the body, or as the part "file" of
// a form. The answer is the report of package verify; a bad file is a report.
func (s *Server) verify(w http.ResponseWriter, r *http.Request) {
	report, err := s.verifyUpload(w, r)
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		s.json(w, r, report)
	case errors.As(err, &tooLarge):
		s.problem(w, r, http.StatusRequestEntityTooLarge, codeTooLarge, "at most "+megabytes(s.opts.MaxUpload)+" MB")
	case errors.Is(err, errNoFile):
		s.problem(w, r, http.StatusBadRequest, codeBadRequest, `send the file as the body, or as the part "file" of a form`)
	case errors.Is(err, errSlow):
		s.problem(w, r, http.StatusRequestTimeout, codeTimeout, "the file did not arrive within "+bodyTimeout.String())
	case errors.Is(err, errCostly):
		s.problem(w, r, http.StatusUnprocessableEntity, codeCostly, "more than "+s.opts.VerifyTimeout.String())
	case errors.Is(err, errBusy):
		s.problem(w, r, http.StatusServiceUnavailable, codeBusy, "too many files are being checked")
	default:
		s.failure(w, r, err)
	}
}

func (s *Server) verifyUpload(w http.ResponseWriter, r *http.Request) (*verify.Report, error) {
	if s.opts.Verifier == nil {
		return nil, errBusy
	}
	name, data, err := s.receive(w, r)
	if err != nil {
		return nil, err
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case <-time.After(slotWait):
		return nil, errBusy
	}
	ctx, cancel := context.WithTimeoutCause(r.Context(), s.opts.VerifyTimeout, errCostly)
	defer cancel()
	report, err := s.opts.Verifier.Verify(ctx, name, bytes.NewReader(data), int64(len(data)), string(pageLang(r)))
	if err != nil && errors.Is(context.Cause(ctx), errCostly) {
		err = errCostly
	}
	return report, err
}

// errCostly is a file whose check takes longer than one file gets: it would
// hold a slot that others wait for.
var errCostly = errors.New("httpapi: the check takes too long")

const (
	// bodyTimeout is what a client gets to send a file: 5 MB at 2.7 Mbit/s.
	bodyTimeout = 15 * time.Second
	// slotWait is how long a file that was received waits for its turn.
	slotWait = 5 * time.Second
	// verifyTimeout is the default of Options.VerifyTimeout: the files of real
	// life take milliseconds.
	verifyTimeout = 20 * time.Second
)

// receive reads the file of a request. What slow clients can make us hold is
// bounded by maxReceiving of them, not by the slots for verification, so that
// they cannot keep others from it; and none has longer than bodyTimeout.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) (name string, data []byte, err error) {
	select {
	case s.receiving <- struct{}{}:
		defer func() { <-s.receiving }()
	default:
		return "", nil, errBusy
	}
	// A server that cannot set it (a test's recorder) has its own limits.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
	r.Body = http.MaxBytesReader(w, r.Body, s.opts.MaxUpload+formOverhead)
	if name, data, err = uploaded(r, s.opts.MaxUpload); errors.Is(err, os.ErrDeadlineExceeded) {
		err = errSlow
	}
	return name, data, err
}

// errSlow is a client that did not send its file in time.
var errSlow = errors.New("httpapi: the file did not arrive in time")

// formOverhead is what a form adds to its file: boundaries and headers of parts.
const formOverhead = 16 << 10

// maxParts bounds the parts of a form that are skipped in search of the file.
const maxParts = 20

func uploaded(r *http.Request, limit int64) (name string, data []byte, err error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		data, err = readLimited(r.Body, limit)
		if err == nil && len(data) == 0 {
			err = errNoFile
		}
		return "", data, err
	}
	form, err := r.MultipartReader()
	if err != nil {
		return "", nil, errNoFile
	}
	for range maxParts {
		part, err := form.NextPart()
		if err != nil {
			if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
				return "", nil, err
			}
			return "", nil, errNoFile
		}
		if part.FormName() == "file" {
			data, err := readLimited(part, limit)
			if err == nil && len(data) == 0 && part.FileName() == "" {
				err = errNoFile
			}
			return fileName(part.FileName()), data, err
		}
	}
	return "", nil, errNoFile
}

func readLimited(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = &http.MaxBytesError{Limit: limit}
	}
	if err == io.ErrUnexpectedEOF {
		err = errNoFile
	}
	return data, err
}

// fileName drops what a browser may send of the visitor's folders.
func fileName(s string) string {
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	return strings.ToValidUTF8(s, "")
}

// homeUpload checks a file for a person and shows a page.
func (s *Server) homeUpload(w http.ResponseWriter, r *http.Request) {
	v := s.newView(r)
	report, err := s.verifyUpload(w, r)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		s.conclude(v, "unknown", "page.file.large")
		v.Verdict.Why = []string{s.text.Say(v.Lang, "page.home.private", "limit", megabytes(s.opts.MaxUpload))}
		s.render(w, r, http.StatusRequestEntityTooLarge, v)
	case errors.Is(err, errSlow):
		s.conclude(v, "unknown", "page.unavailable", "page.file.slow")
		s.render(w, r, http.StatusRequestTimeout, v)
	case errors.Is(err, errNoFile):
		s.conclude(v, "unknown", "page.file.none")
		s.render(w, r, http.StatusBadRequest, v)
	case errors.Is(err, errCostly):
		s.conclude(v, "unknown", "page.unavailable", "page.file.costly")
		s.render(w, r, http.StatusUnprocessableEntity, v)
	case errors.Is(err, errBusy):
		s.conclude(v, "unknown", "page.unavailable", "page.busy.why")
		s.render(w, r, http.StatusServiceUnavailable, v)
	case err != nil:
		s.unavailable(w, r, v, err)
	default:
		s.showReport(v, report)
		s.render(w, r, http.StatusOK, v)
	}
}

func (s *Server) showReport(v *view, report *verify.Report) {
	verdict := report.Verdict()
	tone := map[verify.Verdict]string{verify.Passed: "good", verify.Failed: "bad"}[verdict]
	if tone == "" {
		tone = "unknown"
	}
	if verdict == verify.Passed && report.Registry == nil {
		// A good signature of somebody is no certificate of ours: never green here.
		s.conclude(v, "unknown", "page.file.foreign", "page.file.foreign.why")
	} else {
		s.conclude(v, tone, "page.file."+string(verdict))
	}
	for _, f := range report.Findings {
		v.Verdict.Why = append(v.Verdict.Why, strings.TrimSpace(f.Message+" "+f.Hint))
	}
	add := func(key, value, link string) {
		if value != "" {
			v.Fields = append(v.Fields, field{Label: s.text.Say(v.Lang, key), Value: value, Link: link})
		}
	}
	add("page.file.name", report.File.Name, "")
	if g := report.Registry; g != nil {
		add("page.file.registry", g.Number+": "+s.text.Say(v.Lang, "status."+string(g.Status)), "/lookup?lang="+string(v.Lang)+"&number="+g.ID)
	}
	for i := range report.Signatures {
		sig := &report.Signatures[i]
		indication, sub := sig.Indication()
		add("page.file.signature", strings.Trim(sig.Signer.Subject+" · "+string(indication)+" "+string(sub), " ·"), "")
	}
}
