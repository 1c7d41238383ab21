// Package kvtest runs a test on every kind of kv.Store.
package kvtest

import (
	"crypto/rand"
	"os"
	"testing"
	"time"

	"mashang/platform/kv"
)

// Env names the variable that holds the Redis tests may use.
const Env = "MASHANG_TEST_REDIS"

// Each runs fn on an empty Memory and on a Redis of its own. Without a Redis the
// test fails: half a run is no run.
func Each(t *testing.T, fn func(t *testing.T, s kv.Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		s := kv.NewMemory(time.Now)
		t.Cleanup(func() { s.Close() })
		fn(t, s)
	})
	t.Run("redis", func(t *testing.T) { fn(t, Redis(t)) })
}

// Redis is a store on the real server whose keys no other test sees.
func Redis(t testing.TB) *kv.Redis {
	t.Helper()
	r, err := kv.OpenRedisIn(t.Context(), URL(t), "t:"+rand.Text()+":")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// URL is the address of the server.
func URL(t testing.TB) string {
	t.Helper()
	url := os.Getenv(Env)
	if url == "" {
		t.Fatalf("%s is not set: run the tests as `sh e2e/services.sh go test ./...`, which starts a PostgreSQL and a Redis for them", Env)
	}
	return url
}
