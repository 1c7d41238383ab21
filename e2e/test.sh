#!/bin/sh
# The gate behind `make test`: form, lint, every test under the race detector,
# tidiness. Run by e2e/services.sh, which starts what the tests talk to.
# Closes with the number of tests; a skipped one fails the gate.
set -eu
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log" "$log.whole"' EXIT

step() { printf '\n== %s\n' "$*"; }

step "form"
unformed=$(gofmt -l .)
[ -z "$unformed" ] || { echo "gofmt would change: $unformed"; exit 1; }
go mod tidy -diff
go mod verify >/dev/null

step "vet and lint"
go vet ./...
go tool -modfile=tools.mod golangci-lint run --timeout 10m

# The rooms run under the race detector. What reads the whole county in for each
# test (api, sample, faq), or makes answers and photos by the hundred (aid/apply),
# takes ten times as long there, so here it runs plain, and under the detector in
# `make slow`. All of it was vetted above; vetting every
# package again while it is built would take a second type check of everything.
# Both run at once: what drives a browser mostly waits.
step "tests"
whole='^mashang/(api|api/console|api/resident|api/v1|sample|e2e|e2e/badlink|aid/apply|aid/apply/specimen|faq|faq/check)$'
# shellcheck disable=SC2046 # words on purpose
go test -vet=off -timeout 25m -json $(go list ./... | grep -E "$whole") >"$log.whole" &
plain=$!
status=0
# SQLite is C that was turned into Go: watching what it does with its own memory
# takes four times as long, and tells nothing of ours. `make slow` watches it too.
# shellcheck disable=SC2046
go test -vet=off -race -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc/...=-race=false \
	-gcflags=modernc.org/memory=-race=false -timeout 25m -json $(go list ./... | grep -Ev "$whole") >"$log" || status=$?
wait "$plain" || status=$?
cat "$log" "$log.whole" | go run ./e2e/tally || status=1
exit "$status"
