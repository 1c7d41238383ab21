#!/bin/sh
# The gate behind `make test`: form, lint, every test under the race detector,
# tidiness. Run by e2e/services.sh, which starts what the tests talk to.
# Closes with the number of tests; a skipped one fails the gate.
set -eu
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

step() { printf '\n== %s\n' "$*"; }

step "form"
unformed=$(gofmt -l .)
[ -z "$unformed" ] || { echo "gofmt would change: $unformed"; exit 1; }
go mod tidy -diff
go mod verify >/dev/null

step "vet and lint"
go vet ./...
go tool -modfile=tools.mod golangci-lint run --timeout 10m

step "tests"
status=0
go test -race -timeout 20m -json ./... >"$log" || status=$?
go run ./e2e/tally <"$log" || status=1
exit "$status"
