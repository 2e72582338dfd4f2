package pdf

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// handler is the standard security handler's part of the encryption
// dictionary (ISO 32000-2 §7.6.4).
type handler struct {
	v, r            int64
	keyLens         []int // in bytes, likeliest first
	o, u, oe, ue    []byte
	perms           []byte
	p               uint32
	id              []byte
	encryptMetadata bool
}

func readHandler(r *Revision, enc *Dict) (*handler, error) {
	h := &handler{encryptMetadata: true}
	var err error
	num := func(key Name) int64 {
		v, e := r.Int(enc.Get(key))
		if e != nil && err == nil {
			err = e
		}
		return v
	}
	str := func(key Name) []byte {
		v, e := r.Str(enc.Get(key))
		if e != nil && err == nil {
			err = e
		}
		return []byte(v)
	}
	h.v, h.r = num("V"), num("R")
	h.o, h.u, h.oe, h.ue, h.perms = str("O"), str("U"), str("OE"), str("UE"), str("Perms")
	h.p = uint32(num("P"))
	length := num("Length")
	if enc.Has("EncryptMetadata") {
		b, e := r.Bool(enc.Get("EncryptMetadata"))
		if e != nil {
			err = e
		}
		h.encryptMetadata = b
	}
	id, e := r.Array(r.Trailer().Get("ID"))
	if e == nil && len(id) > 0 {
		first, e := r.Str(id[0])
		if e == nil {
			h.id = []byte(first)
		}
	}
	if err != nil {
		return nil, joined{ErrEncryption, err}
	}
	known := h.v == 1 && h.r == 2 || h.v == 1 && h.r == 3 || h.v == 2 && h.r == 3 || h.v == 4 && h.r == 4 || h.v == 5 && (h.r == 5 || h.r == 6)
	wantLen := 32
	if h.v == 5 {
		wantLen = 48
	}
	if !known || len(h.o) < wantLen || len(h.u) < wantLen || h.v == 5 && (len(h.oe) != 32 || len(h.ue) != 32) {
		return nil, ErrEncryption
	}
	// Some writers pad these to 127 bytes.
	h.o, h.u = h.o[:wantLen], h.u[:wantLen]
	switch {
	case h.v == 1:
		h.keyLens = []int{5}
	case length >= 40 && length <= 128 && length%8 == 0:
		h.keyLens = []int{int(length / 8), 16, 5}
	case h.v == 4:
		h.keyLens = []int{16, 5}
	default:
		h.keyLens = []int{5, 16}
	}
	return h, nil
}

// fileKey returns the file encryption key for the first password that fits:
// the one given, in the encodings that writers use, and the empty one.
func (h *handler) fileKey(password string) ([]byte, error) {
	for _, pw := range h.encodings(password) {
		if h.v == 5 {
			if key := h.key256(pw); key != nil {
				return key, nil
			}
			continue
		}
		for _, n := range h.keyLens {
			if key := h.userKey(pw, n); key != nil {
				return key, nil
			}
			if key := h.userKey(h.userPassword(pw, n), n); key != nil {
				return key, nil
			}
		}
	}
	return nil, ErrPassword
}

// encodings returns the bytes that a password may stand for. Up to revision 4
// that is PDFDocEncoding, or in practice the writer's code page; from revision
// 5 on UTF-8 after SASLprep (RFC 4013), of which normalisation is the part
// that matters.
func (h *handler) encodings(password string) [][]byte {
	list := [][]byte{[]byte(password)}
	if h.v == 5 {
		list = append(list, []byte(norm.NFKC.String(password)))
		for i := range list {
			list[i] = list[i][:min(len(list[i]), 127)] // §7.6.4.3.3 step a
		}
	} else {
		for _, page := range []*charmap.Charmap{charmap.ISO8859_1, charmap.Windows1251} {
			if b, err := page.NewEncoder().String(password); err == nil {
				list = append(list, []byte(b))
			}
		}
	}
	return append(list, nil)
}

// passwordPad is the padding string of Algorithm 2.
var passwordPad = []byte("\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08" +
	"\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A")

func padded(pw []byte) []byte {
	return append(append([]byte(nil), pw...), passwordPad...)[:32]
}

// userKey returns the key that a user password gives (Algorithm 2), nil if /U
// does not confirm it (Algorithm 6).
func (h *handler) userKey(pw []byte, n int) []byte {
	m := md5.New()
	m.Write(padded(pw))
	m.Write(h.o)
	var p [4]byte
	binary.LittleEndian.PutUint32(p[:], h.p)
	m.Write(p[:])
	m.Write(h.id)
	if h.r >= 4 && !h.encryptMetadata {
		m.Write([]byte{0xff, 0xff, 0xff, 0xff})
	}
	key := m.Sum(nil)
	if h.r >= 3 {
		for range 50 {
			sum := md5.Sum(key[:n])
			key = sum[:]
		}
	}
	key = key[:n]
	if h.r == 2 {
		if subtle.ConstantTimeCompare(rc4XOR(key, passwordPad, 0), h.u) == 1 {
			return key
		}
		return nil
	}
	sum := md5.Sum(append(append([]byte(nil), passwordPad...), h.id...))
	got := sum[:]
	for i := range 20 {
		got = rc4XOR(key, got, byte(i))
	}
	if subtle.ConstantTimeCompare(got, h.u[:16]) == 1 {
		return key
	}
	return nil
}

// userPassword returns the user password that an owner password opens (Algorithm 7).
func (h *handler) userPassword(owner []byte, n int) []byte {
	sum := md5.Sum(padded(owner))
	key := sum[:]
	if h.r >= 3 {
		for range 50 {
			sum = md5.Sum(key)
			key = sum[:]
		}
	}
	key = key[:n]
	pw := h.o
	if h.r == 2 {
		return rc4XOR(key, pw, 0)
	}
	for i := 19; i >= 0; i-- {
		pw = rc4XOR(key, pw, byte(i))
	}
	return pw
}

// rc4XOR encrypts data with the key whose every byte is XORed with x.
func rc4XOR(key, data []byte, x byte) []byte {
	k := bytes.Clone(key)
	for i := range k {
		k[i] ^= x
	}
	out := make([]byte, len(data))
	c, err := rc4.NewCipher(k)
	if err != nil { // keys here are 5 to 16 bytes long
		return out
	}
	c.XORKeyStream(out, data)
	return out
}

// key256 returns the file key for a user or owner password of revision 5 or 6
// (Algorithm 2.A), nil if it is neither.
func (h *handler) key256(pw []byte) []byte {
	try := func(hash, wrapped, more []byte) []byte {
		if subtle.ConstantTimeCompare(h.hash256(pw, hash[32:40], more), hash[:32]) != 1 {
			return nil
		}
		block, err := aes.NewCipher(h.hash256(pw, hash[40:48], more))
		if err != nil {
			return nil
		}
		key := make([]byte, 32)
		cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(key, wrapped)
		return key
	}
	if key := try(h.o, h.oe, h.u); key != nil {
		return key
	}
	return try(h.u, h.ue, nil)
}

// maxHardRounds is an upper bound that follows from the stop condition of
// Algorithm 2.B: a byte is never above 255, so it ends by round 255 + 32.
const maxHardRounds = 288

// hash256 is the password hash: SHA-256 for revision 5, Algorithm 2.B for 6.
func (h *handler) hash256(pw, salt, more []byte) []byte {
	sum := sha256.Sum256(bytes.Join([][]byte{pw, salt, more}, nil))
	k := sum[:]
	if h.r == 5 {
		return k
	}
	for round := range maxHardRounds {
		k1 := bytes.Repeat(bytes.Join([][]byte{pw, k, more}, nil), 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil { // the key is 16 bytes long
			return k[:32]
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(k1, k1)
		mod := 0 // of the first 16 bytes as a number; 256 ≡ 1 modulo 3
		for _, b := range k1[:16] {
			mod += int(b)
		}
		switch mod % 3 {
		case 0:
			s := sha256.Sum256(k1)
			k = s[:]
		case 1:
			s := sha512.Sum384(k1)
			k = s[:]
		default:
			s := sha512.Sum512(k1)
			k = s[:]
		}
		if round >= 63 && int(k1[len(k1)-1]) <= round-31 {
			break
		}
	}
	return k[:32]
}

// permsConfirmed reports whether /Perms confirms /P (Algorithm 13); true for
// revisions without it.
func (h *handler) permsConfirmed(key []byte) bool {
	if h.v != 5 {
		return true
	}
	block, err := aes.NewCipher(key)
	if err != nil || len(h.perms) != aes.BlockSize {
		return false
	}
	var b [aes.BlockSize]byte
	block.Decrypt(b[:], h.perms)
	meta := byte('F')
	if h.encryptMetadata {
		meta = 'T'
	}
	return string(b[9:12]) == "adb" && binary.LittleEndian.Uint32(b[:]) == h.p && b[8] == meta
}
