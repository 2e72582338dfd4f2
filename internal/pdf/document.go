package pdf

import (
	"bytes"
	"io"
)

// Options change how a file is opened. The zero value is safe: the empty
// password, and the limits named beside each field.
type Options struct {
	// Password opens an encrypted file, as user or as owner. The empty password
	// is always tried too.
	Password string
	// AllowLocked makes Open succeed on a file whose password is not known, or
	// that is encrypted for public-key recipients: structure and signatures can
	// be read, strings stay ciphertext, decoding a stream fails with what
	// [Document.Locked] returns.
	AllowLocked bool
	// Scratch lends what many small documents would each have to make; may be nil.
	Scratch *Scratch
	// Prefix has objects that need not be read again if the file, in Memory,
	// begins with it; may be nil.
	Prefix *Prefix
	Limits Limits
}

// Limits bound the work one Document does over its whole life, so that a
// small file cannot cost much. Zero fields mean the defaults.
type Limits struct {
	// Lex is how many bytes may be tokenised; default 64 MiB + 16 × file size:
	// objects are read again when they have left the cache.
	Lex int64
	// Decode is how many bytes stream filters may put out, all stages counted;
	// default 64 MiB + 32 × file size.
	Decode int64
	// Revisions is how many cross-reference sections may be chained; default 1024.
	Revisions int
}

const (
	baseLexBudget    = 64 << 20
	lexPerByte       = 16
	baseDecodeBudget = 64 << 20
	decodePerByte    = 32
	maxRevisions     = 1024 // files with hundreds of incremental saves exist
)

// Document is an open PDF file. It reads lazily and keeps bounded caches.
// It is not safe for concurrent use.
type Document struct {
	src     source
	base    int64 // added to every offset that the file states
	version string

	lexBudget    int64
	decodeBudget int64
	xrefBudget   int64

	revs     []*Revision
	warnings []Warning
	warned   map[warningKey]bool
	doubts   int // how often there was something to warn of

	names   nameTable
	parser  parser
	scratch []byte // lexers' buffer for strings, handed from one to the next
	lexers  []*Lexer
	prefix  *Prefix // the file begins with it; nil: with none that is known
	objects cache[parsed]
	objStms cache[*objStm]
	win     []byte // see window
	length  bool   // an indirect /Length is being read

	crypt   *crypt
	locked  error
	flates  flatePool
	inflate *inflater
}

// Open reads the cross-reference chain of a PDF file of the given size.
//
// Errors: [ErrNotPDF], [ErrXRef], [ErrCycle], [ErrLimit], [ErrPassword],
// [ErrEncryptedPublicKey], [ErrEncryption], or what r returned. All but the
// last say that the file is bad, not that it could not be read.
func Open(r io.ReaderAt, size int64, opts *Options) (*Document, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	d := &Document{
		src:          source{r: r, size: size},
		flates:       flatePool{shared: o.Scratch},
		lexBudget:    orDefault(o.Limits.Lex, baseLexBudget+lexPerByte*size),
		decodeBudget: orDefault(o.Limits.Decode, baseDecodeBudget+decodePerByte*size),
		xrefBudget:   maxXRefBytes,
	}
	if m, ok := r.(Memory); ok && int64(len(m)) >= size && size > 0 {
		d.src.mem = m
	}
	d.objects.limit, d.objStms.limit = objectCacheCost, objStmCacheCost
	if o.Prefix.begins(d) {
		d.prefix = o.Prefix
	}
	d.borrow(o.Scratch)
	d.parser.names = &d.names
	d.parser.onDup = d.warnDuplicates
	header, err := d.readHeader()
	if err != nil {
		return nil, err
	}
	if err := d.readRevisions(header, int(orDefault(int64(o.Limits.Revisions), maxRevisions))); err != nil {
		return nil, err
	}
	if err := d.unlock(o.Password); err != nil {
		if !o.AllowLocked {
			return nil, err
		}
		d.locked = err
	}
	return d, nil
}

func orDefault(v, def int64) int64 {
	if v <= 0 {
		return def
	}
	return v
}

// headerWindow is how far into the file "%PDF-" is looked for, as Acrobat does.
const headerWindow = 1024

func (d *Document) readHeader() (int64, error) {
	buf, err := d.src.view(0, headerWindow+16)
	if err != nil {
		return 0, err
	}
	i := bytes.Index(buf, []byte("%PDF-"))
	if i < 0 || i > headerWindow {
		return 0, ErrNotPDF
	}
	v := buf[i+5:]
	for j, c := range v {
		if (c < '0' || c > '9') && c != '.' || j == 8 {
			v = v[:j]
			break
		}
	}
	d.version = string(v)
	return int64(i), nil
}

// Version returns the version in the file's header, such as "1.7". The
// catalog's /Version may raise it.
func (d *Document) Version() string { return d.version }

// Size returns the size of the file in bytes.
func (d *Document) Size() int64 { return d.src.size }

// ReaderAt returns the file itself.
func (d *Document) ReaderAt() io.ReaderAt { return d.src.r }

// HeaderOffset returns the number that was added to every offset stated in the
// file: that of "%PDF-" if offsets are counted from there, else 0. Offsets that
// this package returns always count from byte 0.
func (d *Document) HeaderOffset() int64 { return d.base }

// Revisions returns the revisions, oldest first; there is at least one.
func (d *Document) Revisions() []*Revision { return d.revs }

// Last returns the newest revision: the document as a viewer shows it.
func (d *Document) Last() *Revision { return d.revs[len(d.revs)-1] }

// Locked returns nil, or why the content of an encrypted file opened with
// Options.AllowLocked cannot be read: ErrPassword, ErrEncryptedPublicKey or
// ErrEncryption.
func (d *Document) Locked() error { return d.locked }

func (d *Document) warnDuplicates(dict *Dict) {
	off := dict.start
	if !dict.inFile {
		off = -1
	}
	for _, k := range dict.Duplicates() {
		d.warn(WarnDuplicateKey, off, "/"+string(k))
		return
	}
}
