package registrytest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
)

const (
	prefixSize   = 4 << 10
	documentSize = 6 << 10
)

// TestRegistrar is the conformance test of [vidimus.Registrar]. open returns an
// empty one for each part.
func TestRegistrar(t *testing.T, open func(t *testing.T) vidimus.Registrar) {
	for _, part := range []struct {
		name string
		run  func(*testing.T, vidimus.Registrar)
	}{
		{"ReserveIsIdempotent", reserveIsIdempotent},
		{"NumbersHaveNoGaps", numbersHaveNoGaps},
		{"UnfinishedKeyIsBoundAnew", unfinishedKeyIsBoundAnew},
		{"RecordIsIdempotent", recordIsIdempotent},
		{"FinishedKeyRefusesOtherData", finishedKeyRefusesOtherData},
		{"RecordNeedsItsReservation", recordNeedsItsReservation},
		{"CallersShareTheWriter", callersShareTheWriter},
		{"CancelledCallDoesNothing", cancelledCallDoesNothing},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, open(t)) })
	}
}

func mustReserve(t *testing.T, r vidimus.Registrar, req vidimus.ReserveRequest) vidimus.Reservation {
	t.Helper()
	res, err := r.Reserve(t.Context(), req)
	if err != nil {
		t.Fatalf("Reserve(%q): %v", req.Key, err)
	}
	return res
}

func mustRecord(t *testing.T, r vidimus.Registrar, e vidimus.Entry) vidimus.Receipt {
	t.Helper()
	rc, err := r.Record(t.Context(), e)
	if err != nil {
		t.Fatalf("Record(%q): %v", e.Key, err)
	}
	return rc
}

func mustIssue(t *testing.T, r vidimus.Registrar, i int) (vidimus.Entry, vidimus.Receipt) {
	t.Helper()
	req := Request(i)
	e := Entry(i, req, mustReserve(t, r, req), Prefix(prefixSize), documentSize)
	return e, mustRecord(t, r, e)
}

func reserveIsIdempotent(t *testing.T, r vidimus.Registrar) {
	req := Request(1)
	a := mustReserve(t, r, req)
	if a.ID != req.ID || a.Salt != req.Salt || !a.At.Equal(req.At) || a.Finished != nil {
		t.Errorf("first reservation %+v does not take the candidates of the request", a)
	}
	again := Request(1)
	again.ID, again.Salt = Request(2).ID, Request(2).Salt
	again.At = again.At.AddDate(0, 0, 1)
	if b := mustReserve(t, r, again); !reflect.DeepEqual(a, b) {
		t.Errorf("repeated key: got %+v, want the first %+v", b, a)
	}
}

func numbersHaveNoGaps(t *testing.T, r vidimus.Registrar) {
	for i := range 5 {
		if res := mustReserve(t, r, Request(i)); res.Number != (vidimus.Number{Series: "VD77", Year: 2026, Seq: int64(i + 1)}) {
			t.Errorf("reservation %d has number %v", i, res.Number)
		}
		mustReserve(t, r, Request(i)) // must not use up a number
	}
	taken := Request(100)
	taken.ID = Request(0).ID
	if _, err := r.Reserve(t.Context(), taken); err == nil {
		t.Error("a second key got the ID of the first")
	}
	other := Request(101)
	other.Series = "VD78"
	if n := mustReserve(t, r, other).Number; n.Seq != 1 || n.Series != "VD78" {
		t.Errorf("first number of another series is %v", n)
	}
	next := Request(102)
	next.Year = 2027
	if n := mustReserve(t, r, next).Number; n.Seq != 1 || n.Year != 2027 {
		t.Errorf("first number of another year is %v", n)
	}
	if n := mustReserve(t, r, Request(103)).Number; n.Seq != 6 {
		t.Errorf("number after five and a refused one is %v", n)
	}
}

func unfinishedKeyIsBoundAnew(t *testing.T, r vidimus.Registrar) {
	req := Request(1)
	a := mustReserve(t, r, req)
	changed := req
	changed.Digest = Request(2).Digest
	b := mustReserve(t, r, changed)
	if a.ID != b.ID || a.Number != b.Number || a.Salt != b.Salt {
		t.Errorf("corrected data got %v %v, want the reserved %v %v", b.ID, b.Number, a.ID, a.Number)
	}
	old := Entry(1, req, a, Prefix(prefixSize), documentSize)
	if _, err := r.Record(t.Context(), old); !errors.Is(err, vidimus.ErrKeyReused) {
		t.Errorf("Record with the data before correction: %v, want ErrKeyReused", err)
	}
	mustRecord(t, r, Entry(1, changed, b, Prefix(prefixSize), documentSize))
}

func recordIsIdempotent(t *testing.T, r vidimus.Registrar) {
	e, rc := mustIssue(t, r, 1)
	mustIssue(t, r, 2) // so that the tree has grown
	if again := mustRecord(t, r, e); again != rc {
		t.Errorf("repeated Record: %+v, want the first receipt %+v", again, rc)
	}
	res := mustReserve(t, r, Request(1))
	if res.Finished == nil {
		t.Fatal("Reserve of a finished key does not return the certificate")
	}
	f := res.Finished
	if f.Certificate != e.Certificate || f.URL != e.URL || !bytes.Equal(f.Document, e.Document) || f.Receipt != rc {
		t.Errorf("finished certificate is not the recorded one:\n%+v\n%+v", f.Certificate, e.Certificate)
	}
}

func finishedKeyRefusesOtherData(t *testing.T, r vidimus.Registrar) {
	e, _ := mustIssue(t, r, 1)
	req := Request(1)
	req.Digest = Request(2).Digest
	if _, err := r.Reserve(t.Context(), req); !errors.Is(err, vidimus.ErrKeyReused) {
		t.Errorf("Reserve: %v, want ErrKeyReused", err)
	}
	other := e
	other.Digest = req.Digest
	if _, err := r.Record(t.Context(), other); !errors.Is(err, vidimus.ErrKeyReused) {
		t.Errorf("Record: %v, want ErrKeyReused", err)
	}
	other = e
	other.Document = bytes.Clone(e.Document)
	other.Document[len(other.Document)-1] ^= 1
	if _, err := r.Record(t.Context(), other); err == nil {
		t.Error("Record of the same data with another document: no error, though those bytes are not in the registry")
	}
}

func recordNeedsItsReservation(t *testing.T, r vidimus.Registrar) {
	req := Request(1)
	good := Entry(1, req, mustReserve(t, r, req), Prefix(prefixSize), documentSize)
	for name, spoil := range map[string]func(*vidimus.Entry){
		"unknown key":    func(e *vidimus.Entry) { e.Key = "nobody reserved this" },
		"another ID":     func(e *vidimus.Entry) { e.Certificate.ID = Request(2).ID },
		"another number": func(e *vidimus.Entry) { e.Certificate.Number.Seq++ },
		"another salt":   func(e *vidimus.Entry) { e.Salt[0] ^= 1 },
		"another time":   func(e *vidimus.Entry) { e.Certificate.IssuedAt = e.Certificate.IssuedAt.Add(time.Second) },
		"no document":    func(e *vidimus.Entry) { e.Document, e.PrefixLen = nil, 0 },
		"wrong prefix":   func(e *vidimus.Entry) { e.PrefixSum[0] ^= 1 },
		"long prefix":    func(e *vidimus.Entry) { e.PrefixLen = len(e.Document) + 1 },
	} {
		e := good
		spoil(&e)
		if _, err := r.Record(t.Context(), e); err == nil {
			t.Errorf("%s: recorded", name)
		}
	}
	if res := mustReserve(t, r, req); res.Finished != nil {
		t.Error("a refused entry finished the reservation")
	}
	mustRecord(t, r, good)
}

// callersShareTheWriter runs good and bad calls side by side: what is wrong with
// one must not show in another.
func callersShareTheWriter(t *testing.T, r vidimus.Registrar) {
	const callers, each = 16, 8
	var wg sync.WaitGroup
	var mu sync.Mutex
	numbers := make(map[vidimus.Number]bool)
	leaves := make(map[int64]bool)
	for c := range callers {
		wg.Go(func() {
			for k := range each {
				i := c*each + k
				req := Request(i)
				res, err := r.Reserve(context.Background(), req)
				if err != nil {
					t.Errorf("Reserve: %v", err)
					return
				}
				e := Entry(i, req, res, Prefix(prefixSize), documentSize)
				bad := e
				bad.Key = fmt.Sprintf("not reserved %d", i)
				if _, err := r.Record(context.Background(), bad); err == nil {
					t.Error("recorded without reservation")
				}
				rc, err := r.Record(context.Background(), e)
				if err != nil {
					t.Errorf("Record: %v", err)
					return
				}
				mu.Lock()
				if numbers[res.Number] || leaves[rc.LeafIndex] || rc.TreeSize <= rc.LeafIndex {
					t.Errorf("number %v or leaf %d given twice, or not covered by a tree of %d", res.Number, rc.LeafIndex, rc.TreeSize)
				}
				numbers[res.Number], leaves[rc.LeafIndex] = true, true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for n := range int64(callers * each) {
		if !numbers[vidimus.Number{Series: "VD77", Year: 2026, Seq: n + 1}] || !leaves[n] {
			t.Errorf("number %d or leaf %d is missing", n+1, n)
		}
	}
}

func cancelledCallDoesNothing(t *testing.T, r vidimus.Registrar) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Reserve(ctx, Request(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("Reserve: %v, want context.Canceled", err)
	}
	if n := mustReserve(t, r, Request(2)).Number; n.Seq != 1 {
		t.Errorf("the cancelled call used up a number: the next is %v", n)
	}
}
