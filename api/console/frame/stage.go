package frame

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/platform/files"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Kept is how long a file waits between its preview and its taking in.
const Kept = time.Hour

func stager(c *gin.Context, kind string) string { return files.Staged + kind + "/" + Account(c).Name }

// Stage keeps a file, sealed, until the account that brought it has looked at
// what it would do. The caller bounds r.
func (f *Frame) Stage(c *gin.Context, kind, name string, r io.Reader) (id string, err error) {
	id = rand.Text()
	name = strings.NewReplacer("\n", " ", "\r", " ").Replace(name)
	ctx := c.Request.Context()
	all, err := io.ReadAll(r)
	if err != nil {
		return "", fmt.Errorf("console: stage: %w", err)
	}
	err = f.DB.Tx(ctx, func(q store.Queryer) error {
		// The name is sealed with the file: it may name a person.
		return f.Vault.Put(ctx, q, id, stager(c, kind), "application/octet-stream", strings.NewReader(name+"\n"+string(all)))
	})
	if err != nil {
		return "", fmt.Errorf("console: stage: %w", err)
	}
	return id, nil
}

// Staged opens a file this account has staged within the hour; any other is Missing.
func (f *Frame) Staged(c *gin.Context, kind, id string) (name string, r io.ReadCloser, err error) {
	return f.staged(c, stager(c, kind), id)
}

func (f *Frame) staged(c *gin.Context, owner, id string) (string, io.ReadCloser, error) {
	ctx := c.Request.Context()
	info, err := f.Vault.Stat(ctx, id)
	if problem.Is(err, problem.Missing) || err == nil && (info.Owner != owner || f.Web.Now().Sub(info.Made) > Kept) {
		return "", nil, problem.New(problem.Gone, "console.import.gone")
	}
	if err != nil {
		return "", nil, fmt.Errorf("console: staged: %w", err)
	}
	r, _, err := f.Vault.Open(ctx, id)
	if err != nil {
		return "", nil, fmt.Errorf("console: staged: %w", err)
	}
	var name []byte
	one := make([]byte, 1)
	for {
		if _, err := io.ReadFull(r, one); err != nil {
			r.Close()
			return "", nil, fmt.Errorf("console: staged: %w", err)
		}
		if one[0] == '\n' {
			return string(name), r, nil
		}
		name = append(name, one[0])
	}
}

// Unstage destroys a staged file; one that is gone is no error.
func (f *Frame) Unstage(c *gin.Context, kind, id string) error {
	ctx := c.Request.Context()
	if _, r, err := f.Staged(c, kind, id); err != nil {
		return nil //nolint:nilerr // what is not there needs no destroying
	} else {
		r.Close()
	}
	return f.Vault.Delete(ctx, f.DB, id)
}

// Take gives a staged file to do, once: a second press of the button finds it
// taken. When do fails nothing may have been taken in, and the file waits again.
func (f *Frame) Take(c *gin.Context, kind, id string, do func(name string, r io.Reader) error) error {
	ctx, mine, taking := c.Request.Context(), stager(c, kind), files.Staged+"taking/"+Account(c).Name
	if err := f.Vault.Hand(ctx, f.DB, id, mine, taking); err != nil {
		if problem.Is(err, problem.Missing) {
			return problem.New(problem.Gone, "console.import.gone")
		}
		return err
	}
	name, r, err := f.staged(c, taking, id)
	if err == nil {
		err = do(name, r)
		r.Close()
	}
	last := context.WithoutCancel(ctx)
	if err != nil {
		if back := f.Vault.Hand(last, f.DB, id, taking, mine); back != nil {
			f.Web.Log.Warn("staged file not handed back", "err", back)
		}
		return err
	}
	return f.Vault.Delete(last, f.DB, id)
}
