package cases_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/cases"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestFilingGivesAReceiptAndAThinMessage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		rung := 0
		w.Wake = func() { rung++ }
		f := application()
		f.Summary = map[string]any{"people": 3, "receipt": "forged"}
		filed := file(t, w, f)
		if _, err := cases.ParseReceipt(filed.Receipt); err != nil || len(filed.Token) < 26 || filed.PIN != "" || !filed.Fresh || filed.Status != "submitted" {
			t.Errorf("filed %+v, %v", filed, err)
		}
		if !filed.DueAt.IsZero() {
			t.Errorf("due at %v before it was accepted", filed.DueAt)
		}
		if rung != 1 {
			t.Errorf("the courier was rung %d times, want once", rung)
		}
		all := outbox(t, db)
		if len(all) != 1 || all[0]["type"] != "application.submitted" {
			t.Fatalf("outbox %v, want one application.submitted", all)
		}
		data := all[0]["data"].(map[string]any)
		want := map[string]any{"receipt": filed.Receipt, "programme": "dibao", "place": "ABCDEFGH", "division": "990121100201", "for": "self", "identity": "none",
			"received_at": "2026-11-20T10:41:00+08:00", "due_at": nil, "people": 3.0, "url": "https://ms.yunxi.example/api/v1/backoffice/applications/" + filed.Receipt}
		for k, v := range want {
			if got, ok := data[k]; !ok || got != v {
				t.Errorf("data %s = %v, want %v", k, got, v)
			}
		}
		if len(data) != len(want) {
			t.Errorf("data %v holds more than it should", data)
		}
	})
}

func TestSameKeySameReply(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		f := cases.Filing{Kind: cases.Emergency, Programme: "linshi_jinan", Body: map[string]string{"who": "李奶奶"}, IdempotencyKey: "k1", Division: "990121100201", Scope: []string{"990121100201"}}
		first := file(t, w, f)
		if len(first.PIN) != 6 || !first.Fresh || first.AcknowledgeBy.Sub(first.ReceivedAt) != 24*time.Hour {
			t.Errorf("first reply %+v", first)
		}
		w.clock.Add(time.Minute)
		f.Scope = []string{"990121100201", "990121000000"} // the tree changed between the tries
		again := file(t, w, f)
		if again.Receipt != first.Receipt || again.Token != first.Token || again.PIN != first.PIN || again.Fresh || !again.ReceivedAt.Equal(first.ReceivedAt) {
			t.Errorf("second reply %+v, want the first %+v", again, first)
		}
		if n := len(outbox(t, db)); n != 1 {
			t.Errorf("%d messages, want 1", n)
		}
		other := f
		other.Body = map[string]string{"who": "别人"}
		if _, err := w.File(t.Context(), other); key(err) != "cases.key.other" || !problem.Is(err, problem.Conflict) {
			t.Errorf("other content under the key: %v", err)
		}
		other.Kind = cases.Question
		if filed := file(t, w, other); filed.Receipt == first.Receipt {
			t.Error("the key of one kind was taken for another")
		}
		w.clock.Add(49 * time.Hour)
		if n, err := w.ForgetPINs(t.Context(), 48*time.Hour); err != nil || n != 2 {
			t.Errorf("ForgetPINs() = %d, %v, want 2", n, err)
		}
		if late := file(t, w, f); late.Receipt != first.Receipt || late.PIN != "" {
			t.Errorf("after two days %+v, want the receipt without the PIN", late)
		}
	})
}

func TestSameKeyAtTheSameMomentMakesOneCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		f := application()
		f.IdempotencyKey = "tap"
		var mu sync.Mutex
		receipts := map[string]int{}
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				filed, err := w.File(context.Background(), f)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				receipts[filed.Receipt]++
			})
		}
		wg.Wait()
		if len(receipts) != 1 || len(outbox(t, db)) != 1 {
			t.Errorf("%d receipts, %d messages, want one of each", len(receipts), len(outbox(t, db)))
		}
	})
}

func TestOneOpenApplicationPerPersonAndProgramme(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		first := file(t, w, application())
		if _, err := w.File(t.Context(), application()); !problem.Is(err, problem.Conflict) || key(err) != "cases.open.already" {
			t.Errorf("a second one: %v, want the conflict", err)
		}
		if n := len(outbox(t, db)); n != 1 {
			t.Errorf("%d messages, want 1", n)
		}
		other := application()
		other.Programme = "gaoling"
		file(t, w, other)
		neighbour := application()
		neighbour.Person = "PERSON2"
		file(t, w, neighbour)
		free := application()
		free.Unique = false
		file(t, w, free)

		apply(t, w, "e1", cases.StatusEvent{Receipt: first.Receipt, Status: "rejected", At: at(21, 9, 0)})
		second := file(t, w, application())
		// The office opens the first one again: both are open, and that is no error.
		apply(t, w, "e2", cases.StatusEvent{Receipt: first.Receipt, Status: "recheck", At: at(22, 9, 0)})
		if v := view(t, w, first); v.Closed || v.Status != "recheck" {
			t.Errorf("the first is %s, closed %v", v.Status, v.Closed)
		}
		if v := view(t, w, second); v.Status != "submitted" {
			t.Errorf("the second is %s", v.Status)
		}
	})
}

func TestFilingTogetherWithOtherWorkIsOneTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		stop := errors.New("the draft could not be closed")
		err := db.Tx(t.Context(), func(q store.Queryer) error {
			if _, err := w.FileTx(t.Context(), q, application()); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if n, err := w.Count(t.Context(), cases.Filter{}); err != nil || n != 0 || len(outbox(t, db)) != 0 {
			t.Errorf("%d cases, %d messages, %v, want none", n, len(outbox(t, db)), err)
		}
		f := application()
		f.Papers = []string{"paper1", "paper2"}
		file(t, w, f)
		f.Person = "PERSON2"
		if _, err := w.File(t.Context(), f); key(err) != "cases.paper.used" {
			t.Errorf("papers of another case: %v, want the conflict", err)
		}
	})
}

func TestNothingPersonalLiesOpen(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w := newWorld(t, db)
	f := application()
	f.IdempotencyKey = "key-of-the-phone"
	filed := file(t, w, f)
	apply(t, w, "e1", cases.StatusEvent{Receipt: filed.Receipt, Status: "rejected", At: at(21, 9, 0), Reason: "张大爷名下有存款"})
	if _, err := w.Supplement(t.Context(), filed.Token, nil, nil); err == nil {
		t.Error("a decided case took papers")
	}
	pin := file(t, w, cases.Filing{Kind: cases.Emergency, Body: "李奶奶 13800138000", IdempotencyKey: "k"})
	var all []byte
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	for what, text := range map[string]string{"the ID": "11010519491231002X", "the name": "张大爷", "the phone": "13800138000", "the reason": "名下有存款",
		"the token": filed.Token, "the other token": pin.Token, "the PIN": pin.PIN + `"`, "the key": "key-of-the-phone"} {
		if bytes.Contains(all, []byte(text)) {
			t.Errorf("%s lies open in the database", what)
		}
	}
	if !strings.Contains(string(all), filed.Receipt) {
		t.Error("the files looked at are not those of the database")
	}
}

func TestDestroyedCaseIsUnreadableForEver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		f := application()
		f.Papers, f.IdempotencyKey = []string{"p1", "p2"}, "k"
		filed := file(t, w, f)
		papers, err := w.Destroy(t.Context(), filed.Receipt)
		if err != nil || len(papers) != 2 {
			t.Fatalf("Destroy() = %v, %v, want its two papers", papers, err)
		}
		_, body := w.Body(t.Context(), filed.Receipt)
		_, token := w.ByToken(t.Context(), filed.Token)
		_, proof := w.Status(t.Context(), filed.Receipt, "002X", "1.2.3.4")
		_, reply := w.File(t.Context(), f)
		for what, err := range map[string]error{"body": body, "token": token, "proof": proof, "the same key": reply} {
			if !problem.Is(err, problem.Gone) {
				t.Errorf("%s: %v, want gone", what, err)
			}
		}
		if _, err := w.Status(t.Context(), filed.Receipt, "0000", "1.2.3.4"); !problem.Is(err, problem.Missing) {
			t.Errorf("a wrong proof: %v, want missing", err)
		}
		apply(t, w, "late", cases.StatusEvent{Receipt: filed.Receipt, Status: "rejected", At: at(22, 9, 0), Reason: "张大爷"})
		if list, err := w.List(t.Context(), cases.Filter{}); err != nil || len(list) != 1 || !list[0].Destroyed || list[0].Status != "rejected" {
			t.Errorf("list %+v, %v, want the thin row", list, err)
		}
	})
}

func TestRotationLeavesEverythingReadable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		var all []cases.Filed
		for range 120 {
			f := application()
			f.Unique = false
			all = append(all, file(t, w, f))
		}
		old, fresh := w.keys, ""
		for fresh = newKey(); strings.Split(fresh, ":")[0] == strings.Split(old, ":")[0]; fresh = newKey() {
		}
		w.Keys = ring(t, fresh+","+old)
		if err := w.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.Keys = ring(t, fresh)
		for _, f := range all {
			if v := view(t, w, f); v.Receipt != f.Receipt {
				t.Fatalf("after the rotation %+v", v)
			}
			if b, err := w.Body(t.Context(), f.Receipt); err != nil || !strings.Contains(string(b), "张大爷") {
				t.Fatalf("body %s, %v", b, err)
			}
		}
	})
}
