package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mashang/aid/cases"
	"mashang/platform/audit"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

var (
	carries = regexp.MustCompile(`<input type="hidden" name="(call|at|conv|asked|of|moved)" value="([^"]*)">`)
	groups  = regexp.MustCompile(`<dd class="mz-bignum">(?:<span>([0-9A-Z]+)</span> ?)(?:<span>([0-9A-Z]+)</span> ?)?(?:<span>([0-9A-Z]+)</span> ?)?(?:<span>([0-9A-Z]+)</span> ?)?</dd>`)
	digit16 = regexp.MustCompile(`\b\d{16}\b`)
)

// carried is what a desk page carries to the next post.
func carried(page string) url.Values {
	v := url.Values{}
	for _, m := range carries.FindAllStringSubmatch(page, -1) {
		if !v.Has(m[1]) {
			v.Set(m[1], m[2])
		}
	}
	return v
}

// with is a copy of v with more in it.
func with(v url.Values, more ...string) url.Values {
	out := url.Values{}
	for k := range v {
		out.Set(k, v.Get(k))
	}
	for i := 0; i+1 < len(more); i += 2 {
		out.Set(more[i], more[i+1])
	}
	return out
}

// readOut are the numbers a page has to be read out, the groups of each in one.
func readOut(page string) (all []string) {
	for _, m := range groups.FindAllStringSubmatch(page, -1) {
		all = append(all, strings.Join(m[1:], ""))
	}
	return all
}

func (d desk) count(t *testing.T, query string) (n int) {
	t.Helper()
	if err := d.DB.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDesk is what needs one engine only, over one portal.
func TestDesk(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	t.Run("answers for the place and keeps only what was asked", func(t *testing.T) { deskAnswers(t, d) })
	t.Run("begins an application for the caller and forgets it for the next", func(t *testing.T) { deskFiles(t, d) })
	t.Run("shows a town's officer the calls of the town alone", func(t *testing.T) { deskBinds(t, d) })
	t.Run("keeps two windows and two operators apart", func(t *testing.T) { deskParts(t, d) })
}

func deskAnswers(t *testing.T, d desk) {
	t.Helper()
	b := d.as(t, "operator")
	page := d.get(t, b, "/console/desk")
	if page.Status != 200 || !strings.Contains(page.Body, `id="q"`) || strings.Contains(page.Body, "data-seconds") {
		t.Fatalf("the empty desk = %d", page.Status)
	}
	v := carried(page.Body)
	typed := d.post(t, b, "/console/desk", with(v, "q", "我身份证11010519491231002X，今天天气怎么", "draft", "1"))
	if typed.Status != 200 || d.count(t, `SELECT count(*) FROM calls`) != 0 || d.count(t, `SELECT count(*) FROM faq_questions`) != 0 {
		t.Errorf("what is still being typed was kept (%d)", typed.Status)
	}
	asked := d.post(t, b, "/console/desk", with(v, "q", "低保一个月多少钱，我电话13800001234", "place", "xlc"))
	for _, want := range []string{"712", "云民发〔2026〕8号", "柳河镇 杏林村", "0500-5550121", "data-seconds", `data-settled`} {
		if !strings.Contains(asked.Body, want) {
			t.Errorf("the answer does not show %q", want)
		}
	}
	if n := d.count(t, `SELECT count(*) FROM call_questions WHERE text LIKE '%1380000%'`); n != 0 {
		t.Error("a phone number was kept with the question")
	}
	rows, err := d.Audit.List(t.Context(), audit.Filter{Action: "desk-ask"})
	if err != nil || len(rows) != 1 || strings.Contains(rows[0].Detail, "低保") || !strings.Contains(rows[0].Detail, "answer dibao "+sample.Xinglin) {
		t.Errorf("the record of the look-up is %v, %v", rows, err)
	}
	if strings.Contains(d.Log.String(), "低保") {
		t.Error("the words stand in the log")
	}
	v = carried(asked.Body)
	no := d.post(t, b, "/console/desk/judge", with(v, "q", "低保一个月多少钱，我电话13800001234", "verdict", "no"))
	if no.Status != 200 || d.count(t, `SELECT count(*) FROM call_questions WHERE verdict = 'no'`) != 1 || d.count(t, `SELECT count(*) FROM call_questions`) != 1 {
		t.Errorf("judging = %d", no.Status)
	}
	refused := d.post(t, b, "/console/desk", with(v, "conv", "", "q", "今天天气怎么样"))
	if !strings.Contains(refused.Body, `data-outcome="refuse"`) || !strings.Contains(refused.Body, "未找到依据") || !strings.Contains(refused.Body, `value="hand" data-key="t"`) {
		t.Error("what has no basis does not offer to hand over")
	}
	danger := d.post(t, b, "/console/desk", with(v, "q", "我不想活了", "draft", "1"))
	if !strings.Contains(danger.Body, "mz-alarm") || !strings.Contains(danger.Body, "12356") {
		t.Error("a danger shows no alarm while it is typed")
	}
	bad := d.post(t, b, "/console/desk", with(v, "q", strings.Repeat("低", 501)))
	if bad.Status != http.StatusUnprocessableEntity || !strings.Contains(bad.Body, "is-bad") {
		t.Errorf("an overlong question = %d", bad.Status)
	}
}

func TestDeskWritesNothingOfTheCallerDown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		b := d.as(t, "operator")
		const phone = "13800001234"
		v := with(carried(d.get(t, b, "/console/desk").Body), "q", "低保要带什么材料", "place", "杏林村")
		v = with(carried(d.post(t, b, "/console/desk", v).Body), "q", "低保要带什么材料")

		panel := d.post(t, b, "/console/desk", with(v, "do", "text"))
		if !strings.Contains(panel.Body, `value="papers"`) {
			t.Fatalf("no papers to text:\n%s", panel.Body)
		}
		for _, bad := range []string{"", "0500-5550121", "1380000"} {
			if a := d.post(t, b, "/console/desk/text", with(v, "key", "k0", "what", "papers", "phone", bad)); a.Status != 422 || !strings.Contains(a.Body, `value="`+bad+`"`) || !strings.Contains(a.Body, `id="f-phone-e"`) {
				t.Errorf("texting %q = %d", bad, a.Status)
			}
		}
		for range 2 { // a page that is sent again sends nothing again
			if a := d.post(t, b, "/console/desk/text", with(v, "key", "k1", "what", "papers", "phone", phone)); a.Status != 200 || !strings.Contains(a.Body, "data-done") {
				t.Fatalf("texting = %d", a.Status)
			}
		}
		if n := d.count(t, `SELECT count(*) FROM webhook_messages WHERE topic = 'notification.sms'`); n != 1 {
			t.Errorf("%d texts in the outbox, want 1", n)
		}

		var receipt, pin string
		for range 2 {
			a := d.post(t, b, "/console/desk/hand", with(v, "key", "k2", "phone", phone, "who", "李桂芬", "more", "听不清，请回电"))
			out := readOut(a.Body)
			if a.Status != 200 || len(out) != 2 {
				t.Fatalf("handing over = %d, %v", a.Status, out)
			}
			if receipt != "" && out[0] != receipt {
				t.Error("sent twice, it is two cases")
			}
			receipt, pin = out[0], out[1]
		}
		all, err := d.Cases.List(t.Context(), cases.Filter{Kind: cases.Question})
		if err != nil || len(all) != 1 || all[0].Receipt != receipt || all[0].Division != sample.Xinglin {
			t.Fatalf("the town has %v, %v", all, err)
		}
		urgent := d.post(t, b, "/console/desk/urgent", with(v, "key", "k3", "who", "她自己", "where", "村口", "what", "两天没吃饭", "phone", phone))
		if urgent.Status != 200 || len(readOut(urgent.Body)) != 2 {
			t.Errorf("an emergency = %d", urgent.Status)
		}
		if a := d.post(t, b, "/console/desk/urgent", with(v, "key", "k4")); a.Status != 422 || !strings.Contains(a.Body, "data-kind=\"urgent\"") {
			t.Errorf("an emergency without a word = %d", a.Status)
		}

		look := d.post(t, b, "/console/desk/status", with(v, "receipt", receipt, "proof", pin))
		if look.Status != 200 || !strings.Contains(look.Body, `data-kind="status"`) || strings.Contains(look.Body, "李桂芬") || strings.Contains(look.Body, "听不清") {
			t.Errorf("the status = %d", look.Status)
		}
		for i := range 6 {
			a := d.post(t, b, "/console/desk/status", with(v, "receipt", receipt, "proof", fmt.Sprintf("00000%d", i)))
			if want := map[bool]int{true: 429, false: 404}[i > 4]; a.Status != want || !strings.Contains(a.Body, `id="receipt-e"`) {
				t.Errorf("wrong proof %d = %d, want %d and the page", i+1, a.Status, want)
			}
		}

		note := d.post(t, b, "/console/desk/note", with(v, "note", "我叫李桂芬，电话"+phone))
		if note.Status != 200 || !strings.Contains(note.Body, "1 处号码") || !strings.Contains(note.Body, "1 处姓名") {
			t.Errorf("the note = %d", note.Status)
		}
		if a := d.post(t, b, "/console/desk/end", with(v, "note", "李桂芬 "+phone)); a.Status != 422 {
			t.Errorf("ending without an outcome = %d", a.Status)
		}
		if a := d.post(t, b, "/console/desk/end", with(v, "note", "等回话 "+phone, "outcome", "callback")); a.Status != 200 || strings.Contains(a.Body, "data-seconds") {
			t.Errorf("ending = %d", a.Status)
		}
		for _, table := range []string{
			`SELECT count(*) FROM calls WHERE note LIKE '%` + phone + `%' OR note LIKE '%李桂芬%'`,
			`SELECT count(*) FROM call_questions WHERE text LIKE '%` + phone + `%'`,
			`SELECT count(*) FROM call_deeds WHERE object LIKE '%` + phone + `%'`,
			`SELECT count(*) FROM webhook_messages WHERE body LIKE '%` + phone + `%' OR body LIKE '%李桂芬%'`,
			`SELECT count(*) FROM cases WHERE body LIKE '%` + phone + `%'`,
		} {
			if n := d.count(t, table); n != 0 {
				t.Errorf("%d rows: %s", n, table)
			}
		}
		rows, err := d.Audit.List(t.Context(), audit.Filter{Actor: "operator", Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		deeds := map[string]int{}
		for _, r := range rows {
			deeds[r.Action]++
			if strings.Contains(r.Object+r.Detail, phone) || strings.Contains(r.Detail, "低保") {
				t.Errorf("the record holds %q %q", r.Object, r.Detail)
			}
		}
		for _, want := range []string{"desk-ask", "desk-text", "desk-hand", "desk-urgent", "desk-status", "desk-end"} {
			if deeds[want] == 0 {
				t.Errorf("no %s on record: %v", want, deeds)
			}
		}
		if strings.Contains(d.Log.String(), phone) {
			t.Error("the number stands in the log")
		}

		shift := d.get(t, b, "/console/desk/shift")
		if !strings.Contains(shift.Body, "低保要带什么材料") || !digit16.MatchString(strings.ReplaceAll(shift.Body, " ", "")) {
			t.Error("the shift does not show the call to make, or what was handed over")
		}
		figures := d.get(t, d.as(t, "auditor"), "/console/desk/figures")
		if figures.Status != 200 || strings.Contains(figures.Body, "低保要带什么") || !strings.Contains(figures.Body, "答应回电") {
			t.Errorf("the figures = %d", figures.Status)
		}
	})
}

func deskFiles(t *testing.T, d desk) {
	t.Helper()
	b := d.as(t, "operator")
	v := with(carried(d.get(t, b, "/console/desk").Body), "q", "怎么申请低保", "place", "杏林村")
	v = with(carried(d.post(t, b, "/console/desk", v).Body), "q", "怎么申请低保")
	a := d.post(t, b, "/console/desk/file", with(v, "programme", "dibao", "key", "k1"))
	out := readOut(a.Body)
	if a.Status != 200 || len(out) != 2 {
		t.Fatalf("beginning = %d, %v", a.Status, out)
	}
	if again := d.post(t, b, "/console/desk/file", with(v, "programme", "dibao", "key", "k1")); again.Status != http.StatusConflict || d.count(t, `SELECT count(*) FROM drafts`) != 1 {
		t.Errorf("sent twice = %d", again.Status)
	}
	draft, err := d.Desk.Resume(t.Context(), out[0], out[1], "192.0.2.9")
	if err != nil || draft.Programme != "dibao" || draft.Pages["for"].Values.Get("for.kind") != "helper" || !strings.Contains(draft.Pages["filler"].Values.Get("for.unit"), "operator") {
		t.Errorf("the caller goes on with %+v, %v", draft.Pages, err)
	}
	if to := d.get(t, b, "/apply/dibao/applicant"); to.Status != 200 {
		t.Errorf("the operator's own window = %d", to.Status)
	}
	d.post(t, b, "/console/desk/end", with(v, "outcome", "filed"))
	if to := d.get(t, b, "/apply/dibao/applicant"); to.Status == 200 {
		t.Error("the next caller's operator still has the last one's draft")
	}
}

func deskParts(t *testing.T, d desk) {
	t.Helper()
	before := d.count(t, `SELECT count(*) FROM calls`)
	one, other := d.as(t, "operator"), d.as(t, "town-officer")
	v := carried(d.post(t, one, "/console/desk/begin", url.Values{}).Body)
	if v.Get("call") == "" {
		t.Fatal("no call began")
	}
	// Somebody else's call is none: what they ask begins one of their own.
	theirs := carried(d.post(t, other, "/console/desk", with(v, "q", "低保一个月多少钱")).Body)
	if theirs.Get("call") == v.Get("call") || d.count(t, `SELECT count(*) FROM calls`) != before+2 {
		t.Errorf("another operator is on the call %s", theirs.Get("call"))
	}
	if a := d.post(t, one, "/console/desk/end", with(v, "outcome", "answered")); a.Status != 200 {
		t.Fatalf("ending = %d", a.Status)
	}
	// The second window of the one who ended it goes on: the page says so, and the question begins a new call.
	late := d.post(t, one, "/console/desk", with(v, "q", "高龄津贴怎么办"))
	if now := carried(late.Body).Get("call"); late.Status != 200 || now == "" || now == v.Get("call") || !strings.Contains(late.Body, "在别的窗口里已经结束") {
		t.Errorf("the second window = %d on call %q", late.Status, now)
	}
}

// What callers said in one town is nothing for the officer of another, who sits at the same desk.
func deskBinds(t *testing.T, d desk) {
	t.Helper()
	operator, town := d.as(t, "operator"), d.as(t, "town-officer")
	for pick, note := range map[string]string{"990121400000": "北原的事要回话", sample.Xinglin: "杏林的事要回话"} {
		begun := carried(d.post(t, operator, "/console/desk/begin", url.Values{}).Body)
		v := carried(d.post(t, operator, "/console/desk", with(begun, "q", "低保一个月多少钱", "pick", pick)).Body)
		if a := d.post(t, operator, "/console/desk/end", with(v, "outcome", "callback", "note", note)); a.Status != 200 {
			t.Fatalf("ending = %d", a.Status)
		}
	}
	d.post(t, operator, "/console/desk/shift", url.Values{"note": {"北原还有两家没走访"}})
	all, own := d.get(t, operator, "/console/desk/shift").Body, d.get(t, town, "/console/desk/shift").Body
	for _, said := range []string{"北原的事要回话", "北原还有两家没走访"} {
		if !strings.Contains(all, said) || strings.Contains(own, said) {
			t.Errorf("%q: operator sees %v, officer of another town sees %v", said, strings.Contains(all, said), strings.Contains(own, said))
		}
	}
	if !strings.Contains(all, "杏林的事要回话") || !strings.Contains(own, "杏林的事要回话") {
		t.Error("a call about the town is not seen there")
	}
	for to, query := range map[string]string{"called": `SELECT id FROM calls WHERE outcome = 'callback' AND division = '990121400000'`, "take": `SELECT id FROM call_shifts`} {
		var id string
		if err := d.DB.QueryRowContext(t.Context(), query).Scan(&id); err != nil {
			t.Fatal(err)
		}
		if a := d.post(t, town, "/console/desk/shift/"+to, url.Values{"id": {id}}); a.Status != http.StatusNotFound {
			t.Errorf("%s of another town's = %d", to, a.Status)
		}
		if a := d.post(t, operator, "/console/desk/shift/"+to, url.Values{"id": {id}}); a.Status >= 400 {
			t.Errorf("%s of the operator's = %d", to, a.Status)
		}
	}
}
