package httpapi_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestRequests runs the request scripts of testdata: each request begins with a
// line "METHOD PATH", followed by headers, an optional body after an empty line,
// and expectations that begin with ">":
//
//	GET /v1/certificates/$ID
//	Accept-Language: en
//	> 200
//	> Content-Type: application/json
//	> ~ "status":"active"
//	> !~ 112-233
//
// $NAME stands for a value of the office that the test made.
func TestRequests(t *testing.T) {
	h, vars := newOffice(t)
	scripts, err := filepath.Glob("testdata/*.req")
	if err != nil || len(scripts) < 4 {
		t.Fatal("request scripts are missing", err)
	}
	for _, path := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".req"), func(t *testing.T) {
			for _, q := range readScript(t, path, vars) {
				q.run(t, h)
			}
		})
	}
}

type request struct {
	where        string
	method, path string
	header       http.Header
	body         string
	want         []string
}

func readScript(t *testing.T, path string, vars *strings.Replacer) []*request {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []*request
	var q *request
	inBody := false
	n := 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		n++
		line := vars.Replace(sc.Text())
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(line, "#"):
		case word == "GET" || word == "POST" || word == "HEAD" || word == "DELETE":
			q = &request{where: fmt.Sprintf("%s:%d", path, n), method: word, path: rest, header: http.Header{}}
			all, inBody = append(all, q), false
		case q == nil:
		case word == ">":
			q.want = append(q.want, rest)
		case line == "":
			inBody = len(q.want) == 0
		case inBody:
			q.body += line + "\n"
		default:
			name, value, ok := strings.Cut(line, ": ")
			if !ok {
				t.Fatalf("%s:%d: not a header: %q", path, n, line)
			}
			q.header.Set(name, value)
		}
	}
	return all
}

func (q *request) run(t *testing.T, h http.Handler) {
	t.Helper()
	var body io.Reader
	if file, ok := strings.CutPrefix(strings.TrimSpace(q.body), "@"); ok {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		body = f
	} else if q.body != "" {
		body = strings.NewReader(q.body)
	}
	r := httptest.NewRequest(q.method, q.path, body)
	for name, values := range q.header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	got := w.Result()
	text := w.Body.String()
	if len(q.want) == 0 {
		t.Errorf("%s: nothing is expected of %s %s", q.where, q.method, q.path)
	}
	for _, want := range q.want {
		name, value, header := strings.Cut(want, ": ")
		switch {
		case strings.HasPrefix(want, "~ "):
			if !strings.Contains(text, want[2:]) {
				t.Errorf("%s: the answer lacks %q:\n%.2000s", q.where, want[2:], text)
			}
		case strings.HasPrefix(want, "!~ "):
			if strings.Contains(text, want[3:]) {
				t.Errorf("%s: the answer has %q:\n%.2000s", q.where, want[3:], text)
			}
		case header:
			if !strings.Contains(got.Header.Get(name), value) {
				t.Errorf("%s: header %s is %q, want %q", q.where, name, got.Header.Get(name), value)
			}
		default:
			if code, err := strconv.Atoi(want); err != nil || got.StatusCode != code {
				t.Errorf("%s: status %d, want %s\n%.2000s", q.where, got.StatusCode, want, text)
			}
		}
	}
}
