package review_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/platform/audit"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// shelf is a desk over a table of texts.
type shelf struct {
	*review.Desk
	t       *testing.T
	now     time.Time
	refuses error // what Apply says, once it is set
	after   atomic.Int64
}

func newShelf(t *testing.T, db *store.DB) *shelf {
	t.Helper()
	s := &shelf{t: t, now: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return s.now }
	s.Desk = &review.Desk{DB: db, Now: clock, Audit: &audit.Log{DB: db, Now: clock}}
	for _, stmt := range []string{`CREATE TABLE IF NOT EXISTS texts (id TEXT PRIMARY KEY, body TEXT NOT NULL)`, `CREATE TABLE IF NOT EXISTS applied (id TEXT NOT NULL)`} {
		if _, err := db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatal(err)
		}
	}
	kind := review.Kind{
		Name: "text",
		Now: func(ctx context.Context, q store.Queryer, object string) (json.RawMessage, error) {
			all, err := store.All(ctx, q, scanText, `SELECT body FROM texts WHERE id = $1`, object)
			if err != nil || len(all) == 0 {
				return nil, err
			}
			return json.RawMessage(all[0]), nil
		},
		Apply: func(ctx context.Context, q store.Queryer, c review.Change) error {
			if s.refuses != nil {
				return s.refuses
			}
			if _, err := q.ExecContext(ctx, `INSERT INTO applied (id) VALUES ($1)`, c.ID); err != nil {
				return err
			}
			if string(c.After) == "null" {
				_, err := q.ExecContext(ctx, `DELETE FROM texts WHERE id = $1`, c.Object)
				return err
			}
			_, err := q.ExecContext(ctx, `INSERT INTO texts (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = $2`, c.Object, string(c.After))
			return err
		},
		After: func(context.Context) error { s.after.Add(1); return nil },
	}
	s.Register(kind)
	kind.Name, kind.Alone = "note", true
	s.Register(kind)
	return s
}

func scanText(rows *sql.Rows) (text string, err error) {
	return text, rows.Scan(&text)
}

func (s *shelf) text(object string) string {
	s.t.Helper()
	var text string
	if err := s.DB.QueryRowContext(s.t.Context(), `SELECT coalesce(max(body), '') FROM texts WHERE id = $1`, object).Scan(&text); err != nil {
		s.t.Fatal(err)
	}
	return text
}

func (s *shelf) applied(id string) (n int) {
	s.t.Helper()
	if err := s.DB.QueryRowContext(s.t.Context(), `SELECT count(*) FROM applied WHERE id = $1`, id).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *shelf) propose(c review.Change) review.Change {
	s.t.Helper()
	if c.Kind == "" {
		c.Kind = "text"
	}
	c, err := s.Propose(s.t.Context(), c)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *shelf) approve(id, by string) review.Change {
	s.t.Helper()
	c, err := s.Approve(s.t.Context(), id, by)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// refused checks what a person is told.
func refused(t *testing.T, err error, want string) {
	t.Helper()
	var told *problem.Error
	if !errors.As(err, &told) || told.Key != want && told.Fields["reason"] != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

func text(v string) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"text":%q}`, v)) }

func TestSecondPersonPublishes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShelf(t, db)
		c := s.propose(review.Change{Object: "a", Title: "A", After: text("one"), Why: "new", By: "wang"})
		if c.State != review.Proposed || string(c.Before) != "null" || s.text("a") != "" {
			t.Errorf("a proposal is %+v and the text %q", c, s.text("a"))
		}
		// The proposer under any spelling, and nobody.
		for _, by := range []string{"wang", "WANG", " Wang ", "wang\t"} {
			_, err := s.Approve(t.Context(), c.ID, by)
			refused(t, err, "review.second")
		}
		if _, err := s.Approve(t.Context(), c.ID, " "); err == nil {
			t.Error("nobody approved")
		}
		// Nor from another desk on the same database.
		_, err := newShelf(t, db).Approve(t.Context(), c.ID, "wang")
		refused(t, err, "review.second")

		done := s.approve(c.ID, "li")
		if done.State != review.Published || done.DecidedBy != "li" || s.text("a") != `{"text":"one"}` || s.after.Load() != 1 {
			t.Errorf("approved is %+v, the text %q, told %d times", done, s.text("a"), s.after.Load())
		}
		_, err = s.Approve(t.Context(), c.ID, "li")
		refused(t, err, "review.decided.published")
		rows, err := s.Audit.List(t.Context(), audit.Filter{Object: "text/a"})
		if err != nil || len(rows) != 2 || rows[0].Action != "review-published" || rows[0].Actor != "li" || rows[1].Action != "review-proposed" {
			t.Errorf("the record says %+v, %v", rows, err)
		}
	})
}

func TestOnePersonMayWhereTheKindSaysSo(t *testing.T) {
	s := newShelf(t, storetest.SQLite(t))
	c, err := s.Enact(t.Context(), review.Change{Kind: "note", Object: "n", After: text("x"), By: "wang"})
	if err != nil || c.State != review.Published || s.text("n") != `{"text":"x"}` {
		t.Errorf("Enact() = %+v, %v", c, err)
	}
	_, err = s.Enact(t.Context(), review.Change{Kind: "text", Object: "n", After: text("y"), By: "wang"})
	refused(t, err, "review.second")
	if _, err := s.Propose(t.Context(), review.Change{Kind: "other", Object: "n", After: text("y"), By: "wang"}); err == nil {
		t.Error("a kind nobody registered was proposed")
	}
}

func TestWhatStandsMustBeWhatWasSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShelf(t, db)
		first := s.propose(review.Change{Object: "a", After: text("one"), By: "wang"})
		second := s.propose(review.Change{Object: "a", After: text("two"), By: "zhao"})
		s.approve(first.ID, "li")
		_, err := s.Approve(t.Context(), second.ID, "li")
		refused(t, err, "review.changed.by")
		var told *problem.Error
		if errors.As(err, &told); told == nil || told.Args["who"] != "wang" || told.Kind != problem.Conflict {
			t.Errorf("the conflict says %v, want wang named", err)
		}
		// An editor who has an old version before his eyes hears it at once.
		_, err = s.Propose(t.Context(), review.Change{Kind: "text", Object: "a", Before: json.RawMessage(`null`), After: text("three"), By: "zhao"})
		refused(t, err, "review.changed.by")
		s.propose(review.Change{Object: "a", Before: json.RawMessage(` {"text" : "one"} `), After: text("three"), By: "zhao"})
		_, err = s.Propose(t.Context(), review.Change{Kind: "text", Object: "a", After: json.RawMessage(`{ "text":"one" }`), By: "zhao"})
		refused(t, err, "review.same")
		_, err = s.Propose(t.Context(), review.Change{Kind: "text", Object: "a", After: text(string(make([]byte, 1<<20))), By: "zhao"})
		refused(t, err, "review.large")
	})
}

func TestTwoApproversAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShelf(t, db)
		for round := range 5 {
			c := s.propose(review.Change{Object: fmt.Sprint(round), After: text("x"), By: "wang"})
			var wg sync.WaitGroup
			var won atomic.Int64
			for n := range 4 {
				wg.Go(func() {
					_, err := s.Approve(context.Background(), c.ID, fmt.Sprint("second", n))
					if err == nil {
						won.Add(1)
					} else if !problem.Is(err, problem.Conflict) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 || s.applied(c.ID) != 1 {
				t.Errorf("%d won and it was applied %d times, want once", won.Load(), s.applied(c.ID))
			}
		}
	})
}

// Two proposals about one object, approved at once: one is published, the other
// hears that something else stands now.
func TestTwoProposalsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShelf(t, db)
		for round := range 5 {
			object := fmt.Sprint(round)
			ids := []string{
				s.propose(review.Change{Object: object, After: text("x"), By: "wang"}).ID,
				s.propose(review.Change{Object: object, After: text("y"), By: "zhao"}).ID,
			}
			var wg sync.WaitGroup
			var won atomic.Int64
			for _, id := range ids {
				wg.Go(func() {
					if _, err := s.Approve(context.Background(), id, "li"); err == nil {
						won.Add(1)
					} else if !problem.Is(err, problem.Conflict) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 {
				t.Errorf("%d of two were published over each other", won.Load())
			}
		}
	})
}

func TestRejectAndWithdraw(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShelf(t, db)
		ctx := t.Context()
		c := s.propose(review.Change{Object: "a", After: text("one"), By: "wang"})
		refused(t, s.Reject(ctx, c.ID, "li", " "), "review.reason.missing")
		refused(t, s.Reject(ctx, c.ID, "wang", "no"), "review.reject.own")
		refused(t, s.Withdraw(ctx, c.ID, "li"), "review.withdraw.other")
		if err := s.Reject(ctx, c.ID, "li", "a typing error"); err != nil {
			t.Error(err)
		}
		_, err := s.Approve(ctx, c.ID, "zhao")
		refused(t, err, "review.decided.rejected")
		refused(t, s.Withdraw(ctx, c.ID, "wang"), "review.decided.rejected")

		mine := s.propose(review.Change{Object: "a", After: text("two"), By: "wang"})
		if err := s.Withdraw(ctx, mine.ID, "Wang"); err != nil {
			t.Error(err)
		}
		if err := s.Reject(ctx, "nothing", "li", "x"); !problem.Is(err, problem.Missing) {
			t.Errorf("Reject() of nothing = %v", err)
		}
		open, n, err := s.List(ctx, review.Filter{Open: true})
		if err != nil || n != 0 || len(open) != 0 {
			t.Errorf("open are %v, %d, %v", open, n, err)
		}
	})
}

func TestScheduledIsPublishedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShelf(t, db)
		at := s.now.Add(time.Hour)
		c := s.propose(review.Change{Object: "a", After: text("one"), By: "wang", Due: at})
		_, err := s.Approve(t.Context(), c.ID, "wang")
		refused(t, err, "review.second")
		if c = s.approve(c.ID, "li"); c.State != review.Scheduled || s.text("a") != "" {
			t.Errorf("approved before its time is %+v", c)
		}
		_, err = s.Approve(t.Context(), c.ID, "zhao")
		refused(t, err, "review.already.scheduled")
		s.now = at.Add(-time.Millisecond)
		if n, err := s.Publish(t.Context()); n != 0 || err != nil {
			t.Errorf("Publish() before the time = %d, %v", n, err)
		}
		// A new process, and several at once: the job of two leaders in a bad moment.
		s = newShelf(t, db)
		s.now = at
		var wg sync.WaitGroup
		var done atomic.Int64
		for range 4 {
			wg.Go(func() {
				n, err := s.Publish(context.Background())
				if err != nil {
					t.Error(err)
				}
				done.Add(int64(n))
			})
		}
		wg.Wait()
		if done.Load() != 1 || s.applied(c.ID) != 1 || s.text("a") != `{"text":"one"}` {
			t.Errorf("published %d times, applied %d times, stands %q", done.Load(), s.applied(c.ID), s.text("a"))
		}
	})
}

func TestScheduledThatCannotBePublished(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShelf(t, db)
		due := s.now.Add(time.Hour)
		plan := func(object string) review.Change {
			return s.approve(s.propose(review.Change{Object: object, After: text("later"), By: "wang", Due: due}).ID, "li")
		}
		moved, refuses, stopped := plan("a"), plan("b"), plan("c")
		s.approve(s.propose(review.Change{Object: "a", After: text("meanwhile"), By: "zhao"}).ID, "li")
		if err := s.Withdraw(t.Context(), stopped.ID, "zhao"); err != nil {
			t.Fatal(err)
		}
		s.now = due
		s.refuses = errors.New("the disk is full")
		if n, err := s.Publish(t.Context()); n != 0 || err == nil {
			t.Errorf("Publish() = %d, %v, want the failure that is ours", n, err)
		}
		if c, err := s.Find(t.Context(), refuses.ID); err != nil || c.State != review.Scheduled {
			t.Errorf("after a failure of ours it is %+v, %v, want another try", c, err)
		}
		s.refuses = problem.New(problem.Invalid, "policy.cite.force")
		if n, err := s.Publish(t.Context()); n != 0 || err != nil {
			t.Errorf("Publish() = %d, %v", n, err)
		}
		for _, want := range []struct{ id, state, key, who string }{
			{moved.ID, review.Failed, "review.changed.by", "zhao"}, {refuses.ID, review.Failed, "policy.cite.force", ""}, {stopped.ID, review.Withdrawn, "", ""},
		} {
			c, err := s.Find(t.Context(), want.id)
			if err != nil || c.State != want.state || c.Fault.Key != want.key || c.Fault.Args["who"] != want.who {
				t.Errorf("change is %+v, %v, want %+v", c, err, want)
			}
		}
	})
}

func TestRevertProposesTheWayBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShelf(t, db)
		first := s.propose(review.Change{Object: "a", Title: "A", After: text("one"), By: "wang"})
		_, err := s.Revert(t.Context(), first.ID, "li", "")
		refused(t, err, "review.revert.state")
		s.approve(first.ID, "li")
		s.now = s.now.Add(time.Minute)
		second := s.propose(review.Change{Object: "a", Title: "A", After: text("two"), By: "wang"})
		s.approve(second.ID, "li")
		s.now = s.now.Add(time.Minute)

		back, err := s.Revert(t.Context(), second.ID, "li", "it was wrong")
		if err != nil || back.State != review.Proposed || string(back.After) != `{"text":"one"}` || back.Reverts != second.ID {
			t.Fatalf("Revert() = %+v, %v", back, err)
		}
		_, err = s.Approve(t.Context(), back.ID, "li")
		refused(t, err, "review.second")
		s.approve(back.ID, "wang")
		if got := s.text("a"); got != `{"text":"one"}` {
			t.Errorf("after the way back stands %s", got)
		}
		s.now = s.now.Add(time.Minute)
		// Back to before there was anything.
		gone, err := s.Revert(t.Context(), first.ID, "wang", "")
		if err != nil {
			t.Fatal(err)
		}
		s.approve(gone.ID, "li")
		if got := s.text("a"); got != "" {
			t.Errorf("after the way back to nothing stands %s", got)
		}
		all, err := s.History(t.Context(), "text", "a")
		if err != nil || len(all) != 4 || all[0].ID != gone.ID || all[3].ID != first.ID {
			t.Errorf("History() = %+v, %v", all, err)
		}
		some, n, err := s.List(t.Context(), review.Filter{Kind: "text", State: review.Published, By: "wang", Offset: 1, Limit: 1})
		if err != nil || n != 3 || len(some) != 1 || some[0].ID != second.ID {
			t.Errorf("List() = %+v, %d, %v", some, n, err)
		}
	})
}
