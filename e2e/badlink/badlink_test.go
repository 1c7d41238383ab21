// Package badlink_test applies in a real browser on a link that is slow, far and lossy, while tabs are killed, buttons
// are tapped twice and the network goes: nothing typed may be lost, no photo, and nothing be there twice.
package badlink_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"mashang/aid/apply"
	"mashang/aid/cases"
	"mashang/api/apitest"
	"mashang/platform/store/storetest"
)

// counts are what some runs came to.
type counts struct {
	runs, unfinished, answers, files, duplicates, wrong, redone int
	met                                                         map[string]int
	took                                                        time.Duration
}

func openBrowser(t testing.TB) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("accept-lang", "zh-CN"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	if p := os.Getenv("MASHANG_TEST_CHROMIUM"); p != "" {
		opts = append(opts, chromedp.ExecPath(p))
	}
	alloc, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewContext(alloc)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium (see README, make test): %v", err)
	}
	return ctx
}

// runAll lets so many people apply, some at a time, and counts what they lost. wrap may stand before the portal.
func runAll(t testing.TB, n, atOnce int, seed uint64, how quality, wrap func(http.Handler) http.Handler) counts {
	t.Helper()
	p := apitest.New(t, storetest.SQLite(t))
	at := p.URL
	if wrap != nil {
		front := httptest.NewServer(wrap(p.Config.Handler))
		t.Cleanup(front.Close)
		at = front.URL
	}
	at = strings.TrimPrefix(at, "http://")
	code := p.Poster(t)
	browser := openBrowser(t)
	sum := counts{runs: n, met: map[string]int{}}
	begun, done := time.Now(), 0
	var mu sync.Mutex
	var all sync.WaitGroup
	free := make(chan struct{}, atOnce)
	for i := range n {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			one := run(t, p, browser, at, code, seed+uint64(i), how, wrap != nil)
			mu.Lock()
			defer mu.Unlock()
			sum.add(one)
			if done++; done%10 == 0 {
				t.Logf("%d done, %v so far: %s", done, time.Since(begun).Round(time.Second), sum)
			}
		})
	}
	all.Wait()
	sum.took = time.Since(begun)
	return sum
}

func (c *counts) add(o counts) {
	c.unfinished += o.unfinished
	c.answers += o.answers
	c.files += o.files
	c.duplicates += o.duplicates
	c.wrong += o.wrong
	c.redone += o.redone
	for fault, n := range o.met {
		c.met[fault] += n
	}
}

func (c counts) String() string {
	return fmt.Sprintf("answers lost %d, files lost %d, duplicates %d, filed other than typed %d, unfinished %d, done again %d", c.answers, c.files, c.duplicates, c.wrong, c.unfinished, c.redone)
}

// run is one person's application, and a look at what was filed.
func run(t testing.TB, p *apitest.Portal, browser context.Context, at, code string, seed uint64, how quality, bare bool) counts {
	l := newLink(t, at, how, seed)
	defer l.end()
	one := counts{met: map[string]int{}}
	who, err := newPerson(t, browser, l, code, seed, bare)
	if err == nil {
		err = who.apply()
	}
	if who == nil {
		t.Errorf("run %d never began: %v", seed, err)
		one.unfinished = 1
		return one
	}
	defer func() { _ = chromedp.Cancel(who.own) }()
	one.answers, one.files, one.redone, one.met = who.lostAnswers, who.lostFiles, who.redone, who.met
	if err != nil {
		one.unfinished = 1
		t.Logf("run %d: %v\n%s", seed, err, who.log.String())
		return one
	}
	one.look(t, p, who)
	if one.answers+one.files+one.duplicates+one.wrong > 0 {
		t.Logf("run %d: %s\n%s", seed, one, who.log.String())
	}
	return one
}

// look compares what was filed with what was typed.
func (c *counts) look(t testing.TB, p *apitest.Portal, who *person) {
	list, err := p.Cases.List(t.Context(), cases.Filter{Kind: cases.Application, Limit: 1000})
	if err != nil {
		t.Error(err)
		return
	}
	found := 0
	for _, one := range list {
		raw, err := p.Cases.Body(t.Context(), one.Receipt)
		var doc apply.Document
		if err == nil {
			err = json.Unmarshal(raw, &doc)
		}
		if err != nil {
			t.Error(err)
			return
		}
		if flat(doc.Answers)["applicant.id"] != who.answers["applicant.id"] {
			continue
		}
		if found++; found > 1 {
			c.duplicates++
			continue
		}
		got := flat(doc.Answers)
		for name, want := range who.answers {
			if !strings.HasPrefix(name, "for.") && got[name] != want {
				c.wrong++
				who.note("FILED %s: %q, typed %q", name, got[name], want)
			}
		}
		var kinds []string
		for _, a := range doc.Papers {
			kinds = append(kinds, a.Kind)
		}
		slices.Sort(kinds)
		if extra := len(kinds) - len(slices.Compact(slices.Clone(kinds))); extra > 0 {
			c.duplicates += extra
			who.note("TWICE %v", kinds)
		}
		for kind := range who.photos {
			if !slices.Contains(kinds, kind) {
				c.files++
				who.note("NOT FILED %s of %v", kind, kinds)
			}
		}
	}
	if found == 0 {
		c.wrong++
		who.note("NOTHING FILED")
	}
}

// flat is answers by path.
func flat(answers map[string]any) map[string]string {
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		if m, ok := v.(map[string]any); ok {
			for k, x := range m {
				walk(strings.TrimPrefix(path+"."+k, "."), x)
			}
			return
		}
		s := fmt.Sprint(v)
		if v == true {
			s = "yes"
		}
		out[path] = s
	}
	walk("", answers)
	return out
}

// The small form of the sweep: a link ten times as fast, two people.
func TestABadLinkLosesNothing(t *testing.T) {
	how := bad()
	how.rate, how.delay = 10*how.rate, how.delay/10
	sum := runAll(t, 2, 2, 11, how, nil)
	t.Log(sum, sum.met)
	if sum.answers+sum.files+sum.duplicates+sum.wrong+sum.unfinished > 0 {
		t.Error("something was lost")
	}
}
