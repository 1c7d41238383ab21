package v1_test

import (
	"net/http"
	"strings"
	"testing"

	"mashang/api/apitest"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

func TestAskOverJSON(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	ask := func(question, place, lang string) map[string]any {
		t.Helper()
		return call(t, p, "POST", "/ask", text(t, map[string]any{"question": question, "place": place, "lang": lang}), 200)
	}
	outcome := func(v map[string]any) string { return v["outcome"].(string) }

	amounts := map[string]string{}
	for name, place := range map[string]string{"liuhe": p.Poster(t), "beiyuan": p.Hall(t, sample.Beiyuan), "shimen": p.Hall(t, sample.Shimen)} {
		v := ask("低保一个月多少钱？", place, "")
		amounts[name] = text(t, v["amounts"])
		if name != "shimen" && (outcome(v) != "answer" || amounts[name] == "[]") {
			t.Errorf("%s: %s with amounts %s", name, outcome(v), amounts[name])
		}
		if name == "shimen" && (amounts[name] != "[]" || v["contact"].(map[string]any)["phone"] == "") {
			t.Errorf("where none is registered: amounts %s, contact %v", amounts[name], v["contact"])
		}
	}
	if amounts["liuhe"] == amounts["beiyuan"] {
		t.Errorf("two places share %s", amounts["liuhe"])
	}
	if v := ask("低保要带什么材料？", p.Poster(t), ""); outcome(v) != "answer" || len(v["citations"].([]any)) == 0 {
		t.Errorf("an answer without a source: %v", v)
	}
	if v := ask("家里没有吃的了，老人饿了两天", p.Poster(t), ""); outcome(v) != "emergency" {
		t.Errorf("hunger is %s", outcome(v))
	}
	if v := ask("怎么给火星上的猫办签证", p.Poster(t), ""); outcome(v) == "answer" {
		t.Errorf("nonsense is answered: %v", v["text"])
	}
	if v := ask("How do I apply for the minimum living allowance?", p.Poster(t), "en"); outcome(v) == "refuse" {
		t.Errorf("an English question is refused: %v", v["text"])
	}
	for _, bad := range []string{"", "   ", strings.Repeat("长", 10_000)} {
		call(t, p, "POST", "/ask", text(t, map[string]any{"question": bad}), 422)
	}
	a := p.Send(t, "POST", "/api/v1/ask", text(t, map[string]any{"question": "低保怎么办", "place": p.Poster(t)}), "Content-Type", js, "Accept", "text/event-stream")
	if a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("the stream is %d %s", a.Status, a.Header.Get("Content-Type"))
	}
	var names []string
	for line := range strings.SplitSeq(a.Body, "\n") {
		if name, ok := strings.CutPrefix(line, "event: "); ok {
			names = append(names, name)
		}
	}
	if got := strings.Join(names, " "); got != "outcome text amounts citations programmes options contact done" {
		t.Errorf("the events are %s", got)
	}
}

// Twenty questions a second from one address are always taken.
func TestAskTakesTwentyASecond(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	refused := -1
	for n := range 1900 {
		a := p.Send(t, "POST", "/api/v1/ask", `{"question": "低保"}`, "Content-Type", js)
		if a.Status == 429 {
			if a.Header.Get("Retry-After") == "" {
				t.Error("429 without Retry-After")
			}
			refused = n
			break
		}
	}
	if refused < 1200 {
		t.Errorf("question %d of one minute was refused", refused)
	}
}
