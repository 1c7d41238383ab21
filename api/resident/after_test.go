package resident_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/aid/apply"
	"mashang/aid/apply/applytest"
	"mashang/aid/cases"
)

// filedBy hands in application n by the way of other programs, and gives it back with its link.
func (p *portal) filedBy(n int) (a apply.Application, receipt, link string) {
	p.t.Helper()
	a = applytest.Example("dibao", xinglin, xinglin, n)
	b, err := json.Marshal(map[string]any{"programme": a.Programme, "place": a.Place, "for": a.For, "answers": a.Answers, "consents": a.Consents})
	must(p.t, err)
	req, err := http.NewRequest(http.MethodPost, p.URL+"/api/v1/applications", strings.NewReader(string(b)))
	must(p.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", a.IdempotencyKey)
	res, err := http.DefaultClient.Do(req)
	must(p.t, err)
	defer res.Body.Close()
	var filed struct{ Receipt, Token string }
	must(p.t, json.NewDecoder(res.Body).Decode(&filed))
	if res.StatusCode != http.StatusCreated {
		p.t.Fatalf("filing answered %d", res.StatusCode)
	}
	return a, filed.Receipt, "/status/" + filed.Token
}

func last4(a apply.Application) string {
	return a.Answers["applicant"].(map[string]any)["id"].(string)[14:]
}

// proven is a browser on a page of a case that asks for the proof first.
func (p *portal) proven(a apply.Application, link, page string) *browser {
	p.t.Helper()
	b := newBrowser(p.t, p.URL).get(link + "/" + page).want(200).see("先看看是不是您本人").sound()
	b.submit("/prove", map[string]string{"proof": "0000"}, "").want(422).see("对不上").sound()
	return b.submit("/prove", map[string]string{"proof": last4(a)}, "").want(200).sound()
}

func TestAMemberSignsWithACodeAndTakesItBack(t *testing.T) {
	p := newPortal(t)
	a, _, link := p.filedBy(1)
	newBrowser(t, p.URL).get(link).want(200).see("等 1 位家人签字").sound()
	b := p.proven(a, link, "signers").see("谁签了核对授权", "还没有签")
	name := a.Answers["supporters"].([]any)[0].(map[string]any)["name"].(string)
	ask := regexp.MustCompile(`name="who" value="(\w+)"><button[^>]*value="ask"`).FindStringSubmatch(b.Body)
	if ask == nil {
		t.Fatal("nobody can be asked")
	}
	b.post(b.At, url.Values{"who": {ask[1]}, "go": {"ask"}}).want(200).see(name, "等他用自己的手机签").sound()
	code := regexp.MustCompile(`mz-code"><span>([A-Z]{4})</span><span>([A-Z]{4})<`).FindStringSubmatch(b.Body)
	if code == nil {
		t.Fatal("the page shows no code")
	}

	m := newBrowser(t, p.URL).get("/consent").want(200).see("凭码签字").sound()
	m.submit("/consent", map[string]string{"code": "XXXX"}, "").want(422).see("没有这个签字码").sound()
	m.submit("/consent", map[string]string{"code": strings.ToLower(code[1]) + " " + code[2]}, "").want(200)
	m.see(name, "最低生活保障", "向哪些单位核对", "管多久", "柳河镇民政办").sound()
	own := m.At
	m.submit("/consent/", map[string]string{"name": "别人"}, "").want(422).see("打上勾才算同意").sound()
	m.submit("/consent/", map[string]string{"name": name, "agree": "yes", "ink": "1,2 3,4;5,6 7,8"}, "").want(200).see("签好了", "撤回我的同意").sound()
	if !strings.Contains(m.Body, `d="M1,2 3,4M5,6 7,8"`) {
		t.Error("the drawing is not shown")
	}
	newBrowser(t, p.URL).get(link).miss("位家人签字", "撤回了同意")
	m.link("/withdraw").want(200).see("要撤回同意吗", "停下来").sound()
	m.submit("/withdraw", nil, "").want(200).see("已经撤回同意").sound()
	if m.At != own {
		t.Errorf("taking it back leads to %s", m.At)
	}
	newBrowser(t, p.URL).get(link).want(200).see("1 位家人撤回了同意", "核对停下来了").sound()
	for _, secret := range []string{name, code[1] + code[2], strings.TrimPrefix(own, "/consent/")} {
		if strings.Contains(p.Log.String(), secret) {
			t.Errorf("%q stands in the log", secret)
		}
	}
	newBrowser(t, p.URL).get("/consent/AAAAAAAAAAAAAAAAAAAAAAAAAA").want(404)
}

func TestWhatCanBeDoneAfterFiling(t *testing.T) {
	p := newPortal(t)
	a, receipt, link := p.filedBy(2)
	b := p.proven(a, link, "correct").see("哪里写错了").link("what=phone").want(200).see("对的电话").sound()
	b.submit("/correct", map[string]string{"now": "12"}, "").want(422).see("11 位").sound()
	b.submit("/correct", map[string]string{"now": "13912345678"}, "").want(200).see("已经告诉镇里", "您说写错了：联系电话").sound()
	b.link("/add").want(200).see("补一张材料").sound()
	b.get(link).link("/change").want(200).see("有什么变化").sound()
	b.link("what=death").want(200).see("请节哀").sound()
	b.submit("/change", map[string]string{"said": ""}, "").want(422).see("请写一写").sound()
	b.submit("/change", map[string]string{"said": "父亲走了"}, "").want(200).see("收到了，家里的变化", "查询密码").sound()
	b.get(link).see("后来的事").miss("我不同意这个结果", "再申请一次")

	at := p.clock()
	for i, s := range []string{"accepted", "survey"} {
		must(t, p.Cases.Apply(t.Context(), s, cases.StatusEvent{Receipt: receipt, Status: s, At: at.Add(time.Duration(i+1) * time.Minute)}))
	}
	b.get(link).miss("已经超过期限")
	p.wait(60 * 24 * time.Hour)
	b.get(link).want(200).see("已经超过期限", "复议", "12348").sound()
	must(t, p.Cases.Apply(t.Context(), "no", cases.StatusEvent{Receipt: receipt, Status: "rejected", At: p.clock(), Reason: "收入高于标准"}))
	b.get(link).want(200).miss("已经超过期限").see("这次没有同意")

	o := p.proven(a, link, "object").see("不同意这个结果", "收入高于标准", "行政复议", "行政诉讼", "信访", "12348")
	o.submit("/object", nil, "").want(422).see("请写一写哪里不对", "请选一个").sound()
	o.submit("/object", map[string]string{"want": "recheck", "said": "算错了"}, "").want(200).see("收到了，您的不同意见", "查询密码", "云溪县").sound()
	o.get(link).see("后来的事")

	n := p.proven(a, link, "renew").see("再申请一次", "重新签").submit("/renew", nil, "").want(200)
	if !strings.HasSuffix(n.At, "/apply/dibao/check") {
		t.Errorf("renewing leads to %s", n.At)
	}
	n.see("杏林村三组")
}

func TestAChangeIsReportedFromTheVillage(t *testing.T) {
	p := newPortal(t)
	b := p.scan(p.hall).get("/change").want(200).see("有什么变化").sound().link("what=people").want(200).sound()
	b.submit("/change", map[string]string{"said": "孙子搬来了"}, "").want(422).see("领救助的人的姓名").sound()
	b.submit("/change", map[string]string{"name": "张建明", "said": "孙子搬来了"}, "").want(200).see("收到了，家里的变化", "柳河镇民政办").sound()
	newBrowser(t, p.URL).get("/change?what=money").want(200).see("领救助的人").sound()
	newBrowser(t, p.URL).post("/change", url.Values{"what": {"nonsense"}, "said": {"x"}, "name": {"y"}}).want(422)
}
