package badlink_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"mashang/aid/apply/applytest"
	"mashang/sample"
)

// The faults a run meets.
const (
	killed   = "tab killed"
	picker   = "tab killed when the picker opens"
	back     = "back button"
	twoTabs  = "two tabs"
	double   = "double tap"
	offline  = "offline in the middle"
	noScript = "scripts off"
)

var allFaults = []string{killed, picker, back, twoTabs, double, offline, noScript}

// settled is how long somebody looks at what they typed before anything happens to it: the page has had that time to
// lay it into the phone.
const settled = 2500 * time.Millisecond

// person applies on a bad link and does to the page what people and phones do.
type person struct {
	seed    uint64
	link    *link
	url     string
	own     context.Context // of the phone: its cookies and its storage
	tab     context.Context
	endTab  context.CancelFunc
	rnd     *rand.Rand
	faults  map[string]int // times each is still to come
	met     map[string]int
	answers map[string]string
	photos  map[string][]string // files to be photographed, by kind
	chosen  map[string]int      // and how many were, or are kept already
	said    map[string]string   // typed and left to settle
	bare    bool                // the protection is switched off: the control
	log     strings.Builder

	lostAnswers, lostFiles, redone int
}

func newPerson(t testing.TB, browser context.Context, l *link, code string, seed uint64, bare bool) (*person, error) {
	p := &person{seed: seed, bare: bare, link: l, url: "http://" + l.Addr().String(), rnd: rand.New(rand.NewPCG(seed, 2)),
		faults: map[string]int{}, met: map[string]int{}, photos: map[string][]string{}, chosen: map[string]int{}, said: map[string]string{}}
	for _, i := range p.rnd.Perm(len(allFaults))[:2+p.rnd.IntN(3)] {
		p.faults[allFaults[i]] = 1 + p.rnd.IntN(2)
	}
	if bare { // only what shows that the protection is needed
		p.faults = map[string]int{killed: 5, twoTabs: 1, offline: 1}
	}
	n := int(seed)
	who := "张" + string([]rune("建国强玉英志远春花大山小梅文斌丽华")[n%17]) + string([]rune("明秀兰芳军平安宁")[n/17%8])
	p.answers = map[string]string{
		"for.kind": "family", "for.name": "李" + who[3:], "for.phone": fmt.Sprintf("139%08d", n), "for.relation": "儿子",
		"applicant.name": who, "applicant.id": applytest.ID(time.Date(1938, time.Month(1+n%12), 1+n%28, 0, 0, 0, 0, time.UTC), n), "applicant.phone": fmt.Sprintf("138%08d", n),
		"applicant.hukou": sample.Xinglin, "applicant.address": fmt.Sprintf("杏林村%d号", n),
		"bank.holder": who, "bank.name": "云溪农村信用社", "bank.account": fmt.Sprintf("62284800%011d", n), "promise": "yes",
	}
	if n%3 == 0 {
		p.answers["for.kind"] = "self"
		for _, k := range []string{"for.name", "for.phone", "for.relation"} {
			delete(p.answers, k)
		}
	}
	dir := t.TempDir()
	for i, kind := range []string{"id_front", "id_back", "bankcard"} {
		file := filepath.Join(dir, kind+".jpg")
		if err := os.WriteFile(file, photo(p.rnd, 150+20*i), 0o600); err != nil {
			return nil, err
		}
		p.photos[kind] = []string{file}
	}
	p.note("phone")
	p.own, _ = chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	if err := chromedp.Do(p.own); err != nil {
		return nil, err
	}
	return p, p.newTab("/s/" + code)
}

// photo is a picture that hardly gets smaller, as photographs do.
func photo(rnd *rand.Rand, side int) []byte {
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = byte(rnd.Uint32())
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (p *person) note(format string, args ...any) {
	fmt.Fprintf(&p.log, "%s "+format+"\n", append([]any{time.Now().Format("04:05")}, args...)...)
	if os.Getenv("BADLINK_VERBOSE") != "" {
		fmt.Fprintf(os.Stderr, "%d %s "+format+"\n", append([]any{p.seed, time.Now().Format("04:05.0")}, args...)...)
	}
}

// meets tells whether a fault happens now.
func (p *person) meets(fault string, chance float64) bool {
	if p.faults[fault] == 0 || p.rnd.Float64() > chance {
		return false
	}
	p.faults[fault]--
	p.met[fault]++
	p.note("! %s", fault)
	return true
}

// newTab opens an address in a new tab of the same phone.
func (p *person) newTab(path string) error {
	tab, end := chromedp.NewContext(p.own)
	if err := chromedp.Do(tab); err != nil {
		return err
	}
	p.tab, p.endTab = tab, end
	p.note("tab for %s", path)
	if p.faults[noScript] > 0 || p.met[noScript] > 0 {
		p.faults[noScript], p.met[noScript] = 0, 1
		if _, err := chromedp.Call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			return err
		}
	}
	return p.open(path)
}

// script tells whether the page keeps what is typed and chosen by itself.
func (p *person) script() bool { return p.met[noScript] == 0 && !p.bare }

// again counts a photo that has to be chosen once more.
func (p *person) again() {
	if p.met[noScript] > 0 {
		p.redone++
		return
	}
	p.lostFiles++
	p.note("LOST photo")
}

func (p *person) open(path string) error {
	for range 20 {
		_, err := p.within(25*time.Second, chromedp.Navigate(p.url+path))
		p.note("opened %s: %v", path, err)
		if p.stands(20 * time.Second) {
			return nil
		}
	}
	return errors.New("the page never came")
}

func (p *person) within(d time.Duration, a chromedp.Action[chromedp.Void]) (chromedp.Void, error) {
	ctx, cancel := context.WithTimeout(p.tab, d)
	defer cancel()
	return chromedp.Run(ctx, a)
}

func ask[T any](p *person, script string, args ...any) (T, error) {
	ctx, cancel := context.WithTimeout(p.tab, 20*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](fmt.Sprintf(script, args...)))
}

// stands waits until a whole page of ours is shown.
func (p *person) stands(patience time.Duration) bool {
	return p.until(patience, `document.readyState == "complete" && !!document.querySelector("main") && location.protocol == "http:"`)
}

func (p *person) until(patience time.Duration, script string) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if ok, err := ask[bool](p, "%s", script); err == nil && ok {
			return true
		}
	}
	return false
}

// kill ends the tab without a word, as a phone does that needs its memory, and opens the page anew.
func (p *person) kill() error {
	path := p.path()
	if p.rnd.IntN(2) == 0 {
		go func() {
			ctx, cancel := context.WithTimeout(p.tab, 2*time.Second)
			defer cancel()
			_, _ = chromedp.Call(ctx, page.Crash, struct{}{})
		}()
		time.Sleep(300 * time.Millisecond)
	}
	p.endTab()
	return p.newTab(path)
}

func (p *person) path() string {
	s, err := ask[string](p, `location.pathname`)
	if err != nil || !strings.HasPrefix(s, "/apply") {
		return "/apply"
	}
	return s
}

// reads is the moment in which somebody looks at a page and touches it, before they do anything.
func (p *person) reads() {
	_, _ = ask[bool](p, `(document.dispatchEvent(new Event("touchstart")), true)`)
	time.Sleep(time.Duration(1200+p.rnd.IntN(1500)) * time.Millisecond)
}

// settle is the time in which somebody looks at what they typed: the page has had it to lay that into the phone, and
// its script has come. What is typed before the script came is kept by nobody (decision 0020).
func (p *person) settle() {
	time.Sleep(settled)
	if p.script() {
		p.until(30*time.Second, `!!window.mzBox || !document.querySelector("[data-keep]")`)
		time.Sleep(settled / 2)
	}
}

// fields lists what the page asks, and what stands there.
func (p *person) fields() map[string]string {
	s, err := ask[string](p, `JSON.stringify(Array.from(document.querySelectorAll("main [name]")).reduce((o,e)=>{
		if (/^(was|go|from|aside|paper|file)$/.test(e.name) || e.type=="hidden") return o;
		if (e.type=="radio"||e.type=="checkbox") { if (e.checked) o[e.name]=e.value; else if (!(e.name in o)) o[e.name]=""; }
		else o[e.name]=e.value; return o; },{}))`)
	out := map[string]string{}
	if err == nil {
		_ = json.Unmarshal([]byte(s), &out)
	}
	return out
}

// type_ writes answers as fingers do.
func (p *person) type_(answers map[string]string) error {
	b, _ := json.Marshal(answers)
	_, err := ask[bool](p, `(a=>{ for (const n in a) { document.querySelectorAll('main [name="'+n+'"]').forEach(e=>{
		if (e.type=="radio"||e.type=="checkbox") { if (e.value==a[n] && !e.checked) e.click(); return; }
		e.focus(); e.value=a[n]; e.dispatchEvent(new Event("input",{bubbles:true})); e.dispatchEvent(new Event("change",{bubbles:true})); }) } return true; })(%s)`, b)
	return err
}

// press pushes a button, once or as often as people do.
func (p *person) press(value string) error {
	taps := 1
	if p.meets(double, .3) {
		taps = 2
	}
	_, err := ask[bool](p, `(b=>{ if (!b) return false; for (let i=0;i<%d;i++) b.click(); return true; })(document.querySelector('button[value=%q]'))`, taps, value)
	return err
}

// off takes the network away for a while.
func (p *person) off(d time.Duration) {
	p.link.offline(true)
	_, _ = chromedp.Call(p.tab, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
	time.Sleep(d)
	p.link.offline(false)
	_, _ = chromedp.Call(p.tab, network.OverrideNetworkState, network.OverrideNetworkStateParams{DownloadThroughput: -1, UploadThroughput: -1})
}

// due are the answers of ours that the page asks.
func (p *person) due() map[string]string {
	out := map[string]string{}
	for name := range p.fields() {
		if v, ok := p.answers[name]; ok {
			out[name] = v
		}
	}
	return out
}

// still looks whether what was typed is there again, and types what is not.
func (p *person) still(typed map[string]string) error {
	if p.script() {
		p.until(45*time.Second, `(()=>{ try { return !localStorage.getItem("mz-box") } catch (e) { return true } })()`)
		p.stands(20 * time.Second)
	}
	have, again := p.fields(), map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(typed)) {
		if got, asked := have[name]; asked && got != typed[name] {
			again[name] = typed[name]
			if p.met[noScript] > 0 {
				p.redone++
				continue
			}
			p.lostAnswers++
			p.note("LOST %s: %q, had typed %q", name, got, typed[name])
		}
	}
	if len(again) == 0 {
		return nil
	}
	return p.type_(again)
}
