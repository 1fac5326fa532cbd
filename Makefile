# Every target is one line of `make help`. What is fetched or built goes to
# .tools/, which `make clean` removes.

SHELL := /bin/bash
.DEFAULT_GOAL := help

export CGO_ENABLED := 1

# -count=1: Go's cache of results does not see the plugin's sources from e2e/.
# gotestsum, because it shows what was skipped, and why.
RUN = go tool gotestsum --format pkgname -- -count=1

.PHONY: help demo test lint unit truth fuzz e2e setup vendor record clean

help: ## this list
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

demo: needs-go ## show it: Traefik, the plugin, and Tim who signs up (WEBHOOK_URL=… sends it to you)
	@cd e2e && go run ./demo

test: needs-go setup lint unit e2e ## everything: compiled, interpreted, on a real Traefik and a real Open WebUI

lint: needs-go ## formatting, vet, staticcheck, the interpreter's traps, and whether vendor/ is as made
	@scripts/lint.sh

unit: needs-go ## the plugin's own tests, compiled and race-checked
	go test -race ./...

e2e: needs-go ## all that needs an interpreter, Traefik or Open WebUI (some of it: E2E=./scenario)
	cd e2e && $(RUN) -race -timeout 20m $(or $(E2E),./gjson ./judge)
	cd e2e && $(RUN) -timeout 20m $(or $(E2E),$$(go list ./... | grep -v /gjson))

truth: needs-go ## the long form: does the interpreter compute what the compiler computes? (an hour)
	cd e2e && GJSON_DOCUMENTS=100000 JUDGE_TIMES=20 go test -race -count=1 -timeout 2h -v ./gjson ./judge
	cd e2e && JUDGE_TIMES=20 go test -count=1 -timeout 2h -v ./judge

fuzz: needs-go ## names, JSON and paths at random, against the judges (half an hour)
	cd e2e && go test -run '^$$' -fuzz FuzzMessage -fuzztime 10m ./judge
	cd e2e && go test -run '^$$' -fuzz FuzzGjson -fuzztime 10m ./gjson
	cd e2e && PATHFUZZ_REQUESTS=1000000 go test -count=1 -timeout 60m -v ./pathfuzz

setup: needs-go ## fetch and build what the tests need, before it is needed
	@cd e2e && go run ./setup

vendor: needs-go ## make vendor/ anew: gjson and the patch that lets Yaegi read it
	scripts/vendor.sh

record: needs-go ## record the answers in testdata/ again, from a real Open WebUI
	cd e2e && go run ./record

clean: ## remove what was fetched and built
	rm -rf .tools

.PHONY: needs-go
needs-go:
	@command -v go >/dev/null || { echo "Go is missing: see https://go.dev/dl/ (or your system's packages)" >&2; exit 1; }
