package sample_test

import (
	"bufio"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mashang/aid/policy"
	"mashang/i18n"
	"mashang/platform/store/storetest"
	"mashang/platform/text"
	"mashang/sample"
)

// parts are the sections that the page of every programme has.
var parts = []string{"who", "what", "how", "papers", "time", "publicity", "renewal", "duties", "stacking", "appeal"}

// need is what a programme must have besides, by how it is applied for.
type need struct {
	steps  int
	bring  int      // papers that are always brought
	looked int      // papers that the office looks up
	clock  bool     // the office's time is known, no excuse
	says   []string // how it is done says one of these
}

var needs = map[string]need{
	"form":      {steps: 4, bring: 3, looked: 1, clock: true, says: []string{"网上"}},
	"emergency": {steps: 3, clock: true, says: []string{"紧急求助"}},
	"office":    {steps: 3, looked: 1, says: []string{"窗口", "镇", "村", "机构", "残联", "殡仪馆", "公告"}},
	"school":    {steps: 3, bring: 1, looked: 1, says: []string{"学校", "幼儿园"}},
	"hospital":  {steps: 3, looked: 1, says: []string{"医院"}},
	"station":   {steps: 3, looked: 1, says: []string{"救助站"}},
	"auto":      {steps: 3, looked: 1, says: []string{"不用申请"}},
}

// inKind are the programmes that give no money to the reader, so that no figure is missing.
var inKind = []string{"liulang", "falv", "jibing", "jy_songjiao", "fangfan", "jiuye_rending"}

// atOnce are those where nobody waits for an office: help is given on the spot, goes with another decision or with the
// days in which everybody pays.
var atOnce = []string{"tekun_huli", "jibing", "liulang", "yb_canbao"}

// asks are the words that send a reader to somebody who knows.
var asks = []string{"请问", "请打", "打 1", "问住建局", "问县", "问人社局", "问镇", "问学校", "问窗口", "问教育局", "问老师", "问班主任", "问幼儿园", "问村", "看当年", "看公告", "请开学时问", "请申请时问", "看每一次", "请窗口"}

func TestEveryProgrammeIsComplete(t *testing.T) {
	s := loaded(t, storetest.SQLite(t), today).Library.Shelf()
	for _, p := range s.Programmes() {
		t.Run(p.ID, func(t *testing.T) {
			n, ok := needs[p.Apply]
			if !ok || !p.Full {
				t.Fatalf("applied for by %q, full %v", p.Apply, p.Full)
			}
			sections := map[string]policy.Section{}
			for _, x := range p.Sections {
				sections[x.Key] = x
			}
			for _, key := range parts {
				x, ok := sections[key]
				if !ok {
					t.Errorf("says nothing about %s", key)
				}
				// What an office does by its own practice may stand without a source; what is a right may not.
				free := slices.Contains([]string{"papers", "renewal", "duties"}, key) || key == "time" && knowsNot(p, "time")
				if len(x.Cites) == 0 && !free {
					t.Errorf("%s has no source", key)
				}
			}
			if !slices.ContainsFunc(n.says, func(w string) bool { return strings.Contains(sections["how"].Text.Hans, w) }) {
				t.Errorf("how it is done says none of %q", n.says)
			}
			bring, looked := 0, 0
			for _, x := range p.Papers {
				switch {
				case x.LookedUp:
					looked++
				case !x.Optional:
					bring++
				}
			}
			if len(p.Steps) < n.steps || bring < n.bring || looked < n.looked || len(p.Legal) < 3 {
				t.Errorf("%d steps, %d papers to bring, %d looked up, %d articles of law", len(p.Steps), bring, looked, len(p.Legal))
			}
			if timed := len(p.Deadlines) > 0; !timed && (n.clock || !knowsNot(p, "time")) && !slices.Contains(atOnce, p.ID) {
				t.Error("no time limit, and none is missed")
			}
			if pays := len(s.Standards([]string{sample.County}, p.ID, today)) > 0; !pays && !knowsNot(p, "amount") && !slices.Contains(inKind, p.ID) {
				t.Error("no amount, and none is missed")
			}
			for _, u := range p.Unknown {
				about := u.About
				if about == "source" {
					continue
				}
				if about == "amount" {
					about = "what"
				}
				x, ok := sections[about]
				if !ok || !slices.ContainsFunc(asks, func(w string) bool { return strings.Contains(x.Text.Hans, w) }) {
					t.Errorf("nobody is named to ask about %s: %s", u.About, x.Text.Hans)
				}
			}
		})
	}
}

func knowsNot(p policy.Programme, about string) bool {
	return slices.ContainsFunc(p.Unknown, func(u policy.Unknown) bool { return u.About == about })
}

// texts are all a programme says, by what it is.
func texts(p policy.Programme) map[string]i18n.Text {
	all := map[string]i18n.Text{"name": p.Name, "alias": p.Alias, "summary": p.Summary}
	for _, x := range p.Sections {
		all[x.Key+" title"], all[x.Key] = x.Title, x.Text
	}
	for _, x := range p.Papers {
		all["paper "+x.Key], all["paper "+x.Key+" note"] = x.Name, x.Note
	}
	for _, x := range p.Steps {
		all["step "+x.Key], all["step "+x.Key+" text"] = x.Title, x.Text
	}
	for _, x := range p.Deadlines {
		all["deadline "+x.Key], all["deadline "+x.Key+" from"] = x.Text, x.From
	}
	for _, x := range p.Unknown {
		all["unknown "+x.About+x.Text.Hans] = x.Text
	}
	return all
}

var (
	grades  = regexp.MustCompile(`[A-D](、| ?[级級类類])`)
	latin   = regexp.MustCompile(`[A-Za-z]+`)
	bracket = regexp.MustCompile(`\([^()]*\)`)
	han     = regexp.MustCompile(`\p{Han}+`)
	money   = regexp.MustCompile(`[0-9][0-9,.]* ?[万千百]?[元块%]|[0-9][0-9,.]* (yuan|RMB)|[¥￥]`)
)

func TestEveryProgrammeSpeaksThreeLanguages(t *testing.T) {
	programmes, err := sample.Programmes()
	if err != nil {
		t.Fatal(err)
	}
	simplified := onlySimplified(t)
	for _, p := range programmes {
		for what, x := range texts(p) {
			if x.Hans == "" || x.Hant == "" || x.En == "" {
				t.Errorf("%s %s: %+v", p.ID, what, x)
			}
			for _, s := range []string{x.Hans, x.Hant} {
				if left := latin.FindString(grades.ReplaceAllString(s, "")); left != "" {
					t.Errorf("%s %s has %q in Chinese: %s", p.ID, what, left, s)
				}
			}
			if left := han.FindString(bracket.ReplaceAllString(x.En, "")); left != "" {
				t.Errorf("%s %s has %s in English: %s", p.ID, what, left, x.En)
			}
			if at := strings.IndexAny(x.Hant, simplified); at >= 0 {
				t.Errorf("%s %s has simplified characters: %s", p.ID, what, x.Hant[at:])
			}
			if same(x.Hans) != same(x.Hant) {
				t.Errorf("%s %s says two things:\n%s\n%s", p.ID, what, x.Hans, x.Hant)
			}
			// Amounts stand in the standards, with place, date and document; prose has none.
			for _, s := range []string{x.Hans, x.Hant, x.En} {
				if m := money.FindString(s); m != "" && p.ID+" "+what != "tekun step decision text" { // how many are checked
					t.Errorf("%s %s names an amount, %s", p.ID, what, m)
				}
			}
		}
	}
}

// same is what both Chinese scripts make of one text.
func same(s string) string {
	return text.Fold(strings.NewReplacer("身分", "身份", "答覆", "答复", "「", "“", "」", "”").Replace(s))
}

// bothScripts are characters that simplify others and are Traditional themselves, as far as the texts use them.
const bothScripts = "困家了和村出核查局同溪面向教管合回只才象吃表布扣致系冬真具假制修抵症借台伙床戚娘准私秋糊志千念岩痴呆托折矩群克栗峰松苔"

func onlySimplified(t testing.TB) string {
	t.Helper()
	f, err := os.Open("../platform/text/opencc/TSCharacters.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var found strings.Builder
	for lines := bufio.NewScanner(f); lines.Scan(); {
		from, to, ok := strings.Cut(lines.Text(), "\t")
		if !ok || strings.HasPrefix(from, "#") {
			continue
		}
		for _, c := range to {
			if c != ' ' && string(c) != from && !strings.ContainsRune(bothScripts, c) {
				found.WriteRune(c)
			}
		}
	}
	if !strings.Contains(found.String(), "东") || strings.ContainsAny(found.String(), "東家") {
		t.Fatal("the list of simplified characters is not one")
	}
	return found.String()
}

func TestTheListFindsSimplifiedCharacters(t *testing.T) {
	list := onlySimplified(t)
	for s, want := range map[string]bool{"縣民政局 15 個工作日內確認": false, "县民政局": true, "在村裡公示": false, "在村里发": true, "批准、鑑定": false} {
		if got := strings.ContainsAny(s, list); got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
}

func TestEveryCiteIsInForce(t *testing.T) {
	s := loaded(t, storetest.SQLite(t), today).Library.Shelf()
	cite := func(where string, c policy.Cite) {
		d, a, ok := s.Cited(c, today)
		if !ok || d.State != policy.InForce || c.Article == "" {
			t.Errorf("%s cites %+v", where, c)
		}
		if !strings.Contains(a.Text, c.Quote) {
			t.Errorf("%s quotes what does not stand in %s %s: %s", where, c.Document, c.Article, c.Quote)
		}
	}
	for _, p := range s.Programmes() {
		for _, c := range p.Legal {
			cite(p.ID, c)
		}
		for _, x := range p.Sections {
			for _, c := range x.Cites {
				cite(p.ID+" "+x.Key, c)
			}
		}
		for _, x := range p.Deadlines {
			cite(p.ID+" "+x.Key, x.Cite)
		}
	}
	for _, e := range s.Entries() {
		for _, c := range e.Cites {
			cite(e.ID, c)
		}
		for _, x := range append(slices.Clone(e.Questions), e.Answer) {
			if m := money.FindString(e.Answer.Hans + e.Answer.Hant + e.Answer.En); m != "" && e.Place == "" {
				t.Errorf("%s names an amount, %s", e.ID, m)
			}
			if x.Hans == "" || x.Hant == "" || x.En == "" {
				t.Errorf("%s: %+v", e.ID, x)
			}
		}
	}
}

// What the offices look up themselves is never asked for.
func TestNoPaperIsAskedForThatTheOfficeCanLookUp(t *testing.T) {
	programmes, err := sample.Programmes()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range programmes {
		seen := map[string]bool{}
		for _, x := range p.Papers {
			if seen[x.Key] {
				t.Errorf("%s lists %s twice", p.ID, x.Key)
			}
			seen[x.Key] = true
			if x.LookedUp {
				continue
			}
			for _, w := range []string{"贫困证明", "收入证明", "无房证明", "低保证", "健在证明", "年龄证明", "身份等级"} {
				if strings.Contains(x.Name.Hans, w) {
					t.Errorf("%s asks for %s", p.ID, x.Name.Hans)
				}
			}
		}
	}
}
