package e2e_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// hastyEnv turns the test binary into the control of the kill loop: a server
// in front of the portal that acknowledges an application before the portal has
// committed it. Killed together, the two must be seen to lose some.
const hastyEnv = "MASHANG_E2E_HASTY"

// hasty serves on the first address of hastyEnv ("listen portal-URL") until it
// is killed.
func hasty() {
	var addr, portal string
	if _, err := fmt.Sscan(os.Getenv(hastyEnv), &addr, &portal); err != nil {
		fmt.Fprintln(os.Stderr, "hasty:", err)
		os.Exit(1)
	}
	type job struct {
		key  string
		body []byte
	}
	queue := make(chan job, 10000)
	go func() {
		for j := range queue {
			for { // it does try: only its memory is no place to keep things
				req, err := http.NewRequest(http.MethodPost, portal+"/api/v1/applications", bytes.NewReader(j.body))
				if err != nil {
					break
				}
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("Idempotency-Key", j.key)
				res, err := http.DefaultClient.Do(req)
				if err == nil {
					res.Body.Close()
					if res.StatusCode < 500 {
						break
					}
				}
				time.Sleep(20 * time.Millisecond)
			}
		}
	}()
	err := http.ListenAndServe(addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		queue <- job{r.Header.Get("Idempotency-Key"), b}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"receipt":%q}`, r.Header.Get("Idempotency-Key"))
	}))
	fmt.Fprintln(os.Stderr, "hasty:", err)
	os.Exit(1)
}
