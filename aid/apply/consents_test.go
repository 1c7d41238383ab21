package apply_test

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/aid/apply"
	"mashang/aid/apply/consent"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// absent is a draft whose second person has not signed; they stand at place 1 of those who must.
func absent(t testing.TB, r *rig, n int) (apply.Draft, apply.Consenter) {
	t.Helper()
	d := r.fill(t, r.start(t), example(n))
	values := d.Pages["consent"].Values
	for _, key := range []string{"name", "agree", "guardian"} {
		values.Del("consents.1." + key)
	}
	if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "consent", values); !problem.Is(err, problem.Invalid) {
		t.Fatalf("a page with a name missing: %v", err)
	}
	all, err := r.Consenters(t.Context(), d.ID, d.Secret)
	if err != nil || len(all) != 5 || all[1].State != "" || all[0].State != consent.Signed || all[4].Member != "supporters.0" {
		t.Fatalf("consenters = %+v, %v", all, err)
	}
	return d, all[1]
}

func own(one apply.Consenter) apply.Deed {
	return apply.Deed{Signature: consent.Signature{Name: one.Person, Ink: "1,2 3,4;5,6 7,8"}, Agreed: true, Last4: one.Last4, Address: "10.0.0.1",
		Words: consent.Words{Version: "v", Lang: "zh-Hans", Lines: []string{"谁来核对", "镇里"}}}
}

// told are the messages of a topic that wait to go out, with what they say of consents.
func told(t testing.TB, db *store.DB, topic string) (what []string) {
	t.Helper()
	rows, err := store.All(t.Context(), db, scanString, `SELECT body FROM webhook_messages WHERE topic = $1 ORDER BY created_at, id`, topic)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range rows {
		var m struct {
			Data struct {
				What    string `json:"what"`
				Missing *int   `json:"consents_missing"`
			} `json:"data"`
		}
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			t.Fatal(err)
		}
		one := m.Data.What
		if m.Data.Missing != nil {
			one += " " + strconv.Itoa(*m.Data.Missing)
		}
		what = append(what, one)
	}
	return what
}

func TestAMemberMaySignLaterOnTheirOwnPhone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		ctx := t.Context()
		d, member := absent(t, r, 1)
		if _, err := r.Submit(ctx, d.ID, d.Secret); !problem.Is(err, problem.Invalid) {
			t.Fatalf("filing with nobody asked: %v, want Invalid", err) // the control of what follows
		}
		asked, err := r.AskConsent(ctx, d.ID, d.Secret, 1)
		if err != nil || len(asked.Code) != 8 || asked.Asking.Applicant == "" || asked.Asking.Programme != "dibao" {
			t.Fatalf("asked = %+v, %v", asked, err)
		}
		again, err := r.AskConsent(ctx, d.ID, d.Secret, 1)
		if err != nil || again.Code != asked.Code {
			t.Errorf("asked twice: %s and %s, %v", asked.Code, again.Code, err)
		}
		filed, err := r.Submit(ctx, d.ID, d.Secret)
		if err != nil {
			t.Fatal(err)
		}
		doc := body(t, r, filed.Receipt)
		if len(doc.Consents) != 3 || len(doc.Missing) != 2 || doc.Missing[0].Member != member.Member || doc.Missing[0].State != "asked" || doc.Missing[1].Member != "supporters.0" {
			t.Errorf("document has %d consents, missing %+v", len(doc.Consents), doc.Missing)
		}
		book, err := r.Consents(ctx)
		if err != nil {
			t.Fatal(err)
		}
		spoken := strings.ToLower(asked.Code[:4] + " " + asked.Code[4:])
		found, err := book.ByCode(ctx, spoken, "10.0.0.1")
		if err != nil || found.Token != asked.Token {
			t.Fatalf("by code: %+v, %v", found, err)
		}
		for name, in := range map[string]func(*apply.Deed){
			"last4": func(in *apply.Deed) { in.Last4 = "0000" }, "name": func(in *apply.Deed) { in.Signature.Name = "别人" }, "agree": func(in *apply.Deed) { in.Agreed = false },
		} {
			wrong := own(member)
			in(&wrong)
			if _, err := r.SignLater(ctx, asked.Token, wrong); fieldsOf(err)[name] == "" {
				t.Errorf("a wrong %s: %v", name, err)
			}
		}
		if got := told(t, db, "application.supplemented"); len(got) != 0 {
			t.Errorf("told %v before anybody signed", got)
		}

		var wg sync.WaitGroup
		for range 4 { // two phones, each tapped twice
			wg.Go(func() {
				if _, err := r.SignLater(ctx, asked.Token, own(member)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := told(t, db, "application.supplemented"); len(got) != 1 || got[0] != "consent 1" {
			t.Errorf("told %v, want one signature with one missing", got)
		}
		rec, err := book.ByToken(ctx, db, asked.Token)
		if err != nil || rec.State != consent.Signed || rec.Signature.Way != consent.OnPhone || rec.Signature.Ink == "" {
			t.Errorf("record = %+v, %v", rec, err)
		}
		if w, err := book.Words(ctx, rec.Words); err != nil || len(w.Lines) != 2 || w.Version != "v" {
			t.Errorf("words = %+v, %v", w, err)
		}
		r.pass(time.Second)
		for range 2 {
			if _, err := r.WithdrawConsent(ctx, asked.Token); err != nil {
				t.Fatal(err)
			}
		}
		if got := told(t, db, "application.supplemented"); len(got) != 2 || got[1] != "consent_withdrawn 2" {
			t.Errorf("told %v", got)
		}
		if _, err := r.SignLater(ctx, asked.Token, own(member)); !problem.Is(err, problem.Conflict) {
			t.Errorf("signing what was withdrawn: %v, want Conflict", err)
		}
		if err := r.Forget(ctx, filed.ID); err != nil {
			t.Fatal(err)
		}
		if all, err := r.CaseConsents(ctx, filed.ID); err != nil || len(all) != 0 {
			t.Errorf("after forgetting: %d, %v", len(all), err)
		}
	})
}

func TestASignatureBeforeFilingComesAlong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		ctx := t.Context()
		d, member := absent(t, r, 2)
		asked, err := r.AskConsent(ctx, d.ID, d.Secret, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.SignLater(ctx, asked.Token, own(member)); err != nil {
			t.Fatal(err)
		}
		sig := consent.Signature{Name: "不是他", Ink: "1,1 2,2;3,3 4,4"}
		if err := r.SignHere(ctx, d.ID, d.Secret, 0, sig, true, consent.Words{}); fieldsOf(err)["name"] == "" {
			t.Errorf("another's name: %v", err)
		}
		all, _ := r.Consenters(ctx, d.ID, d.Secret)
		sig.Name = all[0].Person
		if err := r.SignHere(ctx, d.ID, d.Secret, 0, sig, true, consent.Words{}); err != nil {
			t.Fatal(err)
		}
		filed, err := r.Submit(ctx, d.ID, d.Secret)
		if err != nil {
			t.Fatal(err)
		}
		if doc := body(t, r, filed.Receipt); len(doc.Consents) != 4 || len(doc.Missing) != 1 {
			t.Errorf("%d consents, missing %+v", len(doc.Consents), doc.Missing)
		}
		kept, err := r.CaseConsents(ctx, filed.ID)
		if err != nil || len(kept) != 5 || kept[0].Signature.Ink == "" || kept[1].Signature.Way != consent.OnPhone || kept[2].Signature.Way != consent.OnScreen || kept[4].State != consent.Open {
			t.Errorf("kept = %+v, %v", kept, err)
		}
		if err := r.WithdrawHere(ctx, filed.ID, kept[0].ID, "0000", "10.0.0.9"); fieldsOf(err)["last4"] == "" {
			t.Errorf("withdrawing with another's digits: %v", err)
		}
		if err := r.WithdrawHere(ctx, filed.ID, kept[0].ID, kept[0].Signer.Last4, "10.0.0.9"); err != nil {
			t.Fatal(err)
		}
		if got := told(t, db, "application.supplemented"); len(got) != 1 || got[0] != "consent_withdrawn 2" {
			t.Errorf("told %v", got)
		}
		late, err := r.AskForCase(ctx, filed.ID, kept[4].ID)
		if err != nil || late.State != consent.Asked || late.Code == "" {
			t.Errorf("asked later: %+v, %v", late, err)
		}
	})
}

func TestACodeIsNotGuessed(t *testing.T) {
	db := storetest.SQLite(t)
	r := newRig(t, db)
	ctx := t.Context()
	d, member := absent(t, r, 3)
	asked, err := r.AskConsent(ctx, d.ID, d.Secret, 1)
	if err != nil {
		t.Fatal(err)
	}
	book, _ := r.Consents(ctx)
	for range 10 {
		if _, err := book.ByCode(ctx, "ABCDEFGH", "10.0.0.1"); !problem.Is(err, problem.Invalid) {
			t.Fatalf("a wrong code: %v", err)
		}
	}
	if _, err := book.ByCode(ctx, asked.Code, "10.0.0.1"); !problem.Is(err, problem.Limited) {
		t.Errorf("after ten wrong ones: %v, want Limited", err)
	}
	if _, err := book.ByCode(ctx, asked.Code, "10.0.0.2"); err != nil {
		t.Errorf("from another address: %v", err)
	}
	wrong := own(member)
	wrong.Last4 = "0000"
	for range 5 {
		if _, err := r.SignLater(ctx, asked.Token, wrong); fieldsOf(err)["last4"] == "" {
			t.Fatalf("wrong digits: %v", err)
		}
	}
	if _, err := r.SignLater(ctx, asked.Token, own(member)); !problem.Is(err, problem.Limited) {
		t.Errorf("after five wrong digits: %v, want Limited", err)
	}
	r.pass(consent.KeepAsking)
	if _, err := book.ByCode(ctx, asked.Code, "10.0.0.3"); !problem.Is(err, problem.Gone) {
		t.Errorf("a code of a fortnight ago: %v, want Gone", err)
	}
}

// TestAConsentAndTheWordAboutItAreOne kills the deed before its commit: neither the state nor the message is there.
func TestAConsentAndTheWordAboutItAreOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d, member := absent(t, r, 4)
		asked, err := r.AskConsent(t.Context(), d.ID, d.Secret, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Submit(t.Context(), d.ID, d.Secret); err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), `ALTER TABLE webhook_messages RENAME TO messages_away`); err != nil {
			t.Fatal(err)
		}
		if _, err := r.SignLater(t.Context(), asked.Token, own(member)); err == nil {
			t.Fatal("it was signed without a word to the office")
		}
		if _, err := db.ExecContext(t.Context(), `ALTER TABLE messages_away RENAME TO webhook_messages`); err != nil {
			t.Fatal(err)
		}
		book, _ := r.Consents(t.Context())
		if rec, err := book.ByToken(t.Context(), db, asked.Token); err != nil || rec.State != consent.Asked {
			t.Errorf("state = %s, %v", rec.State, err)
		}
		if _, err := r.SignLater(t.Context(), asked.Token, own(member)); err != nil {
			t.Errorf("the next try: %v", err)
		}
		if got := told(t, db, "application.supplemented"); len(got) != 1 {
			t.Errorf("told %v, want one", got)
		}
	})
}

func TestAProgramVouchesForConsents(t *testing.T) {
	db := storetest.SQLite(t)
	r := newRig(t, db)
	a := example(5)
	a.Consents = nil
	for i := range 4 {
		a.Consents = append(a.Consents, example(5).Consents[i])
	}
	filed, err := r.File(context.Background(), a)
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.File(t.Context(), a)
	if err != nil || again.Receipt != filed.Receipt {
		t.Fatalf("the same again: %s, %v", again.Receipt, err)
	}
	all, err := r.CaseConsents(t.Context(), filed.ID)
	if err != nil || len(all) != 5 || all[0].Signature.Way != consent.ByAPI || all[0].Version != a.Consents[0].Version || all[4].State != consent.Open {
		t.Errorf("consents = %+v, %v", all, err)
	}
}
