package pdf

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rc4"
	"io"
)

func (c *crypt) decryptString(s String, k *stringKey) (Object, error) {
	if len(s) == 0 {
		return s, nil
	}
	b := []byte(s)
	if c.strs == cipherRC4 {
		stream, err := rc4.NewCipher(k.key)
		if err != nil {
			return nil, joined{ErrEncryption, err}
		}
		stream.XORKeyStream(b, b)
		return String(b), nil
	}
	block, err := aes.NewCipher(k.key)
	if err != nil {
		return nil, joined{ErrEncryption, err}
	}
	if len(b) < aes.BlockSize || len(b)%aes.BlockSize != 0 {
		return nil, decodeError("encrypted string is not whole AES blocks")
	}
	iv, b := b[:aes.BlockSize], b[aes.BlockSize:]
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(b, b)
	return String(c.unpad(b, k.ref)), nil
}

// unpad removes the padding of RFC 8018 §6.1.1 step 4. Data without it are
// returned whole.
func (c *crypt) unpad(b []byte, ref Ref) []byte {
	if len(b) == 0 {
		return b
	}
	n := int(b[len(b)-1])
	if n < 1 || n > aes.BlockSize || n > len(b) {
		c.doc.warn(WarnPadding, -1, ref.String())
		return b
	}
	return b[:len(b)-n]
}

// decrypted returns the stream's data decrypted, and the filters without a
// leading Crypt filter.
func (d *Document) decrypted(s *Stream, stages []filterStage) (io.Reader, []filterStage, error) {
	raw := s.Raw()
	var named *Name
	if len(stages) > 0 && stages[0].name == "Crypt" {
		name := Name("Identity")
		if n, ok := stages[0].parms.Get("Name").(Name); ok {
			name = n
		}
		named, stages = &name, stages[1:]
	}
	typ, _ := s.Dict.Get("Type").(Name)
	if s.plain || typ == "XRef" || named != nil && *named == "Identity" {
		return raw, stages, nil
	}
	if d.locked != nil {
		return nil, nil, d.locked
	}
	c := d.crypt
	if c == nil {
		return raw, stages, nil
	}
	kind := c.streams
	switch {
	case named != nil:
		var ok bool
		if kind, ok = c.filters[*named]; !ok {
			kind = cipherOther
		}
	case typ == "Metadata" && !c.metadata:
		kind = cipherNone
	case typ == "EmbeddedFile":
		kind = c.files
	}
	switch kind {
	case cipherNone:
		return raw, stages, nil
	case cipherRC4:
		stream, err := rc4.NewCipher(c.objectKey(kind, s.ref))
		if err != nil {
			return nil, nil, joined{ErrEncryption, err}
		}
		return &cipher.StreamReader{S: stream, R: raw}, stages, nil
	case cipherAES, cipherAES3:
		block, err := aes.NewCipher(c.objectKey(kind, s.ref))
		if err != nil {
			return nil, nil, joined{ErrEncryption, err}
		}
		return &cbcReader{r: raw, block: block, crypt: c, ref: s.ref}, stages, nil
	}
	return nil, nil, ErrEncryption
}

// cbcReader decrypts AES-CBC data that start with the initialisation vector
// and end with padding.
type cbcReader struct {
	r     io.Reader
	block cipher.Block
	crypt *crypt
	ref   Ref

	mode cipher.BlockMode
	buf  [4 << 10]byte // whole blocks
	have int           // bytes in buf not yet decrypted, the last block held back
	out  []byte
	err  error
}

func (c *cbcReader) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		c.fill()
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

func (c *cbcReader) fill() {
	if c.mode == nil {
		var iv [aes.BlockSize]byte
		n, err := io.ReadFull(c.r, iv[:])
		if err != nil {
			c.err = err
			if n > 0 && err == io.ErrUnexpectedEOF {
				c.err = decodeError("encrypted stream is shorter than one AES block")
			}
			return // an empty stream stays empty
		}
		c.mode = cipher.NewCBCDecrypter(c.block, iv[:])
	}
	// The block held back from the last round is at the start of buf; another
	// one behind it shows that it was not the last.
	n, err := io.ReadFull(c.r, c.buf[c.have:])
	n += c.have
	switch err {
	case nil:
		c.have = aes.BlockSize
	case io.EOF, io.ErrUnexpectedEOF:
		c.err, c.have = io.EOF, 0
		if n%aes.BlockSize != 0 {
			c.err = decodeError("encrypted stream is not whole AES blocks")
			n -= n % aes.BlockSize
		}
	default:
		c.err = err
		return
	}
	whole := n - c.have
	// The plaintext goes to a copy: buf takes the next blocks while out is read.
	out := make([]byte, whole)
	c.mode.CryptBlocks(out, c.buf[:whole])
	copy(c.buf[:c.have], c.buf[whole:n])
	if c.err == io.EOF {
		out = c.crypt.unpad(out, c.ref)
	}
	c.out = out
}
