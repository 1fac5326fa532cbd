# Every target is one line of `make help`. What is fetched or built goes to
# .tools/, which `make clean` removes.

SHELL := /bin/bash
.DEFAULT_GOAL := help

export CGO_ENABLED := 1

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

e2e: needs-go ## all that needs an interpreter, Traefik or Open WebUI (packages: E2E=./scenario)
	cd e2e && scripts/test.sh $(E2E)

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
