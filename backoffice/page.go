package backoffice

import (
	"bytes"
	"encoding/json"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// button is one decision of the office and the event it sends.
type button struct {
	Label, Type, Status string
	Fields              []input // filled in before it is sent
}

type input struct{ Name, Label, Hint string }

// buttons are what the office usually says about a kind of case. The portal
// knows more states; POST /send reaches them all.
func buttons(topic string) []button {
	reply := []input{{"reason", "回话", "办成什么样"}}
	switch family, _, _ := strings.Cut(topic, "."); family {
	case "application":
		return []button{
			{Label: "受理", Type: "application.status_changed", Status: "accepted"},
			{Label: "核对", Type: "application.status_changed", Status: "verifying"},
			{Label: "入户", Type: "application.status_changed", Status: "survey"},
			{Label: "公示", Type: "application.status_changed", Status: "publicity"},
			{Label: "县级审核", Type: "application.status_changed", Status: "county_review"},
			{Label: "确认", Type: "application.status_changed", Status: "confirmed"},
			{Label: "发放", Type: "application.status_changed", Status: "paying"},
			{Label: "要补材料", Type: "application.supplement_requested", Fields: []input{
				{"items", "要补哪几样", "一行一样，一次说全"}, {"by", "最晚哪天补", "如 2026-12-01"}}},
			{Label: "不予确认", Type: "application.status_changed", Status: "rejected", Fields: []input{
				{"reason", "理由", "用申请人看得懂的话"}, {"legal", "依据", "哪份文件第几条"}, {"appeal", "不服怎么办", "复议、诉讼的期限和去处"}}},
		}
	case "emergency":
		return []button{
			{Label: "看到了", Type: "case.status_changed", Status: "acknowledged"},
			{Label: "上门", Type: "case.status_changed", Status: "visiting"},
			{Label: "先行救助", Type: "case.status_changed", Status: "fast_aid"},
			{Label: "已给付", Type: "case.status_changed", Status: "paid"},
			{Label: "办结", Type: "case.status_changed", Status: "closed"},
		}
	case "lead":
		return []button{
			{Label: "派人", Type: "task.assigned", Fields: []input{{"by", "最晚哪天去", "如 2026-12-01"}}},
			{Label: "上门", Type: "case.status_changed", Status: "visiting"},
			{Label: "已帮着申请", Type: "case.status_changed", Status: "opened"},
			{Label: "暂时不用办", Type: "case.status_changed", Status: "no_need", Fields: reply},
		}
	case "referral":
		return []button{
			{Label: "接手", Type: "case.status_changed", Status: "taken"},
			{Label: "帮上了", Type: "case.status_changed", Status: "served"},
			{Label: "退回", Type: "case.status_changed", Status: "returned", Fields: reply},
		}
	case "change":
		return []button{
			{Label: "核实", Type: "case.status_changed", Status: "checking"},
			{Label: "已改好", Type: "case.status_changed", Status: "applied"},
			{Label: "不用改", Type: "case.status_changed", Status: "no_need", Fields: reply},
		}
	case "decision", "roster":
		return []button{
			{Label: "在查", Type: "case.status_changed", Status: "investigating"},
			{Label: "说得对", Type: "case.status_changed", Status: "upheld", Fields: reply},
			{Label: "没有发现问题", Type: "case.status_changed", Status: "not_upheld", Fields: append(reply, input{"appeal", "不服怎么办", "复议、诉讼的期限和去处"})},
		}
	case "question", "feedback", "poster":
		return []button{
			{Label: "已派人", Type: "case.status_changed", Status: "assigned"},
			{Label: "办结", Type: "case.status_changed", Status: "closed", Fields: reply},
		}
	}
	return nil
}

// file is everything about one receipt.
type file struct {
	Receipt, Topic, Programme, Division string
	Received, Due, Acknowledge          string
	Attempts                            int
	State                               string
	Sent                                []record
	Buttons                             []button
	Last                                *record
	Whole                               []node // fetched from the portal
	Papers                              []string
	Trouble                             string
}

// files gathers the messages by receipt, the newest first.
func (s *Server) files() []*file {
	byReceipt := map[string]*file{}
	var all []*file
	for _, m := range s.shelf.Messages() {
		var d struct {
			Receipt, Programme, Division string
			ReceivedAt                   string `json:"received_at"`
			DueAt                        string `json:"due_at"`
			AcknowledgeBy                string `json:"acknowledge_by"`
		}
		if !m.Verified || json.Unmarshal(m.Data, &d) != nil || !plainName(d.Receipt) {
			continue
		}
		f := byReceipt[d.Receipt]
		if f == nil {
			f = &file{Receipt: d.Receipt, Topic: m.Type, Programme: d.Programme, Division: d.Division, Received: d.ReceivedAt,
				Due: d.DueAt, Acknowledge: d.AcknowledgeBy, State: "新到", Buttons: buttons(m.Type)}
			byReceipt[d.Receipt] = f
			all = append(all, f)
		} else {
			f.State = topicName(m.Type)
		}
		f.Attempts += m.Attempts
	}
	for _, r := range s.shelf.Sent() {
		var d struct{ Receipt, Status string }
		if json.Unmarshal(r.Data, &d) != nil || byReceipt[d.Receipt] == nil {
			continue
		}
		f := byReceipt[d.Receipt]
		f.Sent = append(f.Sent, r)
		f.Last = &f.Sent[len(f.Sent)-1]
		if r.Status >= 200 && r.Status < 300 {
			f.State = stateName(d.Status, r.Type)
		}
	}
	slices.Reverse(all)
	return all
}

func (s *Server) home(w http.ResponseWriter, _ *http.Request) {
	all := s.files()
	unverified := 0
	for _, m := range s.shelf.Messages() {
		if !m.Verified {
			unverified++
		}
	}
	const most = 200
	s.page(w, http.StatusOK, "home", map[string]any{"Files": all[:min(len(all), most)], "Total": len(all), "Unverified": unverified, "Texts": len(s.shelf.Texts()), "Faults": s.faults.list()})
}

func (s *Server) showCase(w http.ResponseWriter, r *http.Request) {
	all := s.files()
	i := slices.IndexFunc(all, func(f *file) bool { return f.Receipt == r.PathValue("receipt") })
	if i < 0 {
		s.page(w, http.StatusNotFound, "missing", nil)
		return
	}
	f := all[i]
	if err := s.whole(r, f); err != nil {
		f.Trouble = err.Error()
	}
	s.page(w, http.StatusOK, "case", f)
}

// whole fetches the case itself; the messages hold only its outline.
func (s *Server) whole(r *http.Request, f *file) error {
	res, err := s.fetch(r.Context(), "applications", f.Receipt)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return err
	}
	var outline struct{ Papers []struct{ ID string } }
	if json.Unmarshal(b, &outline) == nil {
		for _, p := range outline.Papers {
			if plainName(p.ID) {
				f.Papers = append(f.Papers, p.ID)
			}
		}
	}
	f.Whole, err = nodes(b)
	return err
}

// act sends the event of a button and comes back to the page it was on.
func (s *Server) act(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.page(w, http.StatusBadRequest, "missing", nil)
		return
	}
	receipt, topic, status := r.PostForm.Get("receipt"), r.PostForm.Get("type"), r.PostForm.Get("status")
	if !plainName(receipt) {
		s.page(w, http.StatusBadRequest, "missing", nil)
		return
	}
	data := map[string]any{"receipt": receipt}
	switch topic {
	case "application.supplement_requested":
		data["items"] = strings.FieldsFunc(r.PostForm.Get("items"), func(c rune) bool { return c == '\n' || c == '\r' })
	case "task.assigned":
		data["at"] = s.now().UTC().Format(time.RFC3339Nano)
	default:
		data["status"], data["at"] = status, s.now().UTC().Format(time.RFC3339Nano)
	}
	for _, name := range []string{"by", "reason", "legal", "appeal"} {
		if v := strings.TrimSpace(r.PostForm.Get(name)); v != "" {
			data[name] = v
		}
	}
	b, err := json.Marshal(data)
	if err == nil {
		_, err = s.tell(r.Context(), "", topic, b)
	}
	if err != nil {
		s.log.Warn("event not delivered", "err", err) // the page shows it too
	}
	http.Redirect(w, r, "/cases/"+receipt, http.StatusSeeOther)
}

func (s *Server) page(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name+".html", data); err != nil {
		s.log.Error("page failed", "page", name, "err", err)
		http.Error(w, "这一页出了问题", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

func words() template.FuncMap {
	return template.FuncMap{"topic": topicName, "state": func(r record) (string, error) {
		var d struct{ Status string }
		err := json.Unmarshal(r.Data, &d)
		return stateName(d.Status, r.Type), err
	}, "spoken": spoken, "when": when, "clock": func(t time.Time) string { return t.In(zone()).Format("01-02 15:04:05") }}
}

func zone() *time.Location { return time.FixedZone("Asia/Shanghai", 8*60*60) }

// when writes the times of messages shortly; anything else stays as it came.
func when(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return t.In(zone()).Format("2006-01-02 15:04")
}

func spoken(receipt string) string {
	if len(receipt) != 16 {
		return receipt
	}
	return receipt[:4] + " " + receipt[4:8] + " " + receipt[8:12] + " " + receipt[12:]
}

func topicName(topic string) string {
	names := map[string]string{
		"application.submitted": "救助申请", "application.supplemented": "补了材料", "application.withdrawn": "撤回了", "emergency.reported": "紧急求助",
		"change.reported": "变化申报", "lead.reported": "线索", "referral.sent": "转介", "roster.objection": "对公示的异议", "question.escalated": "转人工的问题",
		"feedback.given": "评价", "poster.reported": "海报问题", "audit.head": "操作记录链头", "notification.sms": "短信", "emergency.withdrawn": "求助撤回",
		"decision.objection": "对决定不服", "change.withdrawn": "变化申报撤回", "lead.withdrawn": "线索撤回", "referral.withdrawn": "转介撤回", "decision.withdrawn": "异议撤回",
	}
	if name, ok := names[topic]; ok {
		return name
	}
	return topic
}

func stateName(status, topic string) string {
	switch topic {
	case "application.supplement_requested":
		return "已要补材料"
	case "task.assigned":
		return "已派人"
	}
	names := map[string]string{
		"accepted": "已受理", "verifying": "核对中", "survey": "入户中", "initial_opinion": "初审意见", "publicity": "公示中", "county_review": "县级审核",
		"confirmed": "已确认", "rejected": "不予确认", "paying": "发放中", "acknowledged": "看到了", "visiting": "上门中", "fast_aid": "先行救助", "paid": "已给付",
		"closed": "已办结", "assigned": "已派人", "opened": "已帮着申请", "no_need": "暂时不用办", "taken": "已接手", "served": "帮上了", "returned": "退回",
		"checking": "核实中", "applied": "已改好", "investigating": "在查", "upheld": "说得对", "not_upheld": "没有发现问题",
	}
	if name, ok := names[status]; ok {
		return name
	}
	return status
}
