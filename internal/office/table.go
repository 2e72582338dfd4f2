package office

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// ErrTable is returned for a table without a usable header.
var ErrTable = errors.New("office: not a table of requests")

// RowError says which row of a table is broken; the rows after it can be read.
type RowError struct {
	Line int // of the file, from 1
	Err  error
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the cause.
func (e *RowError) Unwrap() error { return e.Err }

// Table reads requests from CSV: UTF-8 with or without a byte order mark, comma
// or semicolon between cells, the names of [Columns] in the first row, in any
// order.
type Table struct {
	csv    *csv.Reader
	fields []column
	line   int
}

// maxHeader bounds the first line, which is read to find the separator.
const maxHeader = 16 << 10

// NewTable reads the header. An unknown, repeated or missing column is [ErrTable].
func NewTable(r io.Reader) (*Table, error) {
	b := bufio.NewReaderSize(r, maxHeader)
	head, err := b.Peek(maxHeader)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("office: read table: %w", err)
	}
	if bom := []byte("\ufeff"); bytes.HasPrefix(head, bom) {
		_, _ = b.Discard(len(bom))
		head = head[len(bom):]
	}
	first, _, _ := bytes.Cut(head, []byte("\n"))
	if !utf8.Valid(first) {
		return nil, fmt.Errorf("%w: the first line is not UTF-8; save the table as CSV UTF-8", ErrTable)
	}
	t := &Table{csv: csv.NewReader(b)}
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		t.csv.Comma = ';'
	}
	t.csv.ReuseRecord = true
	t.csv.FieldsPerRecord = -1 // checked by us, to go on after a wrong row
	names, err := t.csv.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: no header: %w", ErrTable, err)
	}
	return t, t.bind(names)
}

func (t *Table) bind(names []string) error {
	known := make(map[string]column)
	for _, c := range columns() {
		known[c.name] = c
	}
	seen := make(map[string]bool)
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		c, ok := known[name]
		switch {
		case !ok:
			return fmt.Errorf("%w: column %d is %q; known are %s", ErrTable, i+1, name, strings.Join(Columns(), ", "))
		case seen[name]:
			return fmt.Errorf("%w: column %q stands twice", ErrTable, name)
		}
		seen[name] = true
		t.fields = append(t.fields, c)
	}
	for _, c := range columns() {
		if c.required && !seen[c.name] {
			return fmt.Errorf("%w: column %q is missing", ErrTable, c.name)
		}
	}
	return nil
}

// Next reads a row. It returns io.EOF at the end, [*RowError] for a broken row,
// after which reading may go on, and any other error for a broken file.
func (t *Table) Next() (Request, int, error) {
	var q Request
	row, err := t.csv.Read()
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		return q, parse.StartLine, &RowError{parse.StartLine, parse.Err}
	case err != nil:
		return q, 0, err
	}
	line, _ := t.csv.FieldPos(0)
	if len(row) != len(t.fields) {
		return q, line, &RowError{line, fmt.Errorf("%d cells, want %d", len(row), len(t.fields))}
	}
	for i, c := range t.fields {
		cell := strings.TrimSpace(row[i])
		if !utf8.ValidString(cell) {
			return q, line, &RowError{line, fmt.Errorf("column %q is not UTF-8; save the table as CSV UTF-8", c.name)}
		}
		*c.of(&q) = strings.Clone(cell)
	}
	return q, line, nil
}

// Offset returns how many bytes were read, for a progress display.
func (t *Table) Offset() int64 { return t.csv.InputOffset() }
