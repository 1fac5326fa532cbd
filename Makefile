# Every target is one line of `make help`. What is fetched or built goes to
# .tools/, which `make clean` removes.

.DEFAULT_GOAL := help

# The race detector needs a C compiler. Without one, what it would check runs
# all the same, but unchecked; `needs-cc` says so, and in CI it is an error.
CC_FOUND := $(shell set -- $$(go env CC 2>/dev/null); command -v "$$1" >/dev/null 2>&1 && echo yes)
RACE := $(if $(CC_FOUND),-race)

# -count=1: Go's cache of results does not see the plugin's sources from e2e/.
# gotestsum, because it shows what was skipped, and why. One package at a time
# (-p 1) where real servers run, for they wait for each other's processors. The
# judges run twice, race-checked and then for longer; planted faults are found
# by the first run.
RUN = go tool gotestsum --format pkgname -- -count=1

# Where real servers run, what failed is tried once more, by itself and whole,
# for the parts of a story build on each other. Both are shown; a test that
# needs that has something to tell.
REAL = go tool gotestsum --format pkgname --rerun-fails=1 --rerun-fails-run-root-test --rerun-fails-max-failures=6 --packages

# A webhook URL may hold a $, which make would take for a variable of its own.
ifneq ($(origin WEBHOOK_URL),undefined)
override WEBHOOK_URL := $(value WEBHOOK_URL)
export WEBHOOK_URL
endif

.PHONY: help demo test lint unit e2e e2e-openwebui compat bench truth fuzz chaos setup vendor record clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-15s%s\n", $$1, $$2}' Makefile

demo: needs-go ## show it: Traefik, the plugin, and Tim who signs up (WEBHOOK_URL=… sends it to you)
	@cd e2e && go run ./demo

test: needs-go foretell setup lint unit e2e ## everything: compiled, interpreted, on a real Traefik and a real Open WebUI

lint: needs-go ## formatting, vet, staticcheck, the interpreter's traps, and whether vendor/ is as made
	@scripts/lint.sh

unit: needs-go needs-cc ## the plugin's own tests and the command's, compiled and race-checked
	go test $(RACE) ./...
	cd cmd/notify && go test $(RACE) ./...

e2e: needs-go needs-cc ## all that needs an interpreter, Traefik or Open WebUI (some of it: E2E=./scenario)
	$(if $(E2E),,cd e2e && $(RUN) $(RACE) -timeout 20m ./gjson ./judge)
	$(if $(E2E),,cd e2e && $(RUN) -p 1 -timeout 20m -skip '^TestPlanted$$' ./judge ./interpreted ./traps/... ./yaegivet/...)
	cd e2e && $(REAL) "$(or $(E2E),$$(go list ./... | grep -vE '/(gjson|judge|interpreted|traps|yaegivet)(/|$$)'))" -- -count=1 -p 1 -timeout 20m

e2e-openwebui: needs-go ## a real Open WebUI alone: in a real browser, and by every way to sign up
	cd e2e && $(REAL) "./browser ./openwebui" -- -count=1 -p 1 -timeout 20m

compat: needs-go ## sign people up through older Traefiks and Open WebUIs, and write docs/compatibility.md (ten minutes, 10 GB)
	cd e2e && go run ./compat

bench: needs-go ## what the plugin costs, as ratios: writes docs/benchmark/ (half an hour)
	cd e2e && go run ./bench

truth: needs-go fuzz ## the long form: does the interpreter compute what the compiler computes? With make fuzz (two hours)
	cd e2e && GJSON_DOCUMENTS=100000 JUDGE_TIMES=20 go test -race -count=1 -timeout 2h -v ./gjson ./judge
	cd e2e && JUDGE_TIMES=20 go test -count=1 -timeout 2h -v ./judge
	cd e2e && go test -count=1 -p 1 -timeout 20m -v ./interpreted ./traps/... ./yaegivet/...

chaos: needs-go ## kill Traefik a thousand times while it delivers (an hour)
	cd e2e && CHAOS_KILLS=1000 go test -count=1 -timeout 4h -v ./chaos

fuzz: needs-go ## names, JSON and paths at random, against the judges (forty minutes)
	cd e2e && go test -run '^$$' -fuzz FuzzMessage -fuzztime 10m ./judge
	cd e2e && go test -run '^$$' -fuzz FuzzGjson -fuzztime 10m ./gjson
	cd e2e && go test -run '^$$' -fuzz FuzzStrangers -fuzztime 10m ./receivers
	cd e2e && PATHFUZZ_REQUESTS=1000000 go test -count=1 -timeout 60m -v ./pathfuzz

setup: needs-go ## fetch and build what the tests need, before it is needed
	@cd e2e && go run ./setup

vendor: needs-go ## make vendor/ anew: gjson and the patch that lets Yaegi read it
	scripts/vendor.sh

record: needs-go ## record testdata/, docs/own-webhook and the picture again, from a real Open WebUI
	cd e2e && go run ./record
	cd e2e && go test -count=1 ./browser -run 'OwnWebhook|Picture' -record

clean: ## remove what was fetched and built
	rm -rf .tools

.PHONY: needs-go needs-cc foretell
needs-go:
	@command -v go >/dev/null || { echo "Go is missing: see https://go.dev/dl/ (or your system's packages)" >&2; exit 1; }
	@said=$$(cd e2e && go list -m 2>&1) || { echo "Go 1.26 or newer is needed, and 1.21 or newer to fetch it: see https://go.dev/dl/ (or your system's packages). This one says: $$(echo "$$said" | tail -n 1)" >&2; exit 1; }
needs-cc:
	@test -n "$(CC_FOUND)" || { echo "No C compiler, so the race-checked runs are left out: install gcc or clang (Debian: apt-get install gcc libc6-dev)" >&2; test "$$CI" != true; }
foretell:
	@echo "make setup fetches what is not there yet (2 GB at most), make lint and make unit take a minute each, make e2e twenty minutes on two processors."
	@echo "Each of them runs alone, too; of the last, some: make e2e E2E=./scenario"
