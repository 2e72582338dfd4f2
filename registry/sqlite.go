package registry

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-sqlite3"
)

const (
	defaultBusyTimeout = 5 * time.Second
	minReaders         = 4 // so that one slow reader does not stop the others on a small machine

	// Memory for pages that a transaction changes: indexes over random IDs are
	// touched all over.
	writerCacheKiB = 64 << 10
	readerCacheKiB = 4 << 10 // readers see the file through mmap
	mmapBytes      = 1 << 40 // SQLite lowers it to what its build allows (2 GiB)
	// pageBytes is for new files. With four times SQLite's 4096 a tree of a million
	// records is a level lower, and those above its leaves stay in the processor's
	// cache: a lookup takes a tenth less, a record as long as before.
	pageBytes = 16 << 10
	// Pages in the write-ahead log before they are copied back: 16 MiB, four times
	// what SQLite takes, as a page of an index changes many times before it is full.
	walPages = 1000
)

// sqliteStore is a file with one connection that writes and several that read.
// It uses the driver's connections directly: database/sql costs more than a
// lookup does.
type sqliteStore struct {
	path    string
	busy    time.Duration
	mu      sync.Mutex // guards w
	w       *sqliteConn
	readers *connPool
	all     []*sqliteConn
	docs    *documentFile
}

func openSQLite(ctx context.Context, path string, o *Options) (*sqliteStore, error) {
	create := o.LogKey != nil && o.Origin != ""
	if err := createFile(path, create); err != nil {
		return nil, fmt.Errorf("registry: open: %w", err)
	}
	// Whatever name it is opened by, there is one file beside it.
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, fmt.Errorf("registry: open: %w", err)
	}
	s := &sqliteStore{path: path, busy: o.BusyTimeout}
	if s.busy <= 0 {
		s.busy = defaultBusyTimeout
	}
	fail := func(err error) (*sqliteStore, error) {
		s.close()
		return nil, fmt.Errorf("registry: open %s: %w", path, err)
	}
	if s.w, err = s.connect(false); err != nil {
		return fail(err)
	}
	if err := migrate(s.w, path, create); err != nil {
		return fail(err)
	}
	if s.docs, err = openDocuments(path); err != nil {
		return fail(err)
	}
	n := o.Readers
	if n <= 0 {
		n = max(minReaders, runtime.GOMAXPROCS(0))
	}
	readers := make([]*sqliteConn, n)
	for i := range readers {
		if readers[i], err = s.connect(true); err != nil {
			return fail(err)
		}
	}
	s.readers = newConnPool(readers)
	return s, nil
}

// createFile makes an empty file that only its owner may read, as it will hold
// personal data. SQLite gives its companion files the same mode.
func createFile(path string, create bool) error {
	if !create {
		_, err := os.Stat(path)
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// connect adds a connection that lives as long as the store.
func (s *sqliteStore) connect(readOnly bool) (*sqliteConn, error) {
	c, err := s.dial(readOnly)
	if err == nil {
		s.all = append(s.all, c)
	}
	return c, err
}

func (s *sqliteStore) dial(readOnly bool) (*sqliteConn, error) {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(s.path)
	dsn := "file:" + escaped + "?mode=rw&_mutex=no&_txlock=immediate&_foreign_keys=on&_secure_delete=on&_synchronous=FULL" +
		"&_busy_timeout=" + strconv.FormatInt(s.busy.Milliseconds(), 10)
	cache := writerCacheKiB
	if readOnly {
		dsn, cache = dsn+"&_query_only=on", readerCacheKiB
	}
	raw, err := (&sqlite3.SQLiteDriver{}).Open(dsn)
	if err != nil {
		return nil, sqliteError(err, "")
	}
	c := newSQLiteConn(raw.(*sqlite3.SQLiteConn))
	for _, p := range []string{
		fmt.Sprintf("PRAGMA cache_size = -%d", cache),
		fmt.Sprintf("PRAGMA mmap_size = %d", int64(mmapBytes)),
		"PRAGMA temp_store = MEMORY",
		fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", walPages),
	} {
		if err := c.exec(p); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

func (s *sqliteStore) lookup(ctx context.Context, fn func(querier) error) error {
	c, err := s.readers.get(ctx)
	if err != nil {
		return err
	}
	defer s.readers.put(c)
	return fn(c)
}

func (s *sqliteStore) read(ctx context.Context, fn func(querier) error) error {
	c, err := s.readers.get(ctx)
	if err != nil {
		return err
	}
	defer s.readers.put(c)
	if err := c.exec("BEGIN"); err != nil {
		return err
	}
	err = fn(c)
	if end := c.exec("ROLLBACK"); err == nil {
		err = end
	}
	return err
}

func (s *sqliteStore) write(ctx context.Context, fn func(transaction) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.w == nil {
		return ErrClosed
	}
	return s.w.transact(fn)
}

func (c *sqliteConn) transact(fn func(transaction) error) (err error) {
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() { // also when fn panics: the lock must not stay
		if !c.raw.AutoCommit() {
			if undo := c.exec("ROLLBACK"); err == nil {
				err = undo
			}
		}
	}()
	if err := fn(c); err != nil {
		return err
	}
	return c.exec("COMMIT")
}

func (s *sqliteStore) verify(ctx context.Context, limit int) ([]string, error) {
	var said []string
	err := s.lookup(ctx, func(q querier) error {
		return q.query(fmt.Sprintf("PRAGMA integrity_check(%d)", limit), func(r row) error {
			if t := r.text(0); t != "ok" {
				said = append(said, t)
			}
			return nil
		})
	})
	return said, err
}

func (s *sqliteStore) documents() *documentFile { return s.docs }

func (s *sqliteStore) truncateLog(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.w == nil {
		return ErrClosed
	}
	return s.w.query("PRAGMA wal_checkpoint(TRUNCATE)", func(r row) error {
		if r.int(0) != 0 {
			return fmt.Errorf("%w: a reader holds the old pages", ErrBusy)
		}
		return nil
	})
}

func (s *sqliteStore) backup(ctx context.Context, path string) error {
	for _, name := range []string{path, path + documentSuffix} {
		if _, err := os.Lstat(name); err == nil {
			return fmt.Errorf("registry: backup %s: %w", name, fs.ErrExist)
		}
	}
	if err := createFile(path, true); err != nil {
		return err
	}
	// The readers' connections refuse whatever is called writing.
	c, err := s.dial(false)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.exec("VACUUM INTO $1", path); err != nil {
		return err
	}
	return s.backupDocuments(c, path)
}

// backupDocuments copies what the copied database refers to, which only an
// erasure may have changed since.
func (s *sqliteStore) backupDocuments(c *sqliteConn, path string) error {
	copied, err := (&sqliteStore{path: path, busy: s.busy}).dial(true)
	if err != nil {
		return err
	}
	defer copied.close()
	end, err := first(copied, sqlLog)
	if err != nil {
		return err
	}
	if err := s.docs.copy(path+documentSuffix, end.int(3)); err != nil {
		return fmt.Errorf("registry: backup: %w", err)
	}
	const erased = "SELECT count(*) FROM reservation WHERE erased IS NOT NULL"
	before, err := first(copied, erased)
	if err != nil {
		return err
	}
	after, err := first(c, erased)
	if err != nil {
		return err
	}
	if before.int(0) != after.int(0) {
		return fmt.Errorf("%w: a certificate was erased during the backup; it must be made again", ErrBusy)
	}
	return nil
}

// close waits for readers that are still at work.
func (s *sqliteStore) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.readers != nil && s.w != nil {
		s.readers.close()
	}
	s.w = nil
	var errs []error
	for _, c := range s.all {
		errs = append(errs, c.close())
	}
	s.all = nil
	return errors.Join(append(errs, s.docs.close())...)
}
