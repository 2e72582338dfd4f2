package pdf

import "io"

// crypt decrypts strings and streams.
type crypt struct{}

func (c *crypt) decryptStrings(o Object, _ Ref) Object { return o }

func (d *Document) unlock(string) error {
	if d.Last().Trailer().Has("Encrypt") {
		return ErrEncryption
	}
	return nil
}

func (d *Document) decrypted(s *Stream, stages []filterStage) (io.Reader, []filterStage, error) {
	return s.Raw(), stages, nil
}
