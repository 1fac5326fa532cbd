#!/bin/sh
# What can be said of the code without running it. Each line of its output is
# a finding, but for what yaegivet says it has checked.
set -eu
cd "$(dirname "$0")/.."
top=$PWD
command -v go >/dev/null || { echo "Go is missing: see https://go.dev/dl/ (or your system's packages)" >&2; exit 1; }

gofmt=$(command -v gofmt || echo "$(go env GOROOT)/bin/gofmt")
unformatted=$("$gofmt" -l ./*.go internal cmd e2e)
if [ -n "$unformatted" ]; then
	echo "not formatted; run gofmt -w:" >&2
	echo "$unformatted" >&2
	exit 1
fi

(cd e2e && go build -o "$top/.tools/staticcheck" honnef.co/go/tools/cmd/staticcheck)
go vet ./...
.tools/staticcheck ./...
(cd cmd/notify && go vet ./... && "$top/.tools/staticcheck" ./...)
cd e2e
go vet ./...
"$top/.tools/staticcheck" ./...
go run ./yaegivet ./...
cd ..
scripts/vendor.sh --check
