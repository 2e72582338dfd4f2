package httpapi

import (
	"encoding/json"
	"net/http"
)

// Problem is the answer to a request that could not be served (RFC 9457). Code
// is stable: programs decide by it, people read Title and Detail.
type Problem struct {
	Type      string `json:"type"` // about:blank#code: an identifier, not an address
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Code      string `json:"code"`
	Detail    string `json:"detail,omitempty"`
	RequestID string `json:"requestId,omitempty"`
}

// Codes of problems. A code is never given a second meaning.
const (
	codeNotFound    = "not-found"         // no such certificate, or no such page
	codeBadID       = "bad-identifier"    // neither an ID nor a number
	codeNumberCheck = "number-check"      // a number with a slip of the pen
	codeBadRequest  = "bad-request"       // a parameter is missing or malformed
	codeTooLarge    = "too-large"         // the body exceeds the limit
	codeMethod      = "method"            // the path has no such method
	codeUnsupported = "unsupported-media" // the body is not of a type we take
	codeTimeout     = "timeout"           // the client was too slow with its body
	codeCostly      = "too-costly"        // the check of the file takes longer than one file gets
	codeBusy        = "busy"              // try again later
	codeInternal    = "internal"          // our own failure: says nothing about the certificate
	codeDamaged     = "record-damaged"    // the record fails its own digest: our failure, too
)

var problemTitles = map[string]string{
	codeNotFound:    "Not found",
	codeBadID:       "Not an ID or a number of a certificate",
	codeNumberCheck: "The check character of the number is wrong",
	codeBadRequest:  "Bad request",
	codeTooLarge:    "The file is too large",
	codeMethod:      "Method not allowed",
	codeUnsupported: "Unsupported media type",
	codeTimeout:     "The request did not arrive in time",
	codeCostly:      "The file could not be checked in the time that one file gets",
	codeBusy:        "The service is busy",
	codeInternal:    "The service failed; this says nothing about the certificate",
	codeDamaged:     "The record is damaged; this says nothing about the certificate",
}

func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, code, detail string) {
	body, err := json.Marshal(Problem{
		Type: "about:blank#" + code, Title: problemTitles[code], Status: status, Code: code,
		Detail: detail, RequestID: requestID(w),
	})
	if err != nil { // a struct of strings always encodes
		http.Error(w, http.StatusText(status), status)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	if code == codeBusy {
		w.Header().Set("Retry-After", "2")
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

// failure answers for an error of ours; the caller's log has it, the client does not.
func (s *Server) failure(w http.ResponseWriter, r *http.Request, err error) {
	status, code := s.classify(err)
	if status >= 500 {
		s.log(w).Error("request failed", "error", err, "code", code)
	}
	s.problem(w, r, status, code, "")
}
