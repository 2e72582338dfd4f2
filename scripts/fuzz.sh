#!/bin/sh
# Runs every fuzz target of the repository for the given time each: fuzz.sh 1m
set -u
cd "$(dirname "$0")/.."
time=${1:-1m}
failed=0
for pkg in $(go list ./...); do
  for target in $(go test -list '^Fuzz' "$pkg" 2>/dev/null | grep '^Fuzz'); do
    if go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x "$pkg" >build/fuzz.log 2>&1; then
      echo "ok    $pkg $target: $(grep -c . build/fuzz.log) lines, $(grep -o 'execs: [0-9]*' build/fuzz.log | tail -n 1)"
    else
      echo "FAIL  $pkg $target"
      tail -n 30 build/fuzz.log
      failed=1
    fi
  done
done
exit $failed
