package apply_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"mashang/aid/apply"
	"mashang/aid/apply/applytest"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func group(a apply.Application, key string) map[string]any { return a.Answers[key].(map[string]any) }

func row(a apply.Application, key string, i int) map[string]any {
	return a.Answers[key].([]any)[i].(map[string]any)
}

func TestAWholeApplicationIsFiled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		up, err := r.StartUpload(t.Context(), "", "", "id_front", int64(len(jpegBytes(t))))
		if err != nil {
			t.Fatal(err)
		}
		if up, err = r.AppendUpload(t.Context(), up.ID, 0, photo(120, 90)); err != nil || up.State != apply.PaperSaved {
			t.Fatal(up, err)
		}
		a := example(11)
		a.Papers = []string{up.ID}
		raw, err := json.Marshal(a.Answers) // as it comes over the wire
		if err != nil {
			t.Fatal(err)
		}
		a.Answers = nil
		if err := json.Unmarshal(raw, &a.Answers); err != nil {
			t.Fatal(err)
		}
		filed, err := r.File(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.File(t.Context(), a)
		if err != nil || again.Receipt != filed.Receipt || again.Token != filed.Token || again.Fresh || !filed.Fresh {
			t.Errorf("the same key again = %+v, %v; want %s", again, err, filed.Receipt)
		}
		other := example(12)
		other.IdempotencyKey, other.Papers = "other", []string{up.ID}
		if _, err := r.File(t.Context(), other); err == nil {
			t.Error("a paper was taken twice")
		}
		doc := body(t, r, filed.Receipt)
		if len(doc.Papers) != 1 || doc.Papers[0].Kind != "id_front" || len(doc.Consents) != 4 || doc.Sums.IncomeYear != 1626050 {
			t.Errorf("document = %+v", doc)
		}
	})
}

func jpegBytes(t testing.TB) []byte {
	t.Helper()
	b := make([]byte, 1<<20)
	n, err := photo(120, 90).Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return b[:n]
}

func TestEachBadFieldIsNamedByItsPath(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	for _, tt := range []struct {
		name   string
		change func(*apply.Application)
		field  string
		want   string
	}{
		{"no programme", func(a *apply.Application) { a.Programme = "nothing" }, "programme", "apply.form.unknown"},
		{"no place", func(a *apply.Application) { a.Place = "" }, "place", "apply.place.missing"},
		{"unknown place", func(a *apply.Application) { a.Place = "990121999999" }, "place", "apply.place.unknown"},
		{"for nobody", func(a *apply.Application) { a.For = apply.For{} }, "for.kind", "form.error.choose"},
		{"for somebody, unnamed", func(a *apply.Application) { a.For = apply.For{Kind: "other"} }, "for.name", "form.error.required"},
		{"no answers", func(a *apply.Application) { a.Answers = nil }, "applicant.id", "form.error.required"},
		{"wrong ID of a member", func(a *apply.Application) { row(*a, "members", 1)["id"] = "123" }, "members.1.id", "id.length"},
		{"the same ID twice", func(a *apply.Application) { row(*a, "members", 0)["id"] = group(*a, "applicant")["id"] }, "members.0.id", "form.error.same_id"},
		{"neither ID nor birth", func(a *apply.Application) { delete(row(*a, "members", 1), "id") }, "members.1.birth", "form.error.required"},
		{"unknown answer", func(a *apply.Application) { a.Answers["standard"] = "712" }, "standard", "form.error.unknown"},
		{"unknown answer in a group", func(a *apply.Application) { group(*a, "applicant")["sex"] = "m" }, "applicant.sex", "form.error.unknown"},
		{"unknown answer in a row", func(a *apply.Application) { row(*a, "members", 0)["sex"] = "m" }, "members.0.sex", "form.error.unknown"},
		{"for among the answers", func(a *apply.Application) { a.Answers["for"] = map[string]any{"kind": "self"} }, "for", "form.error.unknown"},
		{"consents among the answers", func(a *apply.Application) { a.Answers["consents"] = []any{} }, "consents", "form.error.unknown"},
		{"a list for a text", func(a *apply.Application) { group(*a, "applicant")["name"] = []any{"a"} }, "applicant.name", "form.error.shape"},
		{"a number for a text", func(a *apply.Application) { group(*a, "applicant")["id"] = 5.0 }, "applicant.id", "form.error.shape"},
		{"a text for a list", func(a *apply.Application) { a.Answers["members"] = "nobody" }, "members", "form.error.shape"},
		{"a text for a group", func(a *apply.Application) { a.Answers["savings"] = "none" }, "savings", "form.error.shape"},
		{"a bad amount", func(a *apply.Application) { row(*a, "incomes", 0)["wages"] = "lots" }, "incomes.0.wages", "form.error.money"},
		{"income of a stranger", func(a *apply.Application) { row(*a, "incomes", 0)["who"] = "生人" }, "incomes.0.who", "form.error.who"},
		{"too many members", func(a *apply.Application) {
			var many []any
			for i := range 41 {
				many = append(many, map[string]any{"name": fmt.Sprint("王", string(rune('甲'+i))), "relation": "other", "birth": "1990-01-01"})
			}
			a.Answers["members"] = many
		}, "members", "form.error.rows.many"},
		{"a consent missing", func(a *apply.Application) { a.Consents = a.Consents[:3] }, "consents", "form.error.consent.missing"},
		{"a consent of nobody", func(a *apply.Application) { a.Consents[1].Member = "生人" }, "consents.1.member", "form.error.who"},
		{"a consent to another text", func(a *apply.Application) { a.Consents[1].Version = "1999" }, "consents.1.version", "form.error.consent.version"},
		{"a consent in another's name", func(a *apply.Application) { a.Consents[1].Name = a.Consents[0].Name }, "consents.1.name", "form.error.signature"},
		{"an unknown paper", func(a *apply.Application) { a.Papers = []string{"nope"} }, "papers.0", "apply.paper.unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := example(13)
			tt.change(&a)
			_, err := r.File(t.Context(), a)
			if got := fieldsOf(err); !problem.Is(err, problem.Invalid) || got[tt.field] != tt.want {
				t.Errorf("File = %v with %v, want %s at %s", err, got, tt.want, tt.field)
			}
		})
	}
}

func TestConsentsNameTheirMemberAsProgramsDo(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	for n, change := range []func(*apply.Application){
		func(a *apply.Application) {
			for i := range a.Consents { // the person's name, and nobody says who signed
				a.Consents[i].Name = ""
			}
			a.Consents[0].Member = group(*a, "applicant")["name"].(string)
			a.Consents[1].Member = row(*a, "members", 0)["name"].(string)
		},
		func(a *apply.Application) { a.Consents[0].Member = "self" },
		func(a *apply.Application) {
			a.Answers["household"] = map[string]any{"alone": "yes", "supporters": "no"}
			delete(a.Answers, "members")
			delete(a.Answers, "supporters")
			a.Answers["incomes"] = a.Answers["incomes"].([]any)[:1]
			a.Consents = a.Consents[:1]
		},
	} {
		a := example(20 + n*10)
		change(&a)
		if _, err := r.File(t.Context(), a); err != nil {
			t.Errorf("%d: %v", n, fieldsOf(err))
		}
	}
}

func TestAnEmergencyMayComeTheWayOfApplications(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	a := apply.Application{Programme: "linshi_jinan", Place: poster, Answers: map[string]any{"who": "老周", "where": "村口", "what": "没吃的", "phone": "x"}}
	filed, err := r.File(t.Context(), a)
	if err != nil || filed.Kind != "emergency" || filed.PIN == "" {
		t.Errorf("File = %+v, %v", filed, err)
	}
	a.Answers = map[string]any{"who": "老周"}
	if _, err := r.File(t.Context(), a); fieldsOf(err)["where"] == "" || fieldsOf(err)["what"] == "" {
		t.Errorf("File without where and what = %v", err)
	}
}

func BenchmarkFile(b *testing.B) {
	r := newRig(b, storetest.SQLite(b))
	n := 0
	for b.Loop() {
		a := example(n)
		group(a, "applicant")["id"] = applytest.ID(time.Date(1930+n%70, time.Month(1+n/70%12), 1+n/840%28, 0, 0, 0, 0, time.UTC), n/23520)
		if _, err := r.File(b.Context(), a); err != nil {
			b.Fatal(n, err)
		}
		n++
	}
}

func BenchmarkSavePage(b *testing.B) {
	r := newRig(b, storetest.SQLite(b))
	a := example(1)
	d := r.fill(b, r.start(b), a)
	_, posted := applytest.Pages(a)
	for b.Loop() {
		if _, err := r.SavePage(b.Context(), d.ID, d.Secret, "members", posted["members"]); err != nil {
			b.Fatal(err)
		}
	}
}
