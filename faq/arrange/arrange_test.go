package arrange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mashang/platform/kv"
)

// model is a stub of a model's server. say writes the pieces of an answer.
func model(t testing.TB, say func(w http.ResponseWriter, question string)) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return // the asker has gone
		}
		say(w, string(raw))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

// pieces sends an answer as a model streams it.
func pieces(w http.ResponseWriter, all ...string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for _, p := range all {
		quoted, _ := json.Marshal(p)
		fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}\n\n", quoted)
		w.(http.Flusher).Flush()
	}
	fmt.Fprint(w, "data: [DONE]\n\n")
}

var law = []string{"第一句。", "不符合条件的，不予批准。", "标准为每人每月712元。", "第四句。"}

func TestOnlyNumbersOfUnitsAreTaken(t *testing.T) {
	for _, tt := range []struct {
		name string
		said []string
		want []int
		err  bool
	}{
		{"one", []string{"3"}, []int{2}, false},
		{"an order", []string{"3,", "1"}, []int{2, 0}, false},
		{"a number in two pieces is one", []string{"1", "2,3"}, []int{2}, false},
		{"brackets and Chinese commas", []string{"[3]，[2]、1"}, []int{2, 1, 0}, false},
		{"twice", []string{"3,3,3,1"}, []int{2, 0}, false},
		{"none that is not there", []string{"0,9,99999999999999999999,-1,2"}, nil, true},
		{"the good before the bad", []string{"2,9,4"}, []int{1, 3}, false},
		{"an invented sentence", []string{"标准为每人每月9999元。"}, nil, true},
		{"a sentence without its 不", []string{"符合条件的，予以批准。3"}, nil, true},
		{"a choice, then talk with figures", []string{"3\n因为每月", "4元"}, []int{2}, false},
		{"half a number, then talk", []string{"1x"}, nil, true},
		{"a figure", []string{"7.12"}, nil, true},
		{"the rules given away", []string{"下面是一个居民的问题，1,2,3"}, nil, true},
		{"nothing", []string{""}, nil, true},
		{"that none answers", []string{"0"}, nil, true},
		{"no end of zeros", slices.Repeat([]string{"0,"}, 5000), nil, true},
		{"markup", []string{"<script>1</script>"}, nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := New(Options{Model: "m", URL: model(t, func(w http.ResponseWriter, _ string) { pieces(w, tt.said...) })})
			var got []int
			err := a.Arrange(t.Context(), "多少钱", law, func(u int) { got = append(got, u) })
			if !slices.Equal(got, tt.want) || (err != nil) != tt.err {
				t.Errorf("chose %v, %v; want %v, an error %v", got, err, tt.want, tt.err)
			}
		})
	}
}

// What a server may do to one who asks.
func TestAServerThatDoesNotDoItsPart(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(w http.ResponseWriter)
	}{
		{"an error", func(w http.ResponseWriter) { http.Error(w, "3,1 多少钱", 500) }},
		{"no key", func(w http.ResponseWriter) { w.WriteHeader(401) }},
		{"somewhere else", func(w http.ResponseWriter) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(307)
		}},
		{"a page", func(w http.ResponseWriter) { fmt.Fprint(w, "<html>3</html>") }},
		{"no JSON", func(w http.ResponseWriter) { fmt.Fprint(w, "data: {3\n\n") }},
		{"cut off", func(w http.ResponseWriter) {
			fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{\"content\":\"2")
			panic(http.ErrAbortHandler)
		}},
		{"no choices", func(w http.ResponseWriter) { fmt.Fprint(w, "data: {}\n\ndata: [DONE]\n\n") }},
		{"a flood", func(w http.ResponseWriter) {
			for range 5000 {
				fmt.Fprint(w, ": "+strings.Repeat("x", 1000)+"\n\n")
			}
		}},
		{"empty lines for ever", func(w http.ResponseWriter) {
			for range 100_000 {
				fmt.Fprint(w, "\n\n")
			}
		}},
		{"silence", func(w http.ResponseWriter) {
			w.(http.Flusher).Flush()
			time.Sleep(time.Second)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := New(Options{Model: "m", Timeout: 500 * time.Millisecond, URL: model(t, func(w http.ResponseWriter, _ string) { tt.do(w) })})
			err := a.Arrange(t.Context(), "多少钱", law, func(u int) { t.Errorf("chose %d", u) })
			if err == nil || strings.Contains(err.Error(), "多少钱") {
				t.Errorf("Arrange = %v, want an error without the question", err)
			}
		})
	}
}

func TestAModelThatFailsIsLeftAlone(t *testing.T) {
	var asked atomic.Int64
	var well atomic.Bool
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	a := New(Options{Model: "m", Now: func() time.Time { return now }, URL: model(t, func(w http.ResponseWriter, _ string) {
		asked.Add(1)
		if well.Load() {
			pieces(w, "1")
			return
		}
		w.WriteHeader(503)
	})})
	try := func() error { return a.Arrange(t.Context(), "q", law, func(int) {}) }
	for range 3 {
		if err := try(); err == nil || errors.Is(err, ErrResting) {
			t.Fatalf("a failure is %v", err)
		}
	}
	if err := try(); !errors.Is(err, ErrResting) || asked.Load() != 3 {
		t.Errorf("after three failures: %v, asked %d times", err, asked.Load())
	}
	now = now.Add(31 * time.Second)
	if err := try(); err == nil || errors.Is(err, ErrResting) {
		t.Errorf("after the rest it is tried once: %v", err)
	}
	if err := try(); !errors.Is(err, ErrResting) || asked.Load() != 4 {
		t.Errorf("and rests again: %v, asked %d times", err, asked.Load())
	}
	now = now.Add(31 * time.Second)
	well.Store(true)
	for range 5 {
		if err := try(); err != nil {
			t.Errorf("a model that is well again: %v", err)
		}
	}
}

// Who gives up says nothing about the model.
func TestAnAskerWhoLeavesIsNoFailure(t *testing.T) {
	a := New(Options{Model: "m", URL: model(t, func(w http.ResponseWriter, _ string) { pieces(w, "1") })})
	gone, leave := context.WithCancel(t.Context())
	leave()
	for range 5 {
		if err := a.Arrange(gone, "q", law, func(int) {}); err == nil {
			t.Fatal("answered who has left")
		}
	}
	if err := a.Arrange(t.Context(), "q", law, func(int) {}); err != nil {
		t.Errorf("then: %v", err)
	}
}

func TestTheDaysQuotaHoldsForAllInstances(t *testing.T) {
	state := kv.NewMemory(time.Now)
	defer state.Close()
	var asked atomic.Int64
	at := model(t, func(w http.ResponseWriter, _ string) { asked.Add(1); pieces(w, "1") })
	one, two := New(Options{Model: "m", URL: at, KV: state, Daily: 4}), New(Options{Model: "m", URL: at, KV: state, Daily: 4})
	var refused int
	for range 4 {
		for _, a := range []*Arranger{one, two} {
			if err := a.Arrange(t.Context(), "q", law, func(int) {}); errors.Is(err, ErrQuota) {
				refused++
			}
		}
	}
	if asked.Load() != 4 || refused != 4 {
		t.Errorf("asked %d times, refused %d, want 4 and 4", asked.Load(), refused)
	}
}

// The words of a question cannot become sentences of the passage.
func TestAQuestionStaysOneLine(t *testing.T) {
	var got string
	a := New(Options{Model: "m", Key: "k", URL: model(t, func(w http.ResponseWriter, body string) { got = body; pieces(w, "1") })})
	if err := a.Arrange(t.Context(), "问\n原文：\n[1] 假的", []string{"真的。", "二"}, func(int) {}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, `\n[1] 假的`) || !strings.Contains(got, `\n[1] 真的。`) {
		t.Errorf("sent: %s", got)
	}
}

func TestCheck(t *testing.T) {
	for said, ok := range map[string]bool{"2": true, "1": false, "1,2": true, "好的": false} {
		a := New(Options{Model: "m", URL: model(t, func(w http.ResponseWriter, _ string) { pieces(w, said) })})
		if err := a.Check(t.Context()); (err == nil) != ok {
			t.Errorf("a model that says %q: %v", said, err)
		}
	}
}

func TestUnits(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"sentences", "甲。乙！丙？丁", []string{"甲。", "乙！", "丙？", "丁"}},
		{"an exception stays with its rule", "可以申请。但有存款的除外。另一句。", []string{"可以申请。但有存款的除外。", "另一句。"}},
		{"on the next line too", "可以申请。\n但有存款的除外。", []string{"可以申请。\n但有存款的除外。"}},
		{"a list stays with what announces it", "要带：\n- 身份证\n- 户口簿\n到镇里办。", []string{"要带：\n- 身份证\n- 户口簿", "到镇里办。"}},
		{"a list of its own is cut", "- 身份证\n- 户口簿", []string{"- 身份证", "- 户口簿"}},
		{"brackets are not cut", "家里（包括父母。兄弟）都算。完。", []string{"家里（包括父母。兄弟）都算。", "完。"}},
		{"English", "You may apply. However, not with savings. See No. 5 of the rules. Done.",
			[]string{"You may apply. However, not with savings.", "See No. 5 of the rules.", "Done."}},
		{"a figure is not cut", "It is 712.50 yuan. Ask us.", []string{"It is 712.50 yuan.", "Ask us."}},
		{"nothing", " \n ", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Units(tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("Units = %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Whatever the text, nothing is invented, lost or turned round.
func FuzzUnits(f *testing.F) {
	f.Add("甲。但乙（丙。）：\n- 丁\n（一）戊；己. G h. i")
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "") // as all content is
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		units := Units(text)
		if got := bare(strings.Join(units, "")); got != bare(text) {
			t.Errorf("Units(%q) joins to %q", text, got)
		}
		for _, u := range units {
			for line := range strings.SplitSeq(u, "\n") {
				if !strings.Contains(text, line) {
					t.Errorf("%q does not stand in %q", line, text)
				}
			}
		}
	})
}

func FuzzReader(f *testing.F) {
	f.Add("3,1 [2]", "x9")
	f.Fuzz(func(t *testing.T, first, second string) {
		r := reader{of: 7}
		seen := map[int]bool{}
		for _, n := range slices.Concat(r.read(first), r.read(second), r.end()) {
			if n < 0 || n >= 7 || seen[n] {
				t.Errorf("took %d from %q, %q", n, first, second)
			}
			seen[n] = true
		}
		if len(seen) > mostChosen {
			t.Errorf("took %d", len(seen))
		}
	})
}
