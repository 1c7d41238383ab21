package apply_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/apply"
	"mashang/aid/apply/applytest"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func photo(w, h int) io.Reader { return bytes.NewReader(applytest.Photo(w, h)) }

func TestAnApplicationIsHandedInOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.fill(t, r.start(t), example(1))
		if len(d.Problems) != 0 {
			t.Fatalf("problems = %+v", d.Problems)
		}
		p, err := r.AddPaper(t.Context(), d.ID, d.Secret, "id_front", photo(800, 600))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.StartUpload(t.Context(), d.ID, d.Secret, "hukou", 1000); err != nil { // never finished
			t.Fatal(err)
		}
		var mu sync.Mutex
		receipts := map[string]int{}
		fresh := 0
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				filed, err := r.Submit(t.Context(), d.ID, d.Secret)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				receipts[filed.Receipt+" "+filed.Token]++
				if filed.Fresh {
					fresh++
				}
			})
		}
		wg.Wait()
		if len(receipts) != 1 || fresh != 1 {
			t.Fatalf("six taps gave %d receipts, %d fresh, want one each", len(receipts), fresh)
		}
		filed, err := r.Submit(t.Context(), d.ID, d.Secret)
		if err != nil || filed.Fresh || filed.PIN != "" {
			t.Fatalf("once more: %+v, %v", filed, err)
		}
		id := example(1).Answers["applicant"].(map[string]any)["id"].(string)
		if _, err := r.Cases.Status(t.Context(), filed.Receipt, id[14:], "10.0.0.1"); err != nil {
			t.Errorf("status by the last four: %v", err)
		}

		doc := body(t, r, filed.Receipt)
		if doc.Answers["applicant"].(map[string]any)["name"] == "" || doc.Division != xinglin || doc.Place != poster || len(doc.Consents) != 4 || doc.Consents[0].At.IsZero() {
			t.Errorf("document = %+v", doc)
		}
		if s := doc.Sums; s.People != 4 || s.IncomeYear != 960000+30050+420000+216000 || s.PerPersonMonth != 1626050/12/4 || s.ExpensesYear != 865000 || s.Assets != 350000 || s.SupportMonth != 20000 {
			t.Errorf("sums = %+v", s)
		}
		if len(doc.Papers) != 1 || doc.Papers[0].ID != p.ID {
			t.Errorf("papers = %+v, want the one that arrived", doc.Papers)
		}
		if c := doc.Consents[2]; !c.Guardian || c.Member != "members.1" || c.Version != doc.FormVersion {
			t.Errorf("the child's consent = %+v", c)
		}
		rc, _, err := r.CasePaper(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		rc.Close()
		v, err := r.Draft(t.Context(), d.ID, d.Secret)
		if err != nil || !v.Closed || len(v.Pages) != 0 || v.ResumeCode != "" {
			t.Errorf("the draft afterwards = %+v, %v", v, err)
		}
		for name, err := range map[string]error{
			"saving": second(r.SavePage(t.Context(), d.ID, d.Secret, "for", url.Values{})),
			"paper":  second(r.AddPaper(t.Context(), d.ID, d.Secret, "other", photo(40, 40))),
		} {
			if !problem.Is(err, problem.Conflict) {
				t.Errorf("%s afterwards = %v, want Conflict", name, err)
			}
		}
		if _, _, err := r.DraftPaper(t.Context(), d.ID, d.Secret, p.ID); !problem.Is(err, problem.Missing) {
			t.Errorf("the paper by way of the draft = %v, want Missing", err)
		}
	})
}

func TestWhatIsNotRightIsNotHandedIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		_, err := r.Submit(t.Context(), d.ID, d.Secret)
		if f := fieldsOf(err); f["for.kind"] == "" || f["applicant.id"] == "" || f["household.alone"] == "" {
			t.Errorf("an empty draft = %v", f)
		}
		d = r.fill(t, d, example(2))
		_, posted := applytest.Pages(example(2))
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "applicant", with(posted["applicant"], "applicant.id", "123")); err == nil {
			t.Fatal("a wrong ID was taken")
		}
		review, err := r.Check(t.Context(), d.ID, d.Secret)
		if err != nil || len(review.Problems) != 1 || review.Problems[0].Page != "applicant" || review.Problems[0].Field != "applicant.id" {
			t.Errorf("Check = %+v, %v", review.Problems, err)
		}
		if _, err := r.Submit(t.Context(), d.ID, d.Secret); fieldsOf(err)["applicant.id"] != "id.length" {
			t.Errorf("Submit = %v", err)
		}
		if v := mustDraft(t, r, d); v.Closed || v.Pages["applicant"].Values.Get("applicant.id") != "123" {
			t.Error("the refused draft lost something")
		}
	})
}

func TestOnePersonHasOneOpenApplication(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		first := r.fill(t, r.start(t), example(3))
		other := r.fill(t, r.start(t), example(3))
		if _, err := r.Submit(t.Context(), first.ID, first.Secret); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Submit(t.Context(), other.ID, other.Secret); !problem.Is(err, problem.Conflict) {
			t.Errorf("a second application of the same person = %v, want Conflict", err)
		}
		if v := mustDraft(t, r, other); v.Closed || len(v.Pages) == 0 {
			t.Error("the second draft lost something")
		}
	})
}

func TestAFailedFilingLeavesTheDraftWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.fill(t, r.start(t), example(4))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.Submit(ctx, d.ID, d.Secret); err == nil {
			t.Fatal("a cancelled submit went through")
		}
		if v := mustDraft(t, r, d); v.Closed || len(v.Problems) != 0 {
			t.Errorf("draft = %+v", v.Problems)
		}
		if _, err := r.Submit(t.Context(), d.ID, d.Secret); err != nil {
			t.Errorf("the next try: %v", err)
		}
	})
}

// TestNothingPersonalIsReadableOnDisk plants 1,000 identity numbers, in drafts and in cases, and looks for them in
// every file of the database.
func TestNothingPersonalIsReadableOnDisk(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := newRig(t, db)
	var planted []string
	for n := range 250 { // four numbers each
		a := example(4 * n)
		raw, err := json.Marshal(a.Answers)
		if err != nil {
			t.Fatal(err)
		}
		people := []map[string]any{a.Answers["applicant"].(map[string]any)}
		for _, m := range a.Answers["members"].([]any) {
			people = append(people, m.(map[string]any))
		}
		for _, p := range people {
			id := p["id"].(string)
			if !strings.Contains(string(raw), id) {
				t.Fatal("the application does not hold its own number")
			}
			planted = append(planted, id)
		}
		planted = append(planted, people[0]["phone"].(string))
		if n%2 == 0 {
			a.IdempotencyKey = people[0]["id"].(string) // a careless client
			if _, err := r.File(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			continue
		}
		d := r.start(t)
		_, posted := applytest.Pages(a)
		for _, page := range []string{"for", "applicant", "household", "members"} {
			if _, err := r.SavePage(t.Context(), d.ID, d.Secret, page, posted[page]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := r.Emergency(t.Context(), apply.Emergency{Who: planted[0], Where: planted[0], What: planted[4], Phone: planted[4]}); err != nil {
		t.Fatal(err)
	}
	if len(planted) < 1250 {
		t.Fatalf("%d planted", len(planted))
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no database files", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, s := range planted {
			if bytes.Contains(raw, []byte(s)) {
				found++
			}
		}
		t.Logf("%s: %d KB, %d of %d found", filepath.Base(file), len(raw)>>10, found, len(planted))
		if found > 0 {
			t.Errorf("%s holds %d of the planted numbers", filepath.Base(file), found)
		}
	}
}

func TestTheMessageThatGoesOutIsThin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		a := example(5)
		if _, err := r.File(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Emergency(t.Context(), apply.Emergency{Place: poster, Who: "老周头", Where: "村口", What: "没吃的", Phone: "13855550012"}); err != nil {
			t.Fatal(err)
		}
		bodies, err := store.All(t.Context(), db, scanString, `SELECT body FROM webhook_messages`)
		if err != nil || len(bodies) != 2 {
			t.Fatalf("%d messages, %v", len(bodies), err)
		}
		for _, b := range bodies {
			for _, secret := range []string{a.Answers["applicant"].(map[string]any)["name"].(string), a.Answers["applicant"].(map[string]any)["id"].(string), "13855550", "老周头", "村口", "没吃的"} {
				if strings.Contains(b, secret) {
					t.Errorf("a message tells %q: %s", secret, b)
				}
			}
		}
	})
}

func TestAnEmergencyIsNeverStopped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		for _, tt := range []struct {
			name string
			e    apply.Emergency
		}{
			{"shortest", apply.Emergency{Place: poster, Who: "我", Where: "这", What: "饿"}},
			{"bad phone", apply.Emergency{Place: poster, Who: "老周", Where: "村口", What: "没吃的", Phone: "不记得了 138"}},
			{"no place", apply.Emergency{Who: "老周", Where: "村口", What: "没吃的"}},
			{"unknown place", apply.Emergency{Place: "ZZZZZZZZ", Who: "老周", Where: "村口", What: "没吃的"}},
			{"retired poster", apply.Emergency{Place: "BBBBBBBB", Who: "老周", Where: "村口", What: "没吃的"}},
			{"much to say", apply.Emergency{Place: poster, Who: "老周", Where: "村口", What: strings.Repeat("没吃的", 20_000)}},
			{"broken letters", apply.Emergency{Place: poster, Who: "老周\xff", Where: "村口\x00", What: "没吃的\x01"}},
		} {
			t.Run(tt.name, func(t *testing.T) {
				filed, err := r.Emergency(t.Context(), tt.e)
				if err != nil {
					t.Fatal(err)
				}
				if filed.Receipt == "" || filed.PIN == "" || !filed.AcknowledgeBy.Equal(filed.ReceivedAt.Add(24*time.Hour)) {
					t.Errorf("filed = %+v", filed)
				}
				if len(filed.Scope) == 0 || filed.Scope[len(filed.Scope)-1] != county {
					t.Errorf("scope = %v, want it to end at the county", filed.Scope)
				}
			})
		}
		_, err := r.Emergency(t.Context(), apply.Emergency{Place: poster, Who: " ", What: "\n\t", Phone: "13855550012"})
		if f := fieldsOf(err); len(f) != 3 || f["who"] != "apply.call.who" || f["where"] == "" || f["what"] == "" {
			t.Errorf("three empty answers = %v", f)
		}
	})
}

func TestTheSameCallIsOneCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		call := apply.Emergency{Place: poster, Who: "老周", Where: "村口", What: "没吃的", IdempotencyKey: "tap"}
		receipts := make(chan string, 5)
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				filed, err := r.Emergency(t.Context(), call)
				if err != nil {
					t.Error(err)
				}
				receipts <- filed.Receipt + filed.PIN
			})
		}
		wg.Wait()
		close(receipts)
		seen := map[string]bool{}
		for s := range receipts {
			seen[s] = true
		}
		if len(seen) != 1 {
			t.Errorf("five taps gave %d receipts, want 1", len(seen))
		}
		call.What = "又病了"
		filed, err := r.Emergency(t.Context(), call)
		if err != nil || seen[filed.Receipt+filed.PIN] {
			t.Errorf("another call from the same page = %v, %v; want a case of its own", filed.Receipt, err)
		}
		if fmt.Sprint(filed.Kind) != "emergency" {
			t.Errorf("kind = %s", filed.Kind)
		}
	})
}
