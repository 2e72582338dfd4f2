package office

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
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
// order. A row is a line: a line break inside a cell is not taken, so that a
// forgotten quotation mark spoils one row and not all after it.
type Table struct {
	in     *bufio.Reader
	one    *bufio.Reader // of a single line
	comma  rune
	fields []column
	line   int
	read   atomic.Int64 // asked by a display while another goroutine reads
}

// maxRow bounds a line: fifteen cells of 300 characters of four bytes, quoted.
const maxRow = 64 << 10

// NewTable reads the header. An unknown, repeated or missing column is [ErrTable].
func NewTable(r io.Reader) (*Table, error) {
	t := &Table{in: bufio.NewReaderSize(r, maxRow), one: bufio.NewReader(nil), comma: ','}
	head, err := t.nextLine()
	if err != nil {
		return nil, fmt.Errorf("%w: no header: %w", ErrTable, err)
	}
	head = strings.TrimPrefix(head, "\ufeff")
	if !utf8.ValidString(head) {
		return nil, fmt.Errorf("%w: the first line is not UTF-8; save the table as CSV UTF-8", ErrTable)
	}
	if strings.Count(head, ";") > strings.Count(head, ",") {
		t.comma = ';'
	}
	names, err := t.cells(head)
	if err != nil {
		return nil, fmt.Errorf("%w: header: %w", ErrTable, err)
	}
	return t, t.bind(names)
}

var errLongRow = fmt.Errorf("more than %d bytes", maxRow)

// nextLine returns a line without its end. A line that is too long is read to
// its end and reported.
func (t *Table) nextLine() (string, error) {
	line, err := t.in.ReadSlice('\n')
	t.read.Add(int64(len(line)))
	t.line++
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			line, err = t.in.ReadSlice('\n')
			t.read.Add(int64(len(line)))
		}
		if err == nil || errors.Is(err, io.EOF) {
			err = errLongRow
		}
		return "", err
	}
	if err != nil && !(errors.Is(err, io.EOF) && len(line) > 0) {
		return "", err
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

// cells splits one line.
func (t *Table) cells(line string) ([]string, error) {
	t.one.Reset(strings.NewReader(line))
	r := csv.NewReader(t.one) // which reads from it, rather than to make one like it
	r.Comma = t.comma
	cells, err := r.Read()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		err = parse.Err
	}
	return cells, err
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

// Next reads a row; empty lines are passed over. It returns io.EOF at the end,
// [*RowError] for a broken row, after which reading may go on, and any other
// error for a broken file.
func (t *Table) Next() (Request, int, error) {
	var q Request
	line, err := t.nextLine()
	for err == nil && strings.TrimSpace(line) == "" {
		line, err = t.nextLine()
	}
	if errors.Is(err, errLongRow) {
		return q, t.line, &RowError{t.line, err}
	}
	if err != nil {
		return q, t.line, err
	}
	row, err := t.cells(line)
	if err == nil && len(row) != len(t.fields) {
		err = fmt.Errorf("%d cells, want %d", len(row), len(t.fields))
	}
	if err != nil {
		return q, t.line, &RowError{t.line, err}
	}
	for i, c := range t.fields {
		cell := strings.TrimSpace(row[i])
		if !utf8.ValidString(cell) {
			return q, t.line, &RowError{t.line, fmt.Errorf("column %q is not UTF-8; save the table as CSV UTF-8", c.name)}
		}
		*c.of(&q) = cell
	}
	return q, t.line, nil
}

// Offset returns how many bytes were read, for a progress display.
func (t *Table) Offset() int64 { return t.read.Load() }
