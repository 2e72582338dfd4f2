#!/bin/sh
# Measures what BENCHMARKS.md shows and writes the raw output to build/bench/.
# Run it on a quiet machine: bench.sh [quick]
#   quick   no registry of a million records, no 100 MB files
set -u
cd "$(dirname "$0")/.."
mkdir -p build/bench
short=
[ "${1:-}" = quick ] && short=-short
count=${COUNT:-6}
time=${TIME:-0.5s}

bench() { # name, package, pattern, further flags…
  name=$1 pkg=$2 pattern=$3
  shift 3
  echo "== $name: go test $pkg -run '^\$' -bench '$pattern' $*"
  go test "$pkg" -run '^$' -bench "$pattern" -benchmem $short "$@" >"build/bench/$name.txt" 2>&1 ||
    { tail -n 20 "build/bench/$name.txt"; return; }
  go run golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da "build/bench/$name.txt" 2>/dev/null |
    grep -vE '^(goos|goarch|pkg|cpu|geomean|$)' | grep -vE 'need >= '
}

bench qr ./qr 'Encode|Seal|Verify' -count "$count" -benchtime "$time" -cpu 1
bench page ./signer 'Render|PageLint|Hash' -count "$count" -benchtime "$time" -cpu 1
bench sign ./signer 'SignDraft|SignPDF' -count "$count" -benchtime "$time" -cpu 1
bench product ./verify 'Product' -count "$count" -benchtime "$time" -cpu 1
bench verify ./verify 'File|Bytes|Signatures|Large|Corpus' -count "$count" -benchtime "$time" -cpu 1
bench issue ./internal/office 'Issue' -count 3 -benchtime 2s
bench batch-p256 ./internal/office 'Batch/P-256' -count 3 -benchtime 12000x
bench batch-rsa ./internal/office 'Batch/RSA-2048' -count 3 -benchtime 5000x
bench registry ./registry 'Bare|Record|Reserve' -count "$count" -benchtime "$time"
# Long enough that what a registry reads in the background when it is opened counts little.
bench lookup ./registry 'LookupJSON|Get' -count "$count" -benchtime 400000x -cpu 1 -timeout 60m
bench http ./internal/httpapi 'Lookup' -count "$count" -benchtime 100000x
bench cms ./internal/cms . -count "$count" -benchtime "$time" -cpu 1
bench pki ./internal/pki . -count "$count" -benchtime "$time" -cpu 1
bench pdf ./internal/pdf . -count "$count" -benchtime "$time" -cpu 1
bench streebog ./internal/gost/streebog . -count "$count" -benchtime "$time" -cpu 1
bench gost3410 ./internal/gost/gost3410 'Verify|Sign|Parse' -count "$count" -benchtime "$time" -cpu 1
