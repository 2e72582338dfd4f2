package pdf

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"strings"
)

// cipherKind is what a crypt filter does (ISO 32000-2 Table 25, /CFM).
type cipherKind uint8

const (
	cipherNone  cipherKind = iota // Identity
	cipherRC4                     // V2
	cipherAES                     // AESV2: AES-128 in CBC mode, one key per object
	cipherAES3                    // AESV3: AES-256 in CBC mode, one key for all
	cipherOther                   // one that this package does not know
)

// crypt decrypts strings and streams (ISO 32000-2 §7.6).
type crypt struct {
	dict    Ref // the encryption dictionary, itself never encrypted
	key     []byte
	filters map[Name]cipherKind
	streams cipherKind // /StmF
	strs    cipherKind // /StrF
	files   cipherKind // /EFF
	// metadata: metadata streams are encrypted too (/EncryptMetadata).
	metadata bool
	doc      *Document
}

// unlock sets up decryption if the file is encrypted. Its errors: ErrPassword,
// ErrEncryptedPublicKey, ErrEncryption, and those of Get.
func (d *Document) unlock(password string) error {
	enc, rev, err := d.encryption()
	if enc == nil || err != nil {
		return err
	}
	filter, _ := rev.Name(enc.Get("Filter"))
	sub, _ := rev.Name(enc.Get("SubFilter"))
	if filter == "Adobe.PubSec" || strings.HasPrefix(string(sub), "adbe.pkcs7.") {
		return ErrEncryptedPublicKey
	}
	if filter != "Standard" {
		return ErrEncryption
	}
	h, err := readHandler(rev, enc)
	if err != nil {
		return err
	}
	key, err := h.fileKey(password)
	if err != nil {
		return err
	}
	if !h.permsConfirmed(key) {
		d.warn(WarnPermsMismatch, enc.start, "/Perms")
	}
	c := &crypt{key: key, metadata: h.encryptMetadata, doc: d}
	c.dict, _ = rev.Trailer().Get("Encrypt").(Ref)
	if err := c.readFilters(rev, enc, h.v); err != nil {
		return err
	}
	// What was read so far was read as if it were not encrypted.
	d.objects, d.objStms = cache[parsed]{limit: objectCacheCost}, cache[*objStm]{limit: objStmCacheCost}
	d.crypt = c
	return nil
}

// encryption returns the encryption dictionary of the newest revision that has
// one, nil if there is none.
func (d *Document) encryption() (*Dict, *Revision, error) {
	var enc *Dict
	var rev *Revision
	var text []byte
	for i := len(d.revs) - 1; i >= 0; i-- {
		r := d.revs[i]
		o := r.Trailer().Get("Encrypt")
		if o == nil {
			if enc != nil {
				d.warn(WarnEncryptChanged, r.XRefOffset, "no /Encrypt")
			}
			continue
		}
		dict, err := r.Dict(o)
		if err != nil {
			return nil, nil, joined{ErrEncryption, err}
		}
		if dict == nil {
			return nil, nil, ErrEncryption
		}
		t, err := AppendObject(nil, dict)
		if err != nil {
			return nil, nil, joined{ErrEncryption, err}
		}
		if enc == nil {
			enc, rev, text = dict, r, t
			if i < len(d.revs)-1 {
				d.warn(WarnEncryptChanged, d.revs[i+1].XRefOffset, "no /Encrypt")
			}
		} else if !bytes.Equal(t, text) {
			d.warn(WarnEncryptChanged, r.XRefOffset, "another /Encrypt")
		}
	}
	return enc, rev, nil
}

// readFilters reads the crypt filters (ISO 32000-2 §7.6.6).
func (c *crypt) readFilters(r *Revision, enc *Dict, v int64) error {
	if v < 4 {
		c.streams, c.strs, c.files = cipherRC4, cipherRC4, cipherRC4
		return nil
	}
	c.filters = map[Name]cipherKind{"Identity": cipherNone}
	cf, err := r.Dict(enc.Get("CF"))
	if err != nil {
		return joined{ErrEncryption, err}
	}
	for name, o := range cf.All() {
		f, err := r.Dict(o)
		if err != nil {
			return joined{ErrEncryption, err}
		}
		method, _ := f.Get("CFM").(Name)
		kind := cipherOther
		switch {
		case method == "" || method == "None":
			kind = cipherNone
		case method == "V2" && v == 4:
			kind = cipherRC4
		case method == "AESV2" && v == 4:
			kind = cipherAES
		case method == "AESV3" && v == 5:
			kind = cipherAES3
		}
		if name != "Identity" { // which cannot be redefined
			c.filters[name] = kind
		}
	}
	byDefault := func(key Name, def cipherKind) cipherKind {
		name, ok := enc.Get(key).(Name)
		if !ok {
			return def
		}
		kind, ok := c.filters[name]
		if !ok {
			return cipherOther
		}
		return kind
	}
	c.streams = byDefault("StmF", cipherNone)
	c.strs = byDefault("StrF", cipherNone)
	c.files = byDefault("EFF", c.streams)
	if c.streams == cipherOther || c.strs == cipherOther {
		return ErrEncryption
	}
	return nil
}

// objectKey returns the key for the strings and the stream of one object
// (ISO 32000-2 §7.6.3.2, Algorithm 1 and 1.A).
func (c *crypt) objectKey(kind cipherKind, ref Ref) []byte {
	if kind == cipherAES3 {
		return c.key
	}
	h := md5.New()
	h.Write(c.key)
	var b [8]byte
	binary.LittleEndian.PutUint32(b[:], ref.Num)
	binary.LittleEndian.PutUint16(b[3:], ref.Gen)
	h.Write(b[:5])
	if kind == cipherAES {
		h.Write([]byte("sAlT"))
	}
	return h.Sum(nil)[:min(len(c.key)+5, 16)]
}

// decryptStrings decrypts the strings in o, an object just read from the plain
// file, in place.
func (c *crypt) decryptStrings(o Object, ref Ref) (Object, error) {
	if c.strs == cipherNone || ref == c.dict {
		return o, nil
	}
	if dict, ok := o.(*Dict); ok && dict.Get("Type") == Name("XRef") {
		return o, nil // §7.5.8.2
	}
	return c.walk(o, &stringKey{crypt: c, ref: ref})
}

// stringKey computes the key when the first string turns up: few objects have one.
type stringKey struct {
	crypt *crypt
	ref   Ref
	key   []byte
}

func (c *crypt) walk(o Object, k *stringKey) (Object, error) {
	var err error
	switch v := o.(type) {
	case String:
		if k.key == nil {
			k.key = c.objectKey(c.strs, k.ref)
		}
		return c.decryptString(v, k)
	case Array:
		for i := range v {
			if v[i], err = c.walk(v[i], k); err != nil {
				return nil, err
			}
		}
	case *Dict:
		plain := isSignature(v)
		for i := range v.entries {
			e := &v.entries[i]
			if plain && e.key == "Contents" {
				continue
			}
			if e.value, err = c.walk(e.value, k); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}

// isSignature reports whether d is a signature dictionary, whose /Contents is
// not encrypted (ISO 32000-2 §7.6.2).
func isSignature(d *Dict) bool {
	if d.Has("ByteRange") {
		return true
	}
	t := d.Get("Type")
	return t == Name("Sig") || t == Name("DocTimeStamp")
}
