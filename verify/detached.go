package verify

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"strconv"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

// detachedSignature checks the file against a signature that came beside it.
func (j *job) detachedSignature(ctx context.Context) error {
	list, err := j.openCMS(j.opts.Signature)
	if err != nil {
		j.unreadable(err)
		return j.hashOnly(ctx)
	}
	var d digester
	size := j.src.size
	for _, c := range list {
		for _, h := range wantedHashes(c.si, j.suites) {
			r, err := d.add(size, h, size, size, size)
			if err != nil {
				return err
			}
			c.sums[h.OID] = r
		}
	}
	if err := j.hash(ctx, &d); err != nil {
		return err
	}
	j.judge(ctx, list, nil)
	return ctx.Err()
}

// envelopingSignature checks a file that is itself a CMS with content (.p7m).
func (j *job) envelopingSignature(ctx context.Context) error {
	if err := j.hashOnly(ctx); err != nil {
		return err
	}
	if j.src.size > 2*maxCMS {
		j.unreadable(errors.New("larger than what is held in memory"))
		return nil
	}
	data := make([]byte, j.src.size)
	if n, err := j.src.ReadAt(data, 0); n < len(data) {
		return err
	}
	list, err := j.openCMS(data)
	if err != nil {
		j.unreadable(err)
		return nil
	}
	for _, c := range list {
		c.attached = c.sd.Attached
		c.absent = !c.sd.Attached
	}
	j.judge(ctx, list, nil)
	return ctx.Err()
}

// unreadable reports a signature that cannot be read: there is one, so the file
// is not merely unsigned.
func (j *job) unreadable(err error) {
	j.report.incomplete = true
	j.find(Finding{Code: "ERR-SIG-FORMAT", Severity: Error, Got: err.Error(), Source: "RFC 5652 §5.1"})
}

// openCMS makes one candidate for each SignerInfo.
func (j *job) openCMS(data []byte) ([]*candidate, error) {
	der, more, err := decodeCMS(data)
	if err != nil {
		return nil, err
	}
	sd, err := cms.Parse(der)
	if err != nil {
		return nil, err
	}
	rest := der[len(der)-sd.Trailing:]
	if more || len(bytes.Trim(rest, "\x00\r\n\t ")) > 0 { // what is trimmed can be no signature
		j.report.incomplete = true
		j.find(Finding{Code: "WARN-SIG-MORE", Severity: Warning, Source: "RFC 5652 §5.1"})
	}
	if len(sd.SignerInfos) == 0 {
		return nil, errors.New("no signer")
	}
	var list []*candidate
	for i, si := range sd.SignerInfos {
		c := &candidate{sd: sd, si: si, sums: map[pki.OID]*rangeHash{}}
		c.sig.Kind, c.sig.Coverage = KindSignature, CoverageEntireFile
		if len(sd.SignerInfos) > 1 {
			c.sig.Field = strconv.Itoa(i + 1)
		}
		list = append(list, c)
	}
	return list, nil
}

// looksLikeCMS tells a CMS by its object identifier, in whatever wrapping.
func looksLikeCMS(head []byte) bool {
	if bytes.HasPrefix(head, []byte{0x30}) {
		return bytes.Contains(head[:min(len(head), 32)], signedDataOID)
	}
	if ascii := fromUTF16(head); ascii != nil {
		head = ascii
	}
	b := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
	if rest, ok := bytes.CutPrefix(b, []byte("-----BEGIN ")); ok {
		_, after, found := bytes.Cut(rest, []byte("-----"))
		if !found {
			return false
		}
		b = bytes.TrimSpace(after)
	}
	const some = 44 // base64 of 33 bytes
	if len(b) < some {
		return false
	}
	der := make([]byte, base64.StdEncoding.DecodedLen(some))
	n, err := base64.StdEncoding.Decode(der, b[:some])
	return err == nil && n > 0 && der[0] == 0x30 && bytes.Contains(der[:n], signedDataOID)
}
