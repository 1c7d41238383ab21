package apply_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
	"mashang/aid/apply/specimen"
	"mashang/aid/cases"
	"mashang/platform/problem"
	"mashang/platform/store/storetest"
)

// made is an application for a programme made from the schema of its form, and from nothing else.
func made(t testing.TB, programme string, seed uint64) apply.Application {
	t.Helper()
	raw, ok := (&apply.Desk{}).Schema(programme)
	var schema map[string]any
	if err := json.Unmarshal(raw, &schema); !ok || err != nil {
		t.Fatal(ok, err)
	}
	judge := &specimen.Judge{Formats: map[string]func(string) bool{"person": func(s string) bool { return s == "applicant" || strings.HasPrefix(s, "members.") }}}
	m := &specimen.Maker{Rand: rand.New(rand.NewPCG(seed, 3)), Now: newDay, Villages: []string{xinglin}, Judge: judge}
	f, _ := form.Of(programme)
	a := apply.Application{Programme: programme, Place: poster, Answers: m.Answers(schema), For: apply.For{Kind: "self"}, IdempotencyKey: programme}
	if kind := f.Field("for.kind"); kind != nil && kind.Options[0].Value == "family" {
		a.For = apply.For{Kind: "family", Name: "王小云", Phone: "13855500124", Relation: "奶奶"}
	}
	if f.PageOf("consents") != "" {
		a.Consents = []form.Consent{{Member: "applicant", Version: f.Version}}
		members, _ := a.Answers["members"].([]any)
		if household, _ := a.Answers["household"].(map[string]any); household["alone"] == "no" {
			for i := range members {
				a.Consents = append(a.Consents, form.Consent{Member: "members." + string(rune('0'+i)), Version: f.Version})
			}
		}
	}
	return a
}

// TestEveryFormFilesWhatItsSchemaDescribes files a case from the schema of each form, and refuses it with one thing wrong.
func TestEveryFormFilesWhatItsSchemaDescribes(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	for _, programme := range form.Programmes() {
		t.Run(programme, func(t *testing.T) {
			f, _ := form.Of(programme)
			a := made(t, programme, 11)
			filed, err := r.File(t.Context(), a)
			if err != nil {
				t.Fatalf("File = %v, %v\n%v", err, fieldsOf(err), a.Answers)
			}
			doc := body(t, r, filed.Receipt)
			switch {
			case programme == "linshi_jinan":
				return
			case f.Kind == form.Referral && (filed.Kind != cases.Referral || filed.PIN == ""):
				t.Errorf("a referral was filed as %s with PIN %q", filed.Kind, filed.PIN)
			case f.Kind == "" && filed.Kind != cases.Application:
				t.Errorf("filed as %s", filed.Kind)
			case doc.FormVersion != f.Version || len(doc.Answers) == 0:
				t.Errorf("the office reads %+v", doc)
			}
			again, err := r.File(t.Context(), a)
			if err != nil || again.Receipt != filed.Receipt || again.Fresh {
				t.Errorf("the same again: %s, %v", again.Receipt, err)
			}
			a.IdempotencyKey = programme + " again"
			if _, err := r.File(t.Context(), a); (f.Kind == form.Referral) == problem.Is(err, problem.Conflict) {
				t.Errorf("a second one of the same person: %v", err)
			}
			a.Answers["applicant"].(map[string]any)["name"] = "7"
			if _, err := r.File(t.Context(), a); fieldsOf(err)["applicant.name"] != "form.error.name" {
				t.Errorf("with a digit for a name: %v", fieldsOf(err))
			}
		})
	}
}

// TestADraftKeepsTheFormItWasBegunWith goes on with an old draft: what it was asked stays, and it is filed.
func TestADraftKeepsTheFormItWasBegunWith(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	d := r.start(t)
	if _, err := r.DB.ExecContext(t.Context(), `UPDATE drafts SET version = '2026-11-01' WHERE id = $1`, d.ID); err != nil {
		t.Fatal(err)
	}
	name, id := "张建明", specimen.IdentityNumber(newDay.AddDate(-60, 0, 0), 7)
	for _, one := range []struct {
		page   string
		values url.Values
	}{
		{"for", url.Values{"for.kind": {"self"}, "kin": {"no"}}},
		{"applicant", url.Values{"applicant.name": {name}, "applicant.id": {id}, "applicant.phone": {"13855500123"}}},
		{"home", url.Values{"applicant.hukou": {xinglin}, "applicant.address": {"三组"}}},
		{"life", url.Values{"applicant.ethnic": {"汉族"}, "applicant.health": {"chronic"}}},
		{"cause", url.Values{"causes": {"illness"}}},
		{"household", url.Values{"household.alone": {"yes"}, "household.supporters": {"no"}}},
		{"incomes", url.Values{"incomes.0.who": {name}, "incomes.0.wages": {"3600"}}},
		{"things", url.Values{"things.vehicles": {"no"}, "things.houses": {"no"}}},
		{"consent", url.Values{"consents.0.who": {name}, "consents.0.name": {name}, "consents.0.agree": {"yes"}}},
	} {
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, one.page, one.values); err != nil {
			t.Fatalf("page %s: %v", one.page, err)
		}
	}
	filed, err := r.Submit(t.Context(), d.ID, d.Secret)
	if err != nil {
		t.Fatal(err, fieldsOf(err))
	}
	doc := body(t, r, filed.Receipt)
	if who := doc.Answers["applicant"].(map[string]any); doc.FormVersion != "2026-11-01" || who["ethnic"] != "汉族" {
		t.Errorf("the office reads %s: %v", doc.FormVersion, who)
	}
}
