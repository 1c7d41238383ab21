package apply_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"mashang/aid/apply/applytest"
	"mashang/platform/store/storetest"
)

// TestEachAnswerIsReadAsPeopleWriteIt saves one field at a time and looks at what is said about it.
func TestEachAnswerIsReadAsPeopleWriteIt(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	id := example(1).Answers["applicant"].(map[string]any)["id"].(string)
	for _, tt := range []struct {
		page, field, typed string
		want               string // what is said; "" for nothing
	}{
		{"applicant", "applicant.name", "张建明", ""},
		{"applicant", "applicant.name", "阿卜杜拉·买买提", ""},
		{"applicant", "applicant.name", "𫞩𤩽", ""},
		{"applicant", "applicant.name", "Anna O'Neil", ""},
		{"applicant", "applicant.name", "张3", "form.error.name"},
		{"applicant", "applicant.name", "张", "form.error.name"},
		{"applicant", "applicant.name", "  ", "form.error.required"},
		{"applicant", "applicant.name", strings.Repeat("张", 41), "form.error.long"},
		{"applicant", "applicant.id", id, ""},
		{"applicant", "applicant.id", strings.ToLower("11010519491231002X"), ""},
		{"applicant", "applicant.id", "１１０１０５ 19491231 002Ｘ", ""},
		{"applicant", "applicant.id", "110105194912310020", "id.checksum"},
		{"applicant", "applicant.id", "11010519491331002X", "id.checksum"},
		{"applicant", "applicant.id", "11010519491231002", "id.length"},
		{"applicant", "applicant.id", "11010519491231OO2X", "id.char"},
		{"applicant", "applicant.phone", "138 5555 0012", ""},
		{"applicant", "applicant.phone", "0500-5550121", ""},
		{"applicant", "applicant.phone", "1385550012", "phone.length"},
		{"applicant", "applicant.phone", "问村长", "phone.char"},
		{"home", "applicant.hukou", xinglin, ""},
		{"home", "applicant.hukou", "else", ""},
		{"home", "applicant.hukou", liuhe, "form.error.place"},
		{"home", "applicant.hukou", "990121999999", "form.error.place"},
		{"home", "applicant.hukou", "", "form.error.choose"},
		{"for", "kin", "maybe", "form.error.choose"},
		{"cause", "causes", "", "form.error.choose.some"},
		{"cause", "causes", "illness", ""},
		{"cause", "causes", "luck", "form.error.choose"},
		{"savings", "savings.deposits", "3,500.50元", ""},
		{"savings", "savings.deposits", "３５００", ""},
		{"savings", "savings.deposits", "没有", ""},
		{"savings", "savings.deposits", "-3", "form.error.negative"},
		{"savings", "savings.deposits", "3.505", "form.error.money"},
		{"savings", "savings.deposits", "三五千", "form.error.money"},
		{"savings", "savings.deposits", "2.5万", ""},
		{"savings", "savings.deposits", "三百五十块", ""},
		{"savings", "savings.deposits", "1e5", "form.error.money"},
		{"savings", "savings.deposits", "999999999", "form.error.most"},
		{"bank", "bank.account", "6228 4800 1234 5678 901", ""},
		{"bank", "bank.account", "62284", "form.error.account.length"},
		{"bank", "bank.account", "六二二八", "form.error.account"},
		{"members", "members.0.birth", "2026年3月8日", ""},
		{"members", "members.0.birth", "2026.3.8", ""},
		{"members", "members.0.birth", "20260308", ""},
		{"members", "members.0.birth", "二〇二六年三月八日", ""},
		{"members", "members.0.birth", "2026-02-30", "form.error.date"},
		{"members", "members.0.birth", "2027-01-01", "form.error.future"},
		{"members", "members.0.birth", "去年", "form.error.date"},
		{"members", "members.0.birth", "8 March 2026", ""},
		{"members", "members.0.birth", "Mar 8, 2026", ""},
		{"members", "members.0.birth", "58年3月8日", ""},
		{"members", "members.0.birth", "05.3.8", "form.error.year"},
		{"members", "members.0.birth", "2015年正月初八", "form.error.lunar"},
		{"event", "event.when", "2021年6月", ""},
		{"event", "event.when", "2021", ""},
		{"event", "event.when", "June 2021", ""},
		{"event", "event.when", "二〇二一年六月", ""},
		{"event", "event.when", "2021-13", "form.error.month"},
		{"savings", "savings.deposits", "1,200", ""},
		{"savings", "savings.deposits", "１２００元", ""},
		{"savings", "savings.deposits", "三千五", ""},
		{"savings", "savings.deposits", "每月800", "form.error.money"},
		{"expenses", "expenses.medical", "每月800", ""},
		{"savings", "savings.has", "none", ""},
		{"savings", "savings.has", "", "form.error.choose.some"},
		{"houses", "houses.0.area", "九十六平方米", ""},
		{"houses", "houses.0.area", "0", "form.error.range"},
		{"houses", "houses.0.area", "很大", "form.error.whole"},
	} {
		t.Run(tt.field+" "+tt.typed, func(t *testing.T) {
			programme := "dibao"
			if strings.HasPrefix(tt.field, "event.") {
				programme = "linshi_zhichu"
			}
			d, err := r.Start(t.Context(), programme, poster)
			if err != nil {
				t.Fatal(err)
			}
			for page, v := range map[string]url.Values{
				"household": {"household.alone": {"no"}}, "things": {"things.vehicles": {"yes"}, "things.houses": {"yes"}},
			} {
				if _, err := r.SavePage(t.Context(), d.ID, d.Secret, page, v); err != nil && fieldsOf(err) == nil && programme == "dibao" {
					t.Fatal(err)
				}
			}
			typed := url.Values{"savings.has": {"deposits"}, "expenses.has": {"medical"}}
			typed.Set(tt.field, tt.typed)
			_, err = r.SavePage(t.Context(), d.ID, d.Secret, tt.page, typed)
			if got := fieldsOf(err)[tt.field]; got != tt.want {
				t.Errorf("said %q, want %q", got, tt.want)
			}
		})
	}
}

// TestQuestionsDependOnAnswers follows the pages that are asked.
func TestQuestionsDependOnAnswers(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	shown := func(values map[string]url.Values) string {
		d := r.start(t)
		for page, v := range values {
			if _, err := r.SavePage(t.Context(), d.ID, d.Secret, page, v); err != nil && fieldsOf(err) == nil {
				t.Fatal(err)
			}
		}
		return strings.Join(mustDraft(t, r, d).Shown, " ")
	}
	const tail = "applicant home life cause household incomes savings things expenses bank papers consent check"
	if got := shown(nil); got != "for "+tail {
		t.Errorf("at first: %s", got)
	}
	if got := shown(map[string]url.Values{"for": {"for.kind": {"other"}}}); got != "for filler "+tail {
		t.Errorf("for somebody else: %s", got)
	}
	got := shown(map[string]url.Values{
		"household": {"household.alone": {"no"}, "household.supporters": {"yes"}}, "things": {"things.vehicles": {"yes"}, "things.houses": {"no"}},
	})
	if want := "for applicant home life cause household members supporters incomes savings things vehicles expenses bank papers consent check"; got != want {
		t.Errorf("with a household: %s", got)
	}
	got = shown(map[string]url.Values{"household": {"household.alone": {"yes"}}, "members": {"members.0.name": {"李兰"}}})
	if strings.Contains(got, "members") {
		t.Errorf("alone after all: %s", got)
	}
}

// TestWhatIsNotAskedIsNotHandedIn drops answers to questions that no longer apply.
func TestWhatIsNotAskedIsNotHandedIn(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	d := r.fill(t, r.start(t), example(6))
	for page, v := range map[string]url.Values{
		"household": {"household.alone": {"yes"}, "household.supporters": {"no"}}, "things": {"things.vehicles": {"no"}, "things.houses": {"no"}},
	} {
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, page, v); err != nil {
			t.Fatal(err)
		}
	}
	filed, err := r.Submit(t.Context(), d.ID, d.Secret)
	if err != nil {
		t.Fatal(err)
	}
	doc := body(t, r, filed.Receipt)
	for _, key := range []string{"members", "supporters", "vehicles", "houses", "for", "consents"} {
		if _, there := doc.Answers[key]; there {
			t.Errorf("answers hold %s", key)
		}
	}
	if doc.Sums.People != 1 || len(doc.Consents) != 1 || len(doc.Sums.IncomeOf) != 1 {
		t.Errorf("sums = %+v, consents = %+v", doc.Sums, doc.Consents)
	}
}

// TestWhoFillsItInForSomebody asks for the helper's name and the entrustment.
func TestWhoFillsItInForSomebody(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	for _, tt := range []struct {
		kind string
		want []string
	}{
		{"family", []string{"for.name", "for.phone", "for.relation"}},
		{"other", []string{"for.entrusted", "for.name", "for.phone", "for.relation"}},
		{"helper", []string{"for.entrusted", "for.name", "for.phone", "for.unit"}},
	} {
		d := r.start(t)
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "for", url.Values{"for.kind": {tt.kind}, "kin": {"no"}}); err != nil {
			t.Fatal(err)
		}
		v, err := r.SavePage(t.Context(), d.ID, d.Secret, "filler", url.Values{})
		if got := sortedKeys(fieldsOf(err)); fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s: asks for %v, want %v", tt.kind, got, tt.want)
		}
		v, err = r.SavePage(t.Context(), d.ID, d.Secret, "applicant", url.Values{"applicant.name": {"张大爷"}})
		if fieldsOf(err) == nil || v.Helping != "张大爷" {
			t.Errorf("%s: helping %q", tt.kind, v.Helping)
		}
		wants := fmt.Sprint(v.Wants)
		if strings.Contains(wants, "entrustment") != (tt.kind != "family") {
			t.Errorf("%s: papers wanted: %s", tt.kind, wants)
		}
	}
}

// TestEveryAdultSignsAndAGuardianForAChild goes through the signing page.
func TestEveryAdultSignsAndAGuardianForAChild(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	a := example(7)
	d := r.fill(t, r.start(t), a)
	_, posted := applytest.Pages(a)
	self, child := posted["consent"].Get("consents.0.who"), posted["consent"].Get("consents.2.who")
	for _, tt := range []struct {
		name        string
		change      []string
		field, want string
	}{
		{"as it is", nil, "", ""},
		{"with spaces", []string{"consents.0.name", " " + self + " "}, "", ""},
		{"another's name", []string{"consents.1.name", self}, "consents.1.name", "form.error.signature"},
		{"not ticked", []string{"consents.3.agree", ""}, "consents.3.agree", "form.error.tick"},
		{"no name", []string{"consents.3.name", ""}, "consents.3.name", "form.error.required"},
		{"a child signs", []string{"consents.2.name", child}, "consents.2.name", "form.error.guardian"},
		{"a guardian for an adult", []string{"consents.3.guardian", "yes", "consents.3.name", self}, "", ""},
		{"a guardian who is the person", []string{"consents.3.guardian", "yes"}, "consents.3.name", "form.error.guardian"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := r.SavePage(t.Context(), d.ID, d.Secret, "consent", with(posted["consent"], tt.change...))
			got := fieldsOf(err)
			if tt.field == "" && err != nil || tt.field != "" && got[tt.field] != tt.want {
				t.Errorf("said %v, want %q at %q", got, tt.want, tt.field)
			}
		})
	}
}

// TestASignatureKeepsItsTime saves the page again later.
func TestASignatureKeepsItsTime(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	a := example(8)
	d := r.fill(t, r.start(t), a)
	first := r.now()
	r.pass(2 * 3600e9)
	_, posted := applytest.Pages(a)
	if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "consent", with(posted["consent"], "consents.3.guardian", "yes", "consents.3.name", posted["consent"].Get("consents.0.who"))); err != nil {
		t.Fatal(err)
	}
	review, err := r.Check(t.Context(), d.ID, d.Secret)
	if err != nil || len(review.Consents) != 4 {
		t.Fatal(review.Consents, err)
	}
	if !review.Consents[0].At.Equal(first) || !review.Consents[3].At.Equal(r.now()) {
		t.Errorf("signed at %v and %v, want %v and %v", review.Consents[0].At, review.Consents[3].At, first, r.now())
	}
}
