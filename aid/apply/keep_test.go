package apply_test

import (
	"errors"
	"testing"

	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func TestDraftsOpenAfterTheOldKeyIsGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		use := func(list string) {
			keys, err := privacy.ParseKeys(list)
			if err != nil {
				t.Fatal(err)
			}
			r.Keys, r.Vault.Keys, r.Secrets.Keys, r.Cases.Keys = keys, keys, keys, keys
		}
		rotate := func() error {
			_, err := r.Vault.Rotate(t.Context())
			return errors.Join(err, r.Secrets.Rotate(t.Context()), r.Cases.Rotate(t.Context()), r.Rotate(t.Context()))
		}
		next := privacy.NewKey()
		d := r.fill(t, r.start(t), example(41))
		closed := r.fill(t, r.start(t), example(51))
		filed, err := r.Submit(t.Context(), closed.ID, closed.Secret)
		if err != nil {
			t.Fatal(err)
		}
		use(next + "," + r.ring)
		if err := rotate(); err != nil {
			t.Fatal(err)
		}
		use(next)
		if v := mustDraft(t, r, d); len(v.Problems) != 0 || v.PIN != d.PIN {
			t.Errorf("draft = %+v", v.Problems)
		}
		again, err := r.Submit(t.Context(), closed.ID, closed.Secret)
		if err != nil || again.Token != filed.Token {
			t.Errorf("the receipt again = %v, %v", again.Receipt, err)
		}
		if all, err := r.CaseConsents(t.Context(), filed.ID); err != nil || len(all) == 0 || all[0].Signature.Name == "" {
			t.Errorf("the consents = %d, %v", len(all), err)
		}
	})
}

func TestPapersFollowAfterFiling(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		filed, err := r.File(t.Context(), example(61))
		if err != nil {
			t.Fatal(err)
		}
		p, err := r.TakePaper(t.Context(), "hukou", photo(200, 100))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := r.Supplement(t.Context(), filed.Token, "户口簿首页", []string{p.ID}); err != nil {
				t.Fatal(err)
			}
		}
		rc, _, err := r.CasePaper(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		rc.Close()
		if _, err := r.Supplement(t.Context(), filed.Token, "", []string{"nope"}); fieldsOf(err)["papers.0"] == "" {
			t.Errorf("an unknown paper = %v", err)
		}
		papers, err := r.Cases.Destroy(t.Context(), filed.Receipt)
		if err == nil {
			err = r.Shred(t.Context(), papers)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.CasePaper(t.Context(), p.ID); !problem.Is(err, problem.Missing) {
			t.Errorf("after the case was destroyed = %v, want Missing", err)
		}
	})
}
