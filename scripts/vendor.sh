#!/bin/sh
# Makes vendor/: what `go mod vendor` gives, with patches/gjson.patch applied.
#
#   scripts/vendor.sh           makes vendor/ anew
#   scripts/vendor.sh --check   fails, naming what differs, when vendor/ is not
#                               exactly what the first form would make
set -eu
cd "$(dirname "$0")/.."

check=
case "${1-}" in
'') ;;
--check) check=yes ;;
*)
	echo "usage: $0 [--check]" >&2
	exit 2
	;;
esac

if [ -n "$check" ] && ! command -v diff >/dev/null; then
	echo "$0: diff is missing: install it (Debian: apt-get install diffutils)" >&2
	exit 1
fi

command -v go >/dev/null || { echo "Go is missing: see https://go.dev/dl/ (or your system's packages)" >&2; exit 1; }

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM

go mod vendor -o "$new/vendor"

gjson=$new/vendor/github.com/tidwall/gjson
if command -v patch >/dev/null; then
	patch --silent --fuzz=0 --no-backup-if-mismatch -p1 -d "$gjson" <patches/gjson.patch
elif command -v git >/dev/null; then
	# Out of reach of our own repository, which it would take paths from.
	patch=$PWD/patches/gjson.patch
	(cd "$gjson" && GIT_DIR=/dev/null git apply "$patch")
else
	echo "$0: neither patch nor git is there to apply patches/gjson.patch: install one (Debian: apt-get install patch)" >&2
	exit 1
fi

# `go mod vendor` leaves go.mod out. With it the patched copy is a module that
# nested modules put in the place of the published one. -mod=readonly, because
# the go command does not tell where a go.mod is while it reads from vendor/.
cp "$(go list -mod=readonly -m -f '{{.GoMod}}' github.com/tidwall/gjson)" "$gjson/go.mod"
chmod 644 "$gjson/go.mod"

if [ -n "$check" ]; then
	if ! diff -r "$new/vendor" vendor; then
		echo "$0: vendor/ is not what 'make vendor' makes; run it" >&2
		exit 1
	fi
	exit 0
fi

rm -rf vendor
mv "$new/vendor" vendor
