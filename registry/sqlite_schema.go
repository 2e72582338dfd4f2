package registry

import (
	"fmt"
)

// sqliteID marks the file as ours: "Vidi" in PRAGMA application_id.
const sqliteID = 0x56696469

// sqliteMigrations lead from one version of the schema to the next; the version
// is the number of those applied, kept in PRAGMA user_version. A migration that
// was released is never edited.
//
// Times are microseconds since 1970 in UTC; days are the decimal number
// YYYYMMDD, 0 for none.
func sqliteMigrations() []string { return []string{sqliteSchema1, sqliteSchema2} }

// documentsVersion is the first one whose documents stand in a file of their own.
const documentsVersion = 2

const sqliteSchema1 = `
CREATE TABLE reservation (
  n       INTEGER PRIMARY KEY,
  key     TEXT NOT NULL UNIQUE,
  request BLOB NOT NULL,          -- digest of the data to be certified
  id      BLOB NOT NULL UNIQUE,
  series  TEXT NOT NULL,
  year    INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  salt    BLOB NOT NULL,
  at      INTEGER NOT NULL,
  erased  INTEGER,                -- index of the ERASE leaf
  UNIQUE (series, year, seq)
) STRICT;

CREATE TABLE record (
  n           INTEGER PRIMARY KEY REFERENCES reservation (n),
  id          BLOB NOT NULL,
  leaf        INTEGER NOT NULL,
  recorded    INTEGER NOT NULL,
  valid_from  INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,
  public      TEXT NOT NULL,      -- the certificate as JSON, without private data
  private     TEXT NOT NULL,      -- СНИЛС and date of birth as JSON
  salt        BLOB NOT NULL,
  nonce       BLOB NOT NULL,      -- hides the content of the commitment in the log
  url         TEXT NOT NULL,
  request     BLOB NOT NULL,      -- binds key and request digest
  sha256      BLOB NOT NULL,      -- of the document
  size        INTEGER NOT NULL,
  digest      BLOB NOT NULL,      -- over all above but n, leaf and recorded; the leaf commits to it
  changes     TEXT NOT NULL,      -- public part of the status changes as JSON
  seal        BLOB NOT NULL,      -- over digest, leaf, recorded and changes
  surname     TEXT NOT NULL,      -- folded, for search
  name        TEXT NOT NULL
) STRICT;
CREATE INDEX record_sha256 ON record (sha256);
CREATE INDEX record_name ON record (surname, name);

CREATE TABLE prefix (             -- beginnings that many documents share
  p     INTEGER PRIMARY KEY,
  sum   BLOB NOT NULL UNIQUE,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE document (
  n      INTEGER PRIMARY KEY REFERENCES record (n),
  prefix INTEGER REFERENCES prefix (p),
  tail   BLOB NOT NULL
) STRICT;

CREATE TABLE leaf (
  i    INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE node (               -- hashes of complete subtrees of 256, 65536, … leaves
  level INTEGER NOT NULL,         -- in tiles: 1, 2, …
  i     INTEGER NOT NULL,
  hash  BLOB NOT NULL,
  PRIMARY KEY (level, i)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  leaf      INTEGER PRIMARY KEY REFERENCES leaf (i),
  at        INTEGER NOT NULL,
  id        BLOB NOT NULL,
  actor     TEXT NOT NULL,
  action    TEXT NOT NULL,
  effective INTEGER,
  reason    TEXT NOT NULL,
  basis     TEXT NOT NULL,
  replaced  BLOB,
  nonce     BLOB,                 -- absent after erasure
  digest    BLOB NOT NULL         -- over all above but leaf; the leaf commits to it
) STRICT;
CREATE INDEX journal_change ON journal (id) WHERE action <> 'issue';

CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;

CREATE TABLE log (                -- one row: the log as it stands
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  origin TEXT NOT NULL,
  vkey   TEXT NOT NULL,
  size   INTEGER NOT NULL,
  edge   BLOB NOT NULL,           -- hashes of the complete subtrees on the right edge, the largest first
  last   INTEGER NOT NULL         -- time of the last leaf
) STRICT;
`

// sqliteSchema2 leaves documents that are in the table document where they are.
const sqliteSchema2 = `
ALTER TABLE record ADD COLUMN start INTEGER;        -- of the document in its file, without the prefix; NULL: it is in the table
ALTER TABLE record ADD COLUMN prefix INTEGER REFERENCES prefix (p);
ALTER TABLE log ADD COLUMN documents INTEGER NOT NULL DEFAULT 0; -- where the last one ends
CREATE TABLE wipe (               -- stretches of that file still to be overwritten after an erasure
  start INTEGER PRIMARY KEY,
  size  INTEGER NOT NULL
) STRICT;
`

// migrate brings the schema up to date. An empty file becomes a registry only
// if create is set: a mistyped path should not.
func migrate(c *sqliteConn, path string, create bool) error {
	version, err := schemaVersion(c)
	if err != nil {
		return err
	}
	if version == 0 && !create {
		return fmt.Errorf("%w: the file is empty, and making a registry needs Origin and LogKey", ErrSchema)
	}
	if version == 0 {
		if err := c.exec(fmt.Sprintf("PRAGMA page_size = %d", pageBytes)); err != nil {
			return err
		}
	}
	// A restored backup is not in this mode either.
	if err := c.exec("PRAGMA journal_mode = WAL"); err != nil || version == len(sqliteMigrations()) {
		return err
	}
	return c.transact(func(tx transaction) error {
		version, err := schemaVersion(tx) // another process may have been faster
		if err != nil {
			return err
		}
		if version < documentsVersion {
			if err := makeDocuments(path); err != nil {
				return err
			}
		}
		for _, m := range sqliteMigrations()[version:] {
			if _, err := c.raw.Exec(m, nil); err != nil {
				return sqliteError(err, "")
			}
		}
		if err := tx.exec(fmt.Sprintf("PRAGMA application_id = %d", sqliteID)); err != nil {
			return err
		}
		return tx.exec(fmt.Sprintf("PRAGMA user_version = %d", len(sqliteMigrations())))
	})
}

// schemaVersion returns 0 for an empty file and [ErrSchema] for one that this
// program cannot use.
func schemaVersion(q querier) (int, error) {
	var got [3]int64
	for i, sql := range []string{"PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) FROM sqlite_schema"} {
		r, err := first(q, sql)
		if err != nil {
			return 0, err
		}
		got[i] = r.int(0)
	}
	version, app, tables := got[0], got[1], got[2]
	switch {
	case version == 0 && app == 0 && tables == 0:
		return 0, nil
	case app != sqliteID:
		return 0, fmt.Errorf("%w: the file is a database, but no registry", ErrSchema)
	case version < 1 || version > int64(len(sqliteMigrations())):
		return 0, fmt.Errorf("%w: version %d, this program knows up to %d", ErrSchema, version, len(sqliteMigrations()))
	}
	return int(version), nil
}
