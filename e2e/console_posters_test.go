package e2e_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// mashang runs another command of the program on the demo's data, beside it.
func (p *program) mashang(args ...string) string {
	p.t.Helper()
	dir := p.args[slices.Index(p.args, "-data")+1]
	b, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	if err != nil {
		p.t.Fatal(err)
	}
	var made struct{ Keys string }
	if err := json.Unmarshal(b, &made); err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), "PORTAL_KEYS="+made.Keys, "PORTAL_DATA="+dir, "PORTAL_BASE_URL="+p.URL, "PORTAL_LOG_LEVEL=error")
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("mashang %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// codesOf reads the codes on the pages of a PDF.
func codesOf(t *testing.T, pdf []byte) []string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-gray", "-r", "100", file, filepath.Join(dir, "p")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, out)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.pgm"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(pages)
	var codes []string
	for _, p := range pages {
		out, err := exec.Command("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", p).Output()
		if err != nil {
			t.Fatalf("zbarimg: %v", err)
		}
		codes = append(codes, strings.TrimSpace(string(out)))
	}
	return codes
}

// A town's officer chooses a village's set, is told of a name that cannot be
// printed, prints, downloads, and finds it in the history.
func TestAnOfficerPrintsAVillage(t *testing.T) {
	p := startDemo(t)
	poster := code(p.Landings[0]) // 0137 of 杏林村
	sheet := filepath.Join(t.TempDir(), "places.csv")
	row := "id,division,name,kind,number,state,roster\n" + poster[:8] + "," + sampleVillage + ",杏林村𠮷家便民点,hall,0137,active," + sampleVillage + "\n"
	if err := os.WriteFile(sheet, []byte(row), 0o600); err != nil {
		t.Fatal(err)
	}
	p.mashang("import", "places", sheet)

	b := newTab(t, openBrowser(t), desktop)
	who := p.Accounts["town-officer"]
	b.open(p.URL + "/console/sign-in?next=/console/posters")
	b.fill(map[string]string{"name": who.Name, "password": who.Password})
	b.click("main form button[type=submit]")

	b.fill(map[string]string{"division": sampleVillage})
	b.click(".mz-filter button")
	b.sees("杏林村𠮷家便民点", "0137", "未印")
	b.seen("posters")
	b.click(".mz-headline__do a")
	b.sees("杏林村𠮷家便民点：名称里的“𠮷”", "照样打印")
	b.seen("posters-make")
	if wide := value(b, chromedp.Evaluate[int](`document.querySelector(".mz-press__see img").naturalWidth`)); wide == 0 {
		t.Error("the preview is no picture")
	}
	b.fill(map[string]string{"layout": "large"})
	b.click("button[formmethod=get]")
	b.click(".mz-press__do button")
	b.sees("先去改名称，或者勾上“照样打印”")
	b.accessible("posters-refused")
	b.fill(map[string]string{"anyway": "yes"})
	b.click(".mz-press__do button")
	b.sees("大字", "已生成", "杏林村𠮷家便民点")
	b.seen("posters-run")

	file := value(b, chromedp.Evaluate[string](`fetch(document.querySelector(".mz-headline__do a").href).then(r=>r.arrayBuffer()).then(a=>{let s="";for(const c of new Uint8Array(a))s+=String.fromCharCode(c);return btoa(s)})`, chromedp.EvalAwaitPromise))
	pdf, err := base64.StdEncoding.DecodeString(file)
	if err != nil {
		t.Fatal(err)
	}
	codes := codesOf(t, pdf)
	if len(codes) != 24 || !slices.Contains(codes, p.URL+"/s/"+poster) {
		t.Errorf("the file holds %d posters, with 0137: %v", len(codes), slices.Contains(codes, p.URL+"/s/"+poster))
	}

	b.open(p.URL + "/console/posters/runs")
	b.sees("A4海报·大字", who.Name, "杏林村", "24")
	b.seen("posters-runs")
	b.open(p.URL + "/console/posters/at/" + poster[:8])
	b.sees("第1把签码密钥", "一致")
	b.seen("posters-at")
}
