package resident_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/url"
	"strings"
	"testing"
	"time"

	"mashang/aid/cases"
)

const (
	zhangID = "990121195303081012" // sound check digits, nobody's
	wifeID  = "99012119580611228X"
)

func photoJPEG(t testing.TB) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 120, 80))
	for i := range 120 {
		m.Set(i, i%80, color.White)
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, nil))
	return b.Bytes()
}

// begin starts a 低保 application at 杏林村 and stands on its first page.
func (p *portal) begin() *browser {
	p.t.Helper()
	return p.scan(p.hall).get("/apply").want(200).see("要办什么事").link("/apply?situation=shouru").want(200).see("在这里就能申请").link("/apply/dibao").want(200).
		submit("/start", nil, "").want(200).see("第 1 步，共 5 步")
}

// next fills in the page the browser is on and goes on.
func (b *browser) next(values map[string]string) *browser {
	b.t.Helper()
	at := b.At
	b.submit(at, values, "go=next")
	if b.Status != 200 || b.At == at {
		b.t.Fatalf("%s did not go on (%d at %s):\n%s", at, b.Status, b.At, b.text())
	}
	return b.sound()
}

// fill goes through the whole form of a man who lives with his wife, up to the last page.
func fillDibao(b *browser) *browser {
	b.t.Helper()
	b.next(map[string]string{"for.kind": "other"}).next(map[string]string{"kin": "no"}).see("您是谁")
	b.next(map[string]string{"for.name": "王小云", "for.phone": "13855500124", "for.relation": "邻居", "for.entrusted": "yes"})
	b.next(map[string]string{"applicant.name": "张建明", "applicant.id": zhangID, "applicant.phone": "13855500123"}).see("您正在替 张建明 填")
	b.next(map[string]string{"applicant.hukou": xinglin, "applicant.address": "杏林村三组"})
	b.next(map[string]string{"applicant.health": "serious"}).next(map[string]string{"applicant.illness": "中风"}).next(map[string]string{"applicant.work": "unable"})
	b.next(map[string]string{"causes": "illness"}).next(map[string]string{"type": "family"}).next(nil)
	b.next(map[string]string{"household.alone": "no"}).next(map[string]string{"household.supporters": "no"}).see("还没有写", "加一个人")
	b.addWife()
	b.next(nil).see("张建明：过去 12 个月有哪些收入")
	b.next(map[string]string{"incomes.0.has": "wages"}).miss("租金").next(map[string]string{"incomes.0.wages": "每月300"}).see("李秀兰：")
	b.next(map[string]string{"incomes.1.has": "transfers"}).next(map[string]string{"incomes.1.transfers": "1200"})
	b.next(map[string]string{"savings.has": "deposits"}).next(map[string]string{"savings.deposits": "两千"})
	b.next(map[string]string{"things.vehicles": "no"}).next(map[string]string{"things.houses": "no"})
	b.next(map[string]string{"expenses.has": "medical"}).next(map[string]string{"expenses.medical": "5000"}).next(nil)
	b.next(nil).see("给材料拍照")
	b.next(nil).see("家里人都同意吗", "还没有签", "核对什么").link("consent.0").see("张建明，您同意核对吗")
	b.next(map[string]string{"name": "张建明", "agree": "yes"}).see("李秀兰，您同意核对吗")
	return b.next(map[string]string{"name": "李秀兰", "agree": "yes"}).see("已经签了").next(nil).see("交之前，再看一遍")
}

// addWife opens a row of the household and goes through its screens, one question each, back to the list.
func (b *browser) addWife() {
	b.t.Helper()
	b.link("members.new").want(200).sound()
	b.next(map[string]string{"members.new.name": "李秀兰", "members.new.relation": "spouse"}).see("李秀兰：身份证号")
	b.next(map[string]string{"members.0.id": wifeID}).see("李秀兰：身体怎么样")
	b.next(map[string]string{"members.0.health": "well"}).see("李秀兰：现在做什么")
	b.next(map[string]string{"members.0.work": "farm"}).see("李秀兰", "去掉").sound()
}

func TestChangingLanguageOrLettersKeepsWhatIsTyped(t *testing.T) {
	b := newPortal(t).begin()
	b.submit(b.At, map[string]string{"for.kind": "family"}, "go=keep:lang=zh-Hant").want(200).see("這次給誰辦").miss("請選一個").sound()
	if got := filled(b.form(b.At)).Get("for.kind"); got != "family" {
		t.Errorf("changing the language without script keeps %q", got)
	}
	b.post(b.At, url.Values{"for.kind": {"self"}, "go": {"keep"}, "as": {"lang=zh-Hant&place=x"}}).want(200).see("這次給誰辦").miss("請選一個").sound()
	if !strings.HasSuffix(b.At, "/apply/dibao/for") {
		t.Errorf("changing the language leads to %s", b.At)
	}
	b.post("/apply/dibao/for", url.Values{"for.kind": {"self"}, "kin": {"no"}})
	b.post("/apply/dibao/household", url.Values{"household.alone": {"no"}, "household.supporters": {"no"}})
	b.post("/apply/dibao/members.new", url.Values{"members.new.name": {"李秀兰"}, "go": {"keep"}, "as": {"care=1"}}).want(200).sound()
	if !strings.HasSuffix(b.At, "/apply/dibao/members.new") || filled(b.form(b.At)).Get("members.new.name") != "李秀兰" {
		t.Errorf("changing the letters beside a new person leads to %s", b.At)
	}
	b.post("/apply/dibao/savings", url.Values{"savings.has": {"deposits"}})
	b.post("/apply/dibao/savings.sums", url.Values{"savings.deposits": {"２，０００块"}, "from": {"check"}, "go": {"back"}}).want(200).see("2,000 元").miss("块")
}

func TestApplyFromStartToReceipt(t *testing.T) {
	p := newPortal(t)
	b := fillDibao(p.begin())
	b.see("张建明", "李秀兰", zhangID, "杏林村三组", "3,600 元", "家里每月收入", "400 元", "交给镇里").sound()
	b.submit("/check", nil, "go=submit").want(200).see("收到了，您的最低生活保障申请", "柳河镇民政办", "身份证后四位", "下一步", "最晚 30 个工作日", "不收一分钱").sound()
	if !strings.HasPrefix(b.At, "/status/") {
		t.Fatalf("handing in led to %s", b.At)
	}
	receipt, link := receiptOf(b), b.At

	t.Run("the proof is the last four", func(t *testing.T) {
		newBrowser(t, p.URL).post("/status", url.Values{"receipt": {receipt}, "proof": {zhangID[14:]}}).want(200).see("最低生活保障")
	})
	t.Run("any page of it leads to the receipt", func(t *testing.T) {
		if b.get("/apply/dibao/members").want(200); b.At != link {
			t.Errorf("the old page led to %s", b.At)
		}
		b.get("/apply").want(200).miss("有一份没填完的", "张建明")
	})
	t.Run("the decision stands on the page", func(t *testing.T) {
		at := p.clock()
		for i, ev := range []cases.StatusEvent{
			{Status: "accepted"}, {Status: "survey"},
			{Status: "rejected", Reason: "家庭月人均收入高于标准", Legal: "《最低生活保障审核确认办法》第二十一条", Appeal: "60 日内可以申请行政复议"},
		} {
			ev.Receipt, ev.At = receipt, at.Add(time.Duration(i+1)*time.Hour)
			must(t, p.Cases.Apply(t.Context(), ev.Status, ev))
			if ev.Status == "survey" {
				b.get(link).want(200).see("正在入户", "下一步", "已受理").sound()
			}
		}
		b.get(link).want(200).see("这次没有同意", "家庭月人均收入高于标准", "60 日内可以申请行政复议").miss("撤回申请").sound()
	})
	for _, secret := range []string{zhangID, wifeID, "13855500123", "张建明", receipt} {
		if strings.Contains(p.Log.String(), secret) {
			t.Errorf("%q stands in the log", secret)
		}
	}
}

func TestApplyKeepsEverythingTypedAndNamesTheField(t *testing.T) {
	p := newPortal(t)
	b := p.begin().next(map[string]string{"for.kind": "self"}).next(map[string]string{"kin": "unsure"})
	b.miss("您正在替")
	page := b.At
	for _, tt := range []struct{ name, field, typed, see string }{
		{"too few digits", "applicant.id", "9901211953030810", "18 位"},
		{"a wrong check digit", "applicant.id", "990121195303081011", "有一位不对"},
		{"a day that was not", "applicant.id", "990121195313311010", "出生日期"},
		{"letters in a number", "applicant.id", "9901211953030810ab", "X"},
		{"a short phone", "applicant.phone", "1385550012", "11 位"},
		{"digits in a name", "applicant.name", "张3", "请写姓名"},
		{"broken bytes", "applicant.name", "张\xff明", "请再写一遍"},
		{"a very long name", "applicant.name", strings.Repeat("长", 500), "最多"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			values := map[string]string{"applicant.name": "张建明", "applicant.id": zhangID, "applicant.phone": "13855500123", tt.field: tt.typed}
			b.get(page).submit(page, values, "go=next").want(422).see(tt.see, "要补一下").sound()
			form := filled(b.form(page))
			for name, value := range values {
				if got := form.Get(name); got != strings.ToValidUTF8(value, "\uFFFD") {
					t.Errorf("%s is now %q", name, got)
				}
			}
			field := b.byID("f-" + strings.ReplaceAll(tt.field, ".", "-"))
			if attr(field, "aria-invalid") != "true" {
				t.Error("the field is not marked")
			}
		})
	}
	t.Run("a million characters", func(t *testing.T) {
		long := strings.Repeat("长", 350_000)
		b.get(page).submit(page, map[string]string{"applicant.name": long}, "go=next").want(413).see("最多")
		if filled(b.form(page)).Get("applicant.name") != long {
			t.Error("what was typed is gone")
		}
	})
	t.Run("it is still there in another language", func(t *testing.T) {
		b.submit(page, map[string]string{"applicant.name": "张建明", "applicant.id": "123"}, "go=next").want(422)
		b.get(page + "?lang=en").want(200).see("18").miss("以").sound()
		if filled(b.form(page)).Get("applicant.id") != "123" {
			t.Error("the number is gone")
		}
	})
}

func TestApplyGoesBackAndLaterWithoutLosingAnything(t *testing.T) {
	p := newPortal(t)
	b := p.begin().next(map[string]string{"for.kind": "self"}).next(map[string]string{"kin": "no"})
	b.submit(b.At, map[string]string{"applicant.name": "张建明", "applicant.id": "12"}, "go=back").want(200).see("有没有亲戚")
	b.submit(b.At, nil, "go=next").want(200)
	if got := filled(b.form(b.At)).Get("applicant.id"); got != "12" {
		t.Fatalf("going back lost what was typed: %q", got)
	}
	b.submit(b.At, nil, "go=later").want(200).see("都存好了", "续办码", "密码").sound()
	groups := b.all(func(n *node) bool {
		return n.Data == "span" && n.Parent.Data == "p" && attr(n.Parent, "class") == "mz-code"
	})
	code, pin := groups[0].FirstChild.Data+" "+groups[1].FirstChild.Data, pinOf(b)

	t.Run("from another phone", func(t *testing.T) {
		c := newBrowser(t, p.URL).get("/apply/resume").want(200).sound()
		c.submit("/apply/resume", map[string]string{"code": strings.ToLower(code), "pin": pin}, "").want(200).see("申请的人是谁")
		if got := filled(c.form(c.At)).Get("applicant.id"); got != "12" {
			t.Errorf("the draft came without %q", got)
		}
	})
	t.Run("with a wrong PIN", func(t *testing.T) {
		c := newBrowser(t, p.URL)
		for range 5 {
			c.post("/apply/resume", url.Values{"code": {code}, "pin": {"99999"}}).want(422).see("对不上")
		}
		c.post("/apply/resume", url.Values{"code": {code}, "pin": {pin}}).want(429).see("先停一停").sound()
	})
	t.Run("with nothing", func(t *testing.T) {
		newBrowser(t, p.URL).post("/apply/resume", url.Values{}).want(422).see("写一下续办码", "写一下密码")
	})
	t.Run("the banner leads back", func(t *testing.T) {
		b.get("/apply").want(200).see("有一份没填完的", "张建明").sound()
		b.link("/apply/dibao/applicant").want(200)
	})
	t.Run("discarding asks first", func(t *testing.T) {
		b.get("/apply/discard").want(200).see("真的不要了", "张建明").sound()
		b.submit("/apply/discard", nil, "").want(200).see("已经删掉了").miss("有一份没填完的")
		b.get("/apply/dibao/applicant").want(404).see("续办码")
	})
}

func TestADraftThatEndsSoonSaysSo(t *testing.T) {
	p := newPortal(t)
	b := p.begin().next(map[string]string{"for.kind": "self"})
	at := b.At
	b.get(at).want(200).miss("会自动删掉")
	p.wait(24 * 24 * time.Hour)
	b.get(at).want(200).see("存到 2026年12月18日", "会自动删掉")
	b.next(map[string]string{"kin": "no"}).miss("会自动删掉")
}

func TestApplyRowsAreAddedChangedTakenAwayAndPutBack(t *testing.T) {
	p := newPortal(t)
	b := p.begin().next(map[string]string{"for.kind": "self"}).next(map[string]string{"kin": "no"})
	b.next(map[string]string{"applicant.name": "张建明", "applicant.id": zhangID, "applicant.phone": "13855500123"})
	b.next(map[string]string{"applicant.hukou": xinglin, "applicant.address": "三组"})
	b.next(map[string]string{"applicant.health": "well"}).next(map[string]string{"applicant.work": "farm"})
	b.next(map[string]string{"causes": "illness"}).next(map[string]string{"type": "unsure"}).next(nil)
	b.next(map[string]string{"household.alone": "no"}).next(map[string]string{"household.supporters": "no"})
	list := b.At
	b.submit(list, nil, "go=next").want(422).see("至少加一个").sound()

	b.link("members.new").submit("/members.new", map[string]string{"members.new.name": "李秀7"}, "go=next").want(422).see("请写姓名", "请选一个").sound()
	b.submit("/members.0", map[string]string{"members.0.name": "李秀兰", "members.0.relation": "spouse"}, "go=next").want(200).see("身份证号")
	b.submit(b.At, map[string]string{"members.0.id": "12"}, "go=next").want(422).see("李秀兰：", "18 位").sound()
	b.next(map[string]string{"members.0.id": wifeID}).next(map[string]string{"members.0.health": "well"}).next(map[string]string{"members.0.work": "farm"}).see("李秀兰", "丈夫或妻子")
	if b.At != list {
		t.Fatalf("a saved row led to %s", b.At)
	}
	b.link("members.new").next(map[string]string{"members.new.name": "张小宝", "members.new.relation": "grandchild"})
	b.next(map[string]string{"members.1.birth": "2019年3月8日"}).next(map[string]string{"members.1.health": "well"}).next(map[string]string{"members.1.work": "school"}).see("李秀兰", "张小宝")
	b.submit(list, nil, "go=remove:0").want(200).see("已去掉 李秀兰", "张小宝", "放回去").sound()
	b.submit(list, nil, "go=undo").want(200).see("李秀兰", "张小宝").miss("已去掉")
	b.link("members.0").want(200).see("张小宝")
	b.get("/apply/dibao/members.0.id").want(200)
	if got := filled(b.form("/members.0.id")).Get("members.0.birth"); got != "2019年3月8日" {
		t.Errorf("the birthday is %q", got)
	}
	b.get("/apply/dibao/members.77").want(200)
	if b.At != list {
		t.Errorf("a row that is not there led to %s", b.At)
	}
	b.submit(list, nil, "go=next").want(200).see("张建明：")
}

func TestApplyPhotos(t *testing.T) {
	p := newPortal(t)
	b := p.begin()
	b.get("/apply/dibao/papers").want(200).see("身份证·有照片的一面").sound()
	b.upload("kind=id_front", "a.jpg", photoJPEG(t)).want(200).see("已存好").sound()
	if b.At != "/apply/dibao/papers" {
		t.Fatalf("a photo led to %s", b.At)
	}
	src := ""
	for _, n := range b.all(func(n *node) bool { return n.Data == "img" }) {
		src = attr(n, "src")
	}
	if b.tab().get(src).want(200).Header.Get("Content-Type") != "image/jpeg" {
		t.Error("the photo is not shown to its holder")
	}
	newBrowser(t, p.URL).get(src).want(404)

	for _, tt := range []struct {
		name    string
		file    string
		content []byte
		status  int
		see     string
	}{
		{"nothing chosen", "", nil, 422, "还没有选照片"},
		{"no picture", "a.jpg", []byte("just words, no picture at all"), 415, "这不是照片"},
		{"an empty file", "a.jpg", []byte{}, 422, "空的"},
		{"a PDF", "a.pdf", []byte("%PDF-1.7\n1 0 obj"), 422, "PDF"},
		{"half a picture", "a.jpg", photoJPEG(t)[:200], 422, "没传完整"},
		{"too large", "a.jpg", append(photoJPEG(t), make([]byte, 20<<20)...), 413, "太大"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := b.tab().get("/apply/dibao/papers")
			c.upload("kind=hukou", tt.file, tt.content)
			c.see(tt.see, "身份证·有照片的一面").sound()
			if c.Status != tt.status && c.Status != 422 {
				t.Errorf("status %d, want %d", c.Status, tt.status)
			}
		})
	}
	t.Run("what is saved stays and can be deleted", func(t *testing.T) {
		b.get("/apply/dibao/papers").see("已保存家里").submit("/remove", nil, "").want(200).miss("已保存家里")
		b.tab().get(src).want(404)
	})
	t.Run("another language after an error", func(t *testing.T) {
		b.get("/apply/dibao/papers/add?kind=hukou&lang=en").want(200).see("Hukou booklet")
		b.get("/apply/dibao/start?lang=zh-Hans").want(200).see("申请最低生活保障")
	})
	t.Run("an unknown kind", func(t *testing.T) {
		b.post("/apply/dibao/papers/add?kind=gold", url.Values{}).want(404)
		b.post("/apply/dibao/members/add?kind=id_front", url.Values{}).want(404)
	})
}

func TestApplyTwiceIsOneApplication(t *testing.T) {
	p := newPortal(t)
	b := fillDibao(p.begin())
	form := filled(b.form("/check"))
	form.Set("go", "submit")
	first := b.tab().post("/apply/dibao/check", form).want(200)
	second := b.tab().post("/apply/dibao/check", form).want(200)
	if receiptOf(first) != receiptOf(second) {
		t.Error("a double tap made two applications")
	}
	t.Run("the same person again", func(t *testing.T) {
		c := fillDibao(p.begin())
		c.submit("/check", nil, "go=submit").want(409).see("这次没有交上去", "已经交过一份").sound()
	})
	list, err := p.Cases.List(t.Context(), cases.Filter{Kind: cases.Application})
	must(t, err)
	if len(list) != 1 {
		t.Errorf("%d applications, want 1", len(list))
	}
}

func TestApplyInTwoTabs(t *testing.T) {
	p := newPortal(t)
	b := p.begin()
	other := b.tab().get(b.At)
	b.next(map[string]string{"for.kind": "self"}).next(map[string]string{"kin": "no"}).next(map[string]string{"applicant.name": "张建明", "applicant.id": zhangID, "applicant.phone": "13855500123"})
	other.submit(other.At, map[string]string{"for.kind": "family"}, "go=next").want(409).see("两个窗口填得不一样", "给自己办").sound()
	other.submit(other.At, map[string]string{"for.kind": "self"}, "go=next").want(200).next(nil)
	if got := filled(other.form(other.At)).Get("applicant.name"); got != "张建明" {
		t.Errorf("the second tab lost the page of the first: %q", got)
	}
	check := b.get("/apply/dibao/check").want(200).see("张建明", "有", "还有").miss("交给镇里")
	check.post("/apply/dibao/check", url.Values{"go": {"submit"}}).want(422).see("要补一下")
	b.get("/apply/dibao/nothing").want(404)
	b.get("/apply/jy_yiwu/for").want(200).see("要到别处申请")
}

func TestApplyChangesFromTheLastPageReturnThere(t *testing.T) {
	p := newPortal(t)
	b := fillDibao(p.begin())
	b.link("/apply/dibao/home?from=check").want(200).see("回去核对")
	b.submit("/apply/dibao/home", map[string]string{"applicant.address": "杏林村五组"}, "go=next").want(200).see("交之前，再看一遍", "杏林村五组")
	b.link("/apply/dibao/members?from=check").link("members.0?from=check").want(200)
	b.submit("/members.0", map[string]string{"members.0.relation": "sibling"}, "go=next").want(200).see("回去核对")
	b.submit("/apply/dibao/members", nil, "go=next").want(200).see("交之前，再看一遍", "兄弟姐妹")
	t.Run("a page that opens is asked", func(t *testing.T) {
		b.link("/apply/dibao/things?from=check")
		b.submit("/apply/dibao/things", map[string]string{"things.vehicles": "yes"}, "go=next").want(200).see("家里的车船")
	})
}

func TestWithdrawAnApplication(t *testing.T) {
	p := newPortal(t)
	b := fillDibao(p.begin()).submit("/check", nil, "go=submit").want(200)
	link := b.At
	newBrowser(t, p.URL).post(link+"/withdraw", nil).see("先看看是不是您本人") // the link alone withdraws nothing
	b.get(link).want(200).miss("已撤回")
	b.link("/withdraw").want(200).see("先看看是不是您本人").sound()
	b.submit("/prove", map[string]string{"proof": zhangID[14:]}, "").want(200).see("真的不申请了吗").sound()
	b.submit("/withdraw", nil, "").want(200).see("已撤回")
	if b.At != link {
		t.Errorf("withdrawing led to %s", b.At)
	}
	b.get(link + "/withdraw").want(200).see("已撤回") // a second look goes back to the case
}

func TestApplyWithoutAPlaceAsksForTheTown(t *testing.T) {
	p := newPortal(t)
	b := newBrowser(t, p.URL).get("/apply/dibao").want(200).see("您住在哪个镇").sound()
	b.submit("/start", nil, "").want(422).see("请选一个镇").sound()
	b.submit("/start", map[string]string{"town": liuhe}, "").want(200).see("第 1 步")
	newBrowser(t, p.URL).get("/apply/nothing").want(404)
	newBrowser(t, p.URL).get("/apply/linshi_jinan").want(200).see("有生命危险")
	newBrowser(t, p.URL).get("/apply/dibao/for").want(404).see("续办码").sound()
}
