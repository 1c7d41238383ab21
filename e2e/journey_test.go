package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestJourneys walks what residents do, each view with cookies of its own: with
// script on a phone in both colour modes, without script, and on a desk.
func TestJourneys(t *testing.T) {
	p := startDemo(t)
	browser := openBrowser(t)
	for i, v := range []view{phone, noScript, phoneDark, desktop} {
		t.Run(v.name, func(t *testing.T) {
			p := p.in(t)
			b := newTab(t, browser, v)
			t.Run("know", func(t *testing.T) { p.in(t).know(b.in(t)) })
			t.Run("check", func(t *testing.T) { p.in(t).check(b.in(t)) })
			t.Run("ask", func(t *testing.T) { p.in(t).askBox(b.in(t)) })
			t.Run("emergency", func(t *testing.T) { p.in(t).emergency(b.in(t)) })
			t.Run("apply", func(t *testing.T) { p.in(t).apply(b.in(t), invented(7000+i)) })
		})
	}
}

// TestCareAndLanguages looks at the first pages in the care modes and in the
// other languages.
func TestCareAndLanguages(t *testing.T) {
	p := startDemo(t)
	browser := openBrowser(t)
	for _, lang := range []string{"zh-Hans", "zh-Hant", "en"} {
		for _, care := range []string{"0", "1", "max"} {
			t.Run(lang+" care "+care, func(t *testing.T) {
				b := newTab(t, browser, phone)
				b.open(p.Landings[0] + "?lang=" + lang + "&care=" + care)
				b.seen("landing-" + lang + "-" + care)
				for _, path := range []string{"/policies", "/policies/dibao", "/roster", "/apply", "/apply/dibao", "/status", "/ask", "/emergency", "/verify", "/privacy", "/accessibility", "/"} {
					b.open(p.URL + path)
					name := strings.Trim(strings.ReplaceAll(path, "/", "-"), "-")
					if name == "" {
						name = "home"
					}
					b.seen(name + "-" + lang + "-" + care)
				}
			})
		}
	}
}

// in lets a running program or an open tab speak to a subtest.
func (p *program) in(t testing.TB) *program { q := *p; q.t = t; return &q }
func (b *tab) in(t testing.TB) *tab         { c := *b; c.t = t; return &c }

func (p *program) know(b *tab) {
	b.open(p.Landings[0])
	b.sees("杏林村", "0137", "码上知", "码上查", "码上办", "12345", "示例")
	b.seen("landing")
	b.click(`a.mz-door[href^="/policies"]`)
	b.seen("policies")
	b.open(p.URL + "/policies/dibao")
	b.sees("712", "云民发")
	b.seen("dibao")
	// Elsewhere another figure holds, and at the third place none.
	b.open(p.Landings[1])
	b.open(p.URL + "/policies/dibao")
	if got := b.text("main"); strings.Contains(got, "712") || !regexp.MustCompile(`\d{3,} ?元`).MatchString(got) {
		b.t.Errorf("%s: the second place shows the first one's amount, or none", b.view.name)
	}
	b.open(p.Landings[2])
	b.open(p.URL + "/policies/dibao")
	if got := b.text("main"); strings.Contains(got, "712") || !strings.Contains(got, "0500-555") {
		b.t.Errorf("%s: the third place shows an amount of elsewhere, or no phone", b.view.name)
	}
	b.look("dibao-none")
}

func (p *program) check(b *tab) {
	b.open(p.URL + "/?lang=zh-Hans")
	b.open(p.Landings[0])
	b.click(`a.mz-door[href^="/roster"]`)
	b.sees("杏林村", "0500-555")
	if b.count(".mz-table tbody tr") == 0 {
		b.t.Errorf("%s: no published entry", b.view.name)
	}
	b.seen("roster")
	b.fill(map[string]string{"name": "没有这人"})
	b.click(`form[action^="/roster"] button`)
	if strings.Contains(b.at(), "name=") {
		b.t.Errorf("%s: a name stands in the address %s", b.view.name, b.at())
	}
	b.look("roster-none")
	b.open(p.Landings[2])
	b.open(p.URL + "/roster")
	if b.count(".mz-table tbody tr") > 0 {
		b.t.Errorf("%s: a village without a document shows entries", b.view.name)
	}
	b.seen("roster-off")
}

func (p *program) askBox(b *tab) {
	b.open(p.Landings[0])
	b.fill(map[string]string{"q": "低保要带什么材料"})
	b.click(`form.mz-find[action^="/ask"] button`)
	if strings.Contains(b.at(), "q=") {
		b.t.Errorf("%s: the question stands in the address", b.view.name)
	}
	b.sees("低保要带什么材料", "身份证")
	if b.count(".mz-cite") == 0 {
		b.t.Errorf("%s: no source is shown", b.view.name)
	}
	b.seen("ask")
	b.fill(map[string]string{"q": "那一个月多少钱"})
	b.click(`form[data-may] button[type="submit"]`)
	b.look("ask-follow-up")
	b.fill(map[string]string{"q": "我不想活了"})
	b.click(`form[data-may] button[type="submit"]`)
	b.sees("110", "12356")
	b.seen("ask-danger")
}

var sixteen = regexp.MustCompile(`\d{16}`)

// receiptOn reads the 16 digits of a receipt page.
func (b *tab) receiptOn() string {
	b.t.Helper()
	got := sixteen.FindString(strings.Join(strings.Fields(b.text(".mz-code")), ""))
	if got == "" {
		b.t.Fatalf("%s: no receipt\n%s", b.view.name, b.describe())
	}
	return got
}

// arrived waits until the back office has a message about a receipt.
func (p *program) arrived(kind, receipt string) {
	p.t.Helper()
	eventually(p.t, 10*time.Second, kind+" at the back office", func() bool {
		for _, r := range p.received() {
			var d struct{ Receipt string }
			if r.Type == kind && r.Verified && json.Unmarshal(r.Data, &d) == nil && d.Receipt == receipt {
				return true
			}
		}
		return false
	})
}

func (p *program) emergency(b *tab) {
	b.open(p.Landings[0])
	b.click(`main a[href="/emergency"]`)
	b.sees("110", "120")
	b.seen("emergency")
	// One field is missing: the others stay as they were typed.
	b.fill(map[string]string{"who": "王大娘", "where": "村东头桥边"})
	b.click(`form[action^="/emergency"] button`)
	if got := b.attr(`[name="who"]`, "value"); got != "王大娘" {
		b.t.Errorf("%s: the name typed is now %q", b.view.name, got)
	}
	b.seen("emergency-error")
	b.fill(map[string]string{"what": "food", "more": "两天没吃东西了"})
	b.click(`form[action^="/emergency"] button`)
	receipt := b.receiptOn()
	b.sees("还没有人看到")
	b.seen("emergency-receipt")
	p.arrived("emergency.reported", receipt)
	p.send("case.status_changed", map[string]any{"receipt": receipt, "status": "acknowledged", "at": time.Now().Format(time.RFC3339Nano)})
	b.open(b.at())
	if strings.Contains(b.text("main"), "还没有人看到") {
		b.t.Errorf("%s: somebody has read it, and the page does not say so", b.view.name)
	}
	b.look("emergency-read")
}

// apply files an application for a couple, with a photo, follows it to the
// decision, and reads the decision by receipt and proof.
func (p *program) apply(b *tab, who person) {
	spouse := invented(len(who.ID) + int(who.ID[16]) + 500)
	b.open(p.Landings[0])
	b.click(`a.mz-door[href^="/apply"]`)
	b.seen("apply")
	b.open(p.URL + "/apply/dibao")
	b.seen("apply-start")
	b.click(`form[action*="/start"] button`)
	answers := map[string]map[string]string{
		"for":                  {"for.kind": "self"},
		"for.kin":              {"kin": "no"},
		"applicant":            {"applicant.name": who.Name, "applicant.id": who.ID, "applicant.phone": who.Phone},
		"home":                 {"applicant.hukou": sampleVillage, "applicant.address": "杏林村东头第三家"},
		"life":                 {"applicant.health": "chronic"},
		"life.work":            {"applicant.work": "farm"},
		"cause":                {"causes": "illness"},
		"cause.type":           {"type": "family"},
		"household":            {"household.alone": "no"},
		"household.supporters": {"household.supporters": "no"},
		"incomes.0":            {"incomes.0.has": "transfers"},
		"incomes.0.sums":       {"incomes.0.transfers": "每月200"},
		"incomes.1":            {"incomes.1.has": "none"},
		"savings":              {"savings.has": "deposits"},
		"savings.sums":         {"savings.deposits": "一千"},
		"things":               {"things.vehicles": "no"},
		"things.houses":        {"things.houses": "no"},
		"expenses":             {"expenses.has": "medical"},
		"expenses.sums":        {"expenses.medical": "8000.50"},
		"consent.0":            {"name": who.Name, "agree": "yes"},
		"consent.1":            {"name": spouse.Name, "agree": "yes"},
	}
	for range 60 {
		page := b.at()[strings.LastIndex(b.at(), "/")+1:]
		page, _, _ = strings.Cut(page, "?")
		switch page {
		case "check":
			b.sees(who.Name, spouse.Name)
			b.seen("apply-check")
			b.click(`button[value="submit"]`)
			p.decided(b, who)
			return
		case "applicant":
			// A mistyped number first: words at the field, the rest stays.
			b.fill(map[string]string{"applicant.name": who.Name, "applicant.id": who.ID[:17] + wrongCheck(who.ID), "applicant.phone": who.Phone})
			b.click(`button[value="next"]`)
			if b.count(".is-bad") != 1 || b.attr(`[name="applicant.name"]`, "value") != who.Name {
				b.t.Errorf("%s: the wrong ID is not told at its field, or the name is gone\n%s", b.view.name, b.describe())
			}
			b.seen("apply-error")
		case "members":
			b.addMember(spouse)
			b.seen("apply-members")
		case "consent":
			// The big button leads to the next who has to sign, and is gone after the last.
			if next := `main form a.mz-btn[href*="/consent."]`; b.count(next) > 0 {
				b.seen("apply-consent-list")
				b.click(next)
				continue
			}
		case "papers":
			p.addPhoto(b)
			b.seen("apply-papers")
		}
		if len(answers[page]) > 0 {
			b.fill(answers[page])
		}
		b.seen("apply-" + page)
		b.click(`button[value="next"]`)
		if got := b.at(); strings.HasSuffix(got, "/"+page) {
			b.t.Fatalf("%s: the page %s does not let go on\n%s", b.view.name, page, b.describe())
		}
	}
	b.t.Fatalf("%s: the application never came to its end\n%s", b.view.name, b.describe())
}

// wrongCheck is a check character that is not the ID's own.
func wrongCheck(id string) string {
	if id[17] == '1' {
		return "2"
	}
	return "1"
}

// addMember opens a row of the household, fills it and comes back to the list.
func (b *tab) addMember(who person) {
	b.t.Helper()
	if b.count(`[name="members.0.name"]`) == 0 {
		b.click(`[href*="new"], button[value="add"], button[name="add"]`)
	}
	name := ""
	for _, n := range []string{"members.0.", "members.new.", ""} {
		if b.count(fmt.Sprintf(`[name=%q]`, n+"name")) > 0 {
			name = n
			break
		}
	}
	b.fill(map[string]string{name + "name": who.Name, name + "relation": "spouse"})
	b.click(`button[value="next"]`)
	for _, answer := range []map[string]string{{"members.0.id": who.ID}, {"members.0.health": "well"}, {"members.0.work": "farm"}} {
		b.fill(answer)
		b.click(`button[value="next"]`)
	}
}

// addPhoto sends one picture and sees it saved.
func (p *program) addPhoto(b *tab) {
	b.t.Helper()
	saved := b.count(".mz-doc__pic img")
	b.upload(`input[type="file"]`, "card.jpg", photo())
	if b.view.script {
		// The script sends it as soon as it is chosen.
		eventually(b.t, 15*time.Second, "the photo is saved", func() bool { return b.count(".mz-doc__pic img") > saved })
		return
	}
	b.click(`form[enctype="multipart/form-data"] button`)
	if b.count(".mz-doc__pic img") <= saved {
		b.t.Errorf("%s: the photo is not shown as saved\n%s", b.view.name, b.describe())
	}
}

// decided follows a filed application: receipt, the office's steps, the
// decision with its reason, and the look-up by receipt and proof.
func (p *program) decided(b *tab, who person) {
	receipt := b.receiptOn()
	b.seen("receipt")
	p.arrived("application.submitted", receipt)
	at := time.Now()
	for i, e := range []map[string]any{
		{"status": "accepted"},
		{"status": "rejected", "reason": "核对到未申报的存款", "legal": "最低生活保障审核确认办法 第二十一条", "appeal": "六十日内可申请行政复议"},
	} {
		e["receipt"], e["at"] = receipt, at.Add(time.Duration(i)*time.Second).Format(time.RFC3339Nano)
		p.send("application.status_changed", e)
	}
	b.open(b.at())
	b.sees("核对到未申报的存款", "行政复议")
	b.seen("receipt-decided")

	b.open(p.URL + "/status")
	b.seen("status")
	b.fill(map[string]string{"receipt": receipt, "proof": "0000"})
	b.click(`form[action^="/status"] button`)
	if strings.Contains(b.text("main"), "核对到未申报的存款") {
		b.t.Errorf("%s: a wrong proof shows the case", b.view.name)
	}
	b.fill(map[string]string{"receipt": receipt[:4] + " " + receipt[4:8] + " " + receipt[8:], "proof": who.ID[14:]})
	b.click(`form[action^="/status"] button`)
	b.sees("核对到未申报的存款")
	if strings.Contains(b.at(), receipt) {
		b.t.Errorf("%s: the receipt stands in the address", b.view.name)
	}
	b.look("status-found")
}

// photo is a picture as a phone takes it: big enough to be made smaller.
func photo() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 2000, 1500))
	for y := range 1500 {
		for x := range 2000 {
			img.Set(x, y, color.RGBA{uint8(x / 8), uint8(y / 6), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}
