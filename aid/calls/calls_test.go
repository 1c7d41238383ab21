package calls_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/calls"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// rig is a desk whose clock a test moves.
type rig struct {
	*calls.Desk
	t  *testing.T
	at time.Time
}

func newRig(t *testing.T, db *store.DB) *rig {
	r := &rig{t: t, at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	r.Desk = &calls.Desk{DB: db, Now: func() time.Time { return r.at }}
	return r
}

func (r *rig) tx(do func(q store.Queryer) error) error {
	r.t.Helper()
	return r.DB.Tx(r.t.Context(), do)
}

func (r *rig) begin(who string) calls.Call {
	r.t.Helper()
	var c calls.Call
	if err := r.tx(func(q store.Queryer) (err error) { c, err = r.Begin(r.t.Context(), q, who, "990121000000"); return err }); err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r *rig) settle(c calls.Call, text, outcome, danger string) calls.Question {
	r.t.Helper()
	r.at = r.at.Add(time.Second)
	var x calls.Question
	err := r.tx(func(q store.Queryer) (err error) {
		x, err = r.Settle(r.t.Context(), q, c, calls.Question{Text: text, Outcome: outcome, Programme: "dibao", Division: "990121100201"}, danger)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return x
}

func TestACallKeepsItsQuestionsAndNobodysName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := newRig(t, db), t.Context()
		c := r.begin("op1")
		r.settle(c, "低保", "clarify", "")
		r.settle(c, "低保要带什么，我身份证11010519491231002X", "answer", "")
		r.settle(c, "我不想活了", "emergency", "suicide")
		asked, err := r.Questions(ctx, c.ID)
		if err != nil || len(asked) != 2 {
			t.Fatalf("Questions() = %v, %v: want two, the first grown", asked, err)
		}
		if s := asked[1].Text; !strings.HasPrefix(s, "低保要带什么") || strings.Contains(s, "1949") {
			t.Errorf("the first question is kept as %q", s)
		}
		now, err := r.Current(ctx, "op1", "")
		if err != nil || now.ID != c.ID || now.Danger != "suicide" || now.Division != "990121100201" {
			t.Errorf("Current() = %+v, %v", now, err)
		}
		if other, err := r.Current(ctx, "op2", c.ID); err != nil || other.ID != "" {
			t.Errorf("another operator has the call too: %+v, %v", other, err)
		}
		if err := r.tx(func(q store.Queryer) error { _, err := r.Judge(ctx, q, "op2", asked[0].ID, false); return err }); !problem.Is(err, problem.Missing) {
			t.Errorf("another operator judges: %v", err)
		}
		var kept string
		var out calls.Removed
		err = r.tx(func(q store.Queryer) (err error) {
			kept, out, err = r.Note(ctx, q, c, "我叫李桂芬，给王大爷问，电话13800001234，a.b@example.com")
			return err
		})
		if err != nil || strings.Contains(kept, "李桂芬") || strings.Contains(kept, "王大爷") || strings.Contains(kept, "1380") || strings.Contains(kept, "@") || out != (calls.Removed{Numbers: 1, Names: 2, Addresses: 1}) {
			t.Errorf("the note is kept as %q, took %+v, %v", kept, out, err)
		}
	})
}

func TestACallEndsOnceAndByItsOwnOperator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := newRig(t, db), t.Context()
		c := r.begin("op1")
		end := func(who, outcome string) error {
			return r.tx(func(q store.Queryer) error { return r.End(ctx, q, who, c.ID, outcome) })
		}
		if err := end("op2", calls.Answered); !problem.Is(err, problem.Missing) {
			t.Errorf("another ends the call: %v", err)
		}
		if err := end("op1", "whatever"); !problem.Is(err, problem.Invalid) {
			t.Errorf("an unknown outcome: %v", err)
		}
		for range 2 {
			if err := end("op1", calls.CallBack); err != nil {
				t.Fatal(err)
			}
		}
		if over, err := r.Ended(ctx, "op1", c.ID); err != nil || !over {
			t.Errorf("Ended() = %v, %v", over, err)
		}
		if now, err := r.Current(ctx, "op1", c.ID); err != nil || now.ID != "" {
			t.Errorf("an ended call goes on: %+v, %v", now, err)
		}
		back, err := r.CallBacks(ctx)
		if err != nil || len(back) != 1 || back[0].ID != c.ID {
			t.Fatalf("CallBacks() = %v, %v", back, err)
		}
		for range 2 {
			if err := r.tx(func(q store.Queryer) error { return r.CalledBack(ctx, q, "op2", c.ID) }); err != nil {
				t.Fatal(err)
			}
		}
		if back, err = r.CallBacks(ctx); err != nil || len(back) != 0 {
			t.Errorf("CallBacks() = %v, %v after the call", back, err)
		}
	})
}

func TestAShiftIsTakenByOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := newRig(t, db), t.Context()
		r.begin("op1")
		r.begin("op1")
		r.at = r.at.Add(time.Hour)
		var s calls.Shift
		err := r.tx(func(q store.Queryer) (err error) {
			s, _, err = r.Leave(ctx, q, "op1", "杏林村 13800001234 等回话")
			return err
		})
		if err != nil || s.Calls != 2 || strings.Contains(s.Note, "1380") {
			t.Fatalf("Leave() = %+v, %v", s, err)
		}
		var wait sync.WaitGroup
		results := make([]error, 2)
		for i, who := range []string{"op2", "op3"} {
			wait.Go(func() { results[i] = r.tx(func(q store.Queryer) error { return r.Take(ctx, q, who, s.ID) }) })
		}
		wait.Wait()
		if (results[0] == nil) == (results[1] == nil) {
			t.Errorf("two take a shift: %v, %v, want one of them to be told", results[0], results[1])
		}
		left, err := r.Left(ctx)
		if err != nil || len(left) != 1 || left[0].TakenBy == "" {
			t.Errorf("Left() = %+v, %v", left, err)
		}
	})
}

func TestWordsAreEmptiedAndCountsStay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := newRig(t, db), t.Context()
		began := r.at
		c := r.begin("op1")
		r.settle(c, "低保多少钱", "answer", "")
		if err := r.tx(func(q store.Queryer) error { _, _, err := r.Note(ctx, q, c, "问过两次"); return err }); err != nil {
			t.Fatal(err)
		}
		r.at = began.Add(5 * time.Hour)
		if err := r.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if now, err := r.Current(ctx, "op1", ""); err != nil || now.ID != "" {
			t.Errorf("a call nobody ended still runs: %+v, %v", now, err)
		}
		r.at = began.Add(calls.KeepWords + time.Hour)
		if err := r.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		asked, err := r.Questions(ctx, c.ID)
		if err != nil || len(asked) != 1 || asked[0].Text != "" {
			t.Errorf("after ninety days Questions() = %+v, %v", asked, err)
		}
		f, err := r.Figures(ctx, began.Add(-time.Hour), began.Add(time.Hour))
		if err != nil || f.Calls != 1 || f.Questions != 1 || f.Outcomes["lapsed"] != 1 || f.Answers["answer"] != 1 {
			t.Errorf("Figures() = %+v, %v", f, err)
		}
	})
}

func FuzzScrub(f *testing.F) {
	for _, s := range []string{"我叫李桂芬", "姓名：王明 身份证11010519491231002X", "＊＊", "叫不到车", "电话一三八零零零零一二三四", "a@b.cn", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, _ := calls.Scrub(s)
		again, out := calls.Scrub(once)
		if out.Numbers > 0 || out.Addresses > 0 {
			t.Errorf("scrubbing %q twice takes more: %q, then %q", s, once, again)
		}
	})
}
