// Package registry keeps issued certificates, the changes of their status, and
// an append-only Merkle log that makes both tamper-evident.
//
// A program that issues needs an open registry as the Registry of its
// [vidimus.Issuer]; one that answers questions needs a lookup:
//
//	reg, err := registry.Open(ctx, "vidimus.db", registry.Options{Origin: "example.org/vidimus", LogKey: key})
//	rec, err := reg.Get(ctx, id)                  // rec.Status(asOf, knownOn)
//	body, etag, err := reg.LookupJSON(ctx, id)    // the public answer, status as of now
//
// Rows of an SQL database are the source for lookup. A record or a change, its
// line in the journal, its leaf in the log and the signed checkpoint are
// written in one transaction, and a call returns when that is durable.
// Concurrent calls share a transaction.
//
// A registry is two files: the database, and beside it one with the suffix
// "-documents", in which the signed documents stand one behind the other. Copy
// both, the database first, or use [Registry.Backup].
//
// The log follows C2SP: tlog-tiles, tlog-checkpoint and signed-note, with
// SHA-256 as in RFC 6962 §2. What its leaves say is defined at [Leaf].
package registry
