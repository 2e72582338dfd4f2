#!/bin/sh
# Installs the Debian packages that the demo or the tests need: deps.sh demo|test
# As root it installs what is missing; else it prints the one command to run.
set -eu

demo="gcc libc6-dev poppler-utils zbar-tools"
test="$demo openssl libssl-dev libengine-gost-openssl qpdf mupdf-tools
  default-jdk-headless libpdfbox2-java libjaxb-api-java libactivation-java libcommons-logging-java
  chromium libxml2-utils xmlsec1 libnss3-tools"

case "${1:-}" in
demo) want=$demo ;;
test) want=$test ;;
*) echo "usage: deps.sh demo|test" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "deps: not a Debian machine; make sure these are installed:" $want
  exit 0
fi
missing=
for p in $want; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
  echo "deps: these packages are missing; run this once and try again:" >&2
  echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing" >&2
  exit 1
fi
echo "deps: installing$missing"
log=$(mktemp)
if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "deps: apt-get failed, see $log" >&2
  exit 1
fi
rm -f "$log"
