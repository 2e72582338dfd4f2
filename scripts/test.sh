#!/bin/sh
# Runs every check of the repository and ends with a summary: format, vet,
# staticcheck, all tests with the race detector, the example module.
# VIDIMUS_REQUIRE_ORACLES=1 makes an absent independent tool a failure.
set -u
cd "$(dirname "$0")/.."
mkdir -p build
log=build/test.log
: >"$log"
failed=0
started=$(date +%s)

step() { # name, command…
  name=$1
  shift
  if "$@" >build/step.log 2>&1; then
    echo "ok    $name"
  else
    echo "FAIL  $name"
    sed 's/^/      /' build/step.log | tail -n 40
    failed=1
  fi
}

unformatted() { test -z "$(gofmt -l $(git ls-files '*.go' 2>/dev/null || find . -name '*.go') | tee /dev/stderr)"; }

step gofmt unformatted
step "go vet" go vet ./...
step staticcheck go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

# -v, so that passed and skipped tests can be counted and every skip is shown.
suite() { # folder
  (cd "$1" && go test -race -v -timeout 15m ./... 2>&1) >>"$log" || failed=1
}
# With -v a test's messages stand where it ran, far from its "--- FAIL": the log is
# read twice, and of every failed test the last lines of its own part are shown.
why() { # log
  awk -v keep=25 '
    NR == FNR { if ($1 == "---" && $2 == "FAIL:") failed[$3] = 1; next }
    $1 == "===" && ($2 == "RUN" || $2 == "NAME" || $2 == "CONT") { name = $3; next }
    $1 == "---" || /^(ok|FAIL|PASS|time=)/ { next }
    name in failed { n = count[name]++; line[name, n % keep] = $0 }
    END {
      for (name in count) {
        print "test " name
        from = count[name] > keep ? count[name] - keep : 0
        for (i = from; i < count[name]; i++) print line[name, i % keep]
      }
    }' "$1" "$1"
}
echo "      go test -race (a few minutes; the log is $log)"
suite .
for example in examples/*/; do
  [ -f "$example/go.mod" ] && suite "$example"
done

# -a: tests print names of hostile files, which hold any bytes.
grep -aE '^(ok|FAIL|panic)' "$log" | sed 's/^/      /'
passed=$(grep -acE '^ *--- PASS' "$log")
broken=$(grep -acE '^ *--- FAIL' "$log")
skipped=$(grep -acE '^ *--- SKIP' "$log")
if [ "$broken" -gt 0 ]; then
  echo "failures:"
  why "$log" | head -n 200 | sed 's/^/      /'
elif [ "$failed" -ne 0 ]; then
  grep -anE '(build failed|panic:|timed out|\[setup failed\])' -A 10 "$log" | head -n 60 | sed 's/^/      /'
fi
if [ "$skipped" -gt 0 ]; then
  echo "skipped, so not checked here:"
  grep -ahE -B 2 '^ *--- SKIP' "$log" | grep -avE '^(=== |--$| *--- PASS)' | sed 's/^ */      /' | head -n 30
fi
echo
echo "took $(($(date +%s) - started)) s"
[ "$failed" -eq 0 ] || [ "$broken" -gt 0 ] || broken=1
echo "$passed passed, $broken failed, $skipped skipped"
exit "$failed"
