package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/vidimus/vidimus/qr"
)

// keyDocuments are the published keys, encoded once.
type keyDocuments struct{ jwks, cose []byte }

func encodeKeys(keys qr.KeySet, logKey string) (keyDocuments, error) {
	jwks, err := keys.JWKS()
	if err != nil {
		return keyDocuments{}, fmt.Errorf("httpapi: encode keys: %w", err)
	}
	cose, err := keys.COSE()
	if err != nil {
		return keyDocuments{}, fmt.Errorf("httpapi: encode keys: %w", err)
	}
	if logKey != "" {
		// RFC 7517 §5 lets a set have further members: readers skip them.
		var set map[string]json.RawMessage
		if err := json.Unmarshal(jwks, &set); err != nil {
			return keyDocuments{}, fmt.Errorf("httpapi: encode keys: %w", err)
		}
		if set["vidimus_log"], err = json.Marshal(logKey); err != nil {
			return keyDocuments{}, err
		}
		if jwks, err = json.MarshalIndent(set, "", " "); err != nil {
			return keyDocuments{}, err
		}
	}
	return keyDocuments{jwks: jwks, cose: cose}, nil
}

// keys serves the key set as JWKS, or as COSE_KeySet to who asks for it.
func (s *Server) keys(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Vary", "Accept")
	if strings.Contains(r.Header.Get("Accept"), "application/cose-key-set") {
		h.Set("Content-Type", "application/cose-key-set")
		_, _ = w.Write(s.keySet.cose)
		return
	}
	h.Set("Content-Type", "application/jwk-set+json")
	_, _ = w.Write(s.keySet.jwks)
}
