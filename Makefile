# vidimus. Two commands for a newcomer: `make demo` and `make test`.

GO ?= go

.PHONY: all build demo test bench lint fuzz deps clean help

all: build

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

build: ## the binary, build/vidimus
	@mkdir -p build
	$(GO) build -trimpath -o build/vidimus ./cmd/vidimus

demo: ## issue, look up, scan and revoke certificates of made-up people
	@scripts/deps.sh demo
	@$(MAKE) --no-print-directory build
	@build/vidimus demo

test: ## every check, with independent tools; ends with a summary
	@scripts/deps.sh test
	@scripts/test.sh

deps: ## install the Debian packages that demo and test need
	@scripts/deps.sh test

lint: ## gofmt, vet and staticcheck only
	@test -z "$$(gofmt -l $$(git ls-files '*.go') | tee /dev/stderr)"
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

bench: ## the figures of BENCHMARKS.md
	@scripts/bench.sh

FUZZTIME ?= 1m
fuzz: ## every fuzz target for FUZZTIME (1m)
	@scripts/fuzz.sh $(FUZZTIME)

clean: ## remove what was built
	rm -rf build
