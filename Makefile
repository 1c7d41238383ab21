# make test is the one gate; slow and bench go deeper.
GO ?= go
SERVICES = sh e2e/services.sh

.PHONY: test slow bench bench-bleve lint demo

# Every test, on SQLite and in-process state and on PostgreSQL and Redis, with a
# real browser. Installs what it needs on a bare Debian machine with Go.
test:
	@$(SERVICES) sh e2e/test.sh

# Fault loops, volumes, sweeps; everything under the race detector. What is timed runs after it, without.
slow:
	@$(SERVICES) $(GO) test -race -tags slow -timeout 80m -count=1 ./...
	@$(SERVICES) $(GO) test -tags slow -timeout 80m -count=1 -run TenMillion -v ./aid/place/scan ./api

# The side-by-side measurements.
bench:
	$(GO) test -run XXX -bench . -benchmem ./qr ./faq ./faq/search ./frontend ./aid/... ./platform/...

# The engine against bleve on BEIR-style sets: make bench-bleve EVAL=FOLDER, a sub-folder for each set.
# bleve is in a module of its own, so that nobody who only runs the program fetches it.
bench-bleve:
	cd e2e/bleve && $(GO) run . -eval "$(abspath $(EVAL))" -weights "$(WEIGHTS)"

lint:
	$(GO) tool -modfile=tools.mod golangci-lint run

demo:
	$(GO) run . demo
