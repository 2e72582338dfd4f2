package pdf

import (
	"iter"
	"slices"
	"sort"
	"strings"
)

// Dict is a dictionary in the order in which the file wrote it. A key that
// occurs more than once is kept visible through [Dict.Duplicates]: readers
// disagree on which value counts, which makes it a way to show two documents.
type Dict struct {
	entries []dictEntry
	order   []int32 // of entries, by key and then position; nil for small dictionaries
	start   int64
	end     int64
	inFile  bool // positions are offsets in the file, not in an object stream
	dup     bool
}

type dictEntry struct {
	key        Name
	value      Object
	start, end int64 // of the value's tokens
}

// smallDict is the number of entries up to which a linear search beats a binary one.
const smallDict = 12

// NewDict makes a dictionary from keys and values in turn, for callers and
// tests that need one which no file holds.
func NewDict(entries ...DictEntry) *Dict {
	list := make([]dictEntry, len(entries))
	for i, e := range entries {
		list[i] = dictEntry{key: e.Key, value: e.Value, start: -1, end: -1}
	}
	return makeDict(list, -1, -1, false)
}

// DictEntry is one entry of a dictionary.
type DictEntry struct {
	Key   Name
	Value Object
}

func makeDict(entries []dictEntry, start, end int64, inFile bool) *Dict {
	d := &Dict{entries: entries, start: start, end: end, inFile: inFile}
	if len(entries) > smallDict {
		d.order = make([]int32, len(entries))
		for i := range d.order {
			d.order[i] = int32(i)
		}
		slices.SortFunc(d.order, func(a, b int32) int {
			if c := strings.Compare(string(entries[a].key), string(entries[b].key)); c != 0 {
				return c
			}
			return int(a - b)
		})
		for i := 1; i < len(d.order); i++ {
			d.dup = d.dup || entries[d.order[i]].key == entries[d.order[i-1]].key
		}
		return d
	}
	for i := range entries {
		for j := range i {
			if entries[i].key == entries[j].key {
				d.dup = true
			}
		}
	}
	return d
}

func (d *Dict) find(key Name) int {
	if d == nil {
		return -1
	}
	if d.order != nil {
		after := sort.Search(len(d.order), func(i int) bool { return d.entries[d.order[i]].key > key })
		if after > 0 && d.entries[d.order[after-1]].key == key {
			return int(d.order[after-1])
		}
		return -1
	}
	for i := len(d.entries) - 1; i >= 0; i-- {
		if d.entries[i].key == key {
			return i
		}
	}
	return -1
}

// Get returns the value of key as written, references unresolved; nil when
// there is none. Of a duplicate key the last value counts.
func (d *Dict) Get(key Name) Object {
	if i := d.find(key); i >= 0 {
		return d.entries[i].value
	}
	return nil
}

// Has reports whether the key is present, with whatever value.
func (d *Dict) Has(key Name) bool { return d.find(key) >= 0 }

// Len returns the number of entries as written, duplicates counted each.
func (d *Dict) Len() int {
	if d == nil {
		return 0
	}
	return len(d.entries)
}

// Keys returns the keys in file order, each once.
func (d *Dict) Keys() []Name {
	keys := make([]Name, 0, d.Len())
	for k := range d.All() {
		keys = append(keys, k)
	}
	return keys
}

// All iterates over keys and the values that [Dict.Get] returns for them, in
// file order, each key once.
func (d *Dict) All() iter.Seq2[Name, Object] {
	return func(yield func(Name, Object) bool) {
		if d == nil {
			return
		}
		for i := range d.entries {
			if d.dup && d.find(d.entries[i].key) != i {
				continue
			}
			if !yield(d.entries[i].key, d.entries[i].value) {
				return
			}
		}
	}
}

// Entries iterates over the entries as written, duplicates included.
func (d *Dict) Entries() iter.Seq2[Name, Object] {
	return func(yield func(Name, Object) bool) {
		if d == nil {
			return
		}
		for i := range d.entries {
			if !yield(d.entries[i].key, d.entries[i].value) {
				return
			}
		}
	}
}

// Duplicates returns the keys that occur more than once, each once.
func (d *Dict) Duplicates() []Name {
	if d == nil || !d.dup {
		return nil
	}
	var dups []Name
	reported := make(map[Name]bool)
	for i := range d.entries {
		k := d.entries[i].key
		if d.find(k) != i && !reported[k] {
			reported[k] = true
			dups = append(dups, k)
		}
	}
	return dups
}

// Span returns where the value that Get returns stands: file[start:end] is
// exactly its tokens, delimiters included. ok is false when the key is absent
// or the dictionary was not read from the plain file (it lies in an object
// stream, or was made by NewDict).
func (d *Dict) Span(key Name) (start, end int64, ok bool) {
	i := d.find(key)
	if i < 0 || !d.inFile {
		return -1, -1, false
	}
	return d.entries[i].start, d.entries[i].end, true
}

// Bounds returns where the dictionary itself stands in the file, from "<<" to
// ">>" inclusive; ok is false when it was not read from the plain file.
func (d *Dict) Bounds() (start, end int64, ok bool) {
	if d == nil || !d.inFile {
		return -1, -1, false
	}
	return d.start, d.end, true
}
