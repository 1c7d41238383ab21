package console_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/api/console/posters"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// readPDF reads the codes on the first pages of a file that was downloaded.
func readPDF(t *testing.T, b string, pages string) []string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.pdf")
	if err := os.WriteFile(file, []byte(b), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-gray", "-r", "100", "-l", pages, file, filepath.Join(dir, "p")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.pgm"))
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, p := range found {
		out, err := exec.Command("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", p).Output()
		if err != nil {
			t.Fatalf("zbarimg: %v", err)
		}
		codes = append(codes, strings.TrimSpace(string(out)))
	}
	return codes
}

// rename changes the name of a location as an import would.
func (d desk) rename(t *testing.T, division, number, name string) place.Location {
	t.Helper()
	for _, l := range d.Places.Atlas().Locations(division) {
		if l.Number == number {
			csv := "id,division,name,kind,number,state\n" + l.ID + "," + l.Division + "," + name + "," + l.Kind + "," + l.Number + "," + l.State + "\n"
			report, err := d.Places.ImportPlaces(t.Context(), "places.csv", strings.NewReader(csv), false)
			if err != nil || len(report.Faults) > 0 {
				t.Fatalf("rename: %v %+v", err, report.Faults)
			}
			return l
		}
	}
	t.Fatalf("no location %s", number)
	return place.Location{}
}

func TestPostersOfAVillage(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "town-officer")
	list := d.get(t, b, "/console/posters?division="+sample.Xinglin)
	if !strings.Contains(list.Body, "0137") || !strings.Contains(list.Body, "/console/posters/make?division="+sample.Xinglin) {
		t.Fatalf("the list of a village = %d, log %s", list.Status, d.Log)
	}
	order := url.Values{"division": {sample.Xinglin}, "size": {"A4"}, "layout": {"large"}, "second": {"en"}}
	page := d.get(t, b, "/console/posters/make?"+order.Encode())
	if page.Status != http.StatusOK || !strings.Contains(page.Body, "/console/posters/preview?") {
		t.Fatalf("the page to print = %d", page.Status)
	}
	preview := d.get(t, b, "/console/posters/preview?"+order.Encode())
	if preview.Header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(preview.Body, "<svg") || !strings.Contains(preview.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("preview = %d %v", preview.Status, preview.Header)
	}
	made := d.post(t, b, "/console/posters/make", order)
	run := made.Header.Get("Location")
	if made.Status != http.StatusSeeOther || !strings.HasPrefix(run, "/console/posters/runs/") {
		t.Fatalf("make = %d to %q, log %s", made.Status, run, d.Log)
	}
	file := d.get(t, b, run+"/file")
	if file.Status != http.StatusOK || file.Header.Get("Content-Type") != "application/pdf" || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("file = %d %v", file.Status, file.Header)
	}
	codes := readPDF(t, file.Body, "2")
	for i, l := range d.Posters.Choose(posters.Pick{Division: sample.Xinglin}, "", "", nil)[:2] {
		if codes[i] != l.Address {
			t.Errorf("page %d reads as %q, want %q", i+1, codes[i], l.Address)
		}
	}

	t.Run("history", func(t *testing.T) {
		for path, want := range map[string]string{run: "杏林村便民服务点", "/console/posters/runs": "town-officer", "/console/posters?only=never&division=" + sample.Xinglin: "没有符合的在用点位"} {
			if a := d.get(t, b, path); !strings.Contains(a.Body, want) {
				t.Errorf("GET %s = %d and does not say %q", path, a.Status, want)
			}
		}
	})
	t.Run("changed since it was printed", func(t *testing.T) {
		if a := d.get(t, b, "/console/posters?only=changed&division="+sample.Xinglin); strings.Contains(a.Body, "0137") {
			t.Error("control: nothing has changed yet, but 0137 is listed")
		}
		l := d.rename(t, sample.Xinglin, "0137", "杏林村党群服务中心")
		a := d.get(t, b, "/console/posters?only=changed&division="+sample.Xinglin)
		if !strings.Contains(a.Body, "杏林村党群服务中心") || strings.Contains(a.Body, ">0002<") {
			t.Error("the renamed location is not what is listed as changed")
		}
		one := d.get(t, b, "/console/posters/at/"+l.ID)
		if !strings.Contains(one.Body, "内容变了") || !strings.Contains(one.Body, run) {
			t.Errorf("the page of the location = %d and does not tell", one.Status)
		}
	})
	t.Run("void and back", func(t *testing.T) {
		if a := d.post(t, b, run+"/void", nil); a.Status != http.StatusSeeOther {
			t.Fatalf("void = %d", a.Status)
		}
		if a := d.get(t, b, "/console/posters?only=never&division="+sample.Xinglin); !strings.Contains(a.Body, "0137") {
			t.Error("after voiding, the village does not count as never printed")
		}
		if a := d.post(t, b, run+"/unvoid", nil); a.Status != http.StatusSeeOther {
			t.Fatalf("unvoid = %d", a.Status)
		}
		if a := d.post(t, b, run+"/unvoid", nil); a.Status != http.StatusConflict {
			t.Errorf("unvoid twice = %d, want 409", a.Status)
		}
	})
	t.Run("the file goes, the record stays", func(t *testing.T) {
		d.Pass(8 * 24 * time.Hour)
		b := d.as(t, "town-officer")
		if a := d.get(t, b, run+"/file"); a.Status != http.StatusGone {
			t.Errorf("a file of eight days ago = %d, want 410", a.Status)
		}
		if err := d.Posters.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left, err := d.Vault.Owned(t.Context(), d.DB, "posters/"+run[strings.LastIndex(run, "/")+1:]); err != nil || len(left) > 0 {
			t.Errorf("after the sweep the vault holds %d files, %v", len(left), err)
		}
		if a := d.get(t, b, run); a.Status != http.StatusOK || !strings.Contains(a.Body, "文件已过期") {
			t.Errorf("the record of the run = %d", a.Status)
		}
	})
}

// A town's officer prints and sees their own town only, whatever they ask for.
func TestPostersStayInTheirTown(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	officer, admin := d.as(t, "town-officer"), d.as(t, "admin")
	var other place.Location
	for _, v := range d.Places.Atlas().Children(sample.Beiyuan) {
		other = d.Places.Atlas().Locations(v.Code)[1]
	}
	for _, path := range []string{"/console/posters/at/" + other.ID, "/console/posters/at/" + other.ID + "/code.png", "/console/posters/at/" + other.ID + "/poster.exe"} {
		if a := d.get(t, officer, path); a.Status != http.StatusNotFound {
			t.Errorf("GET %s = %d, want 404", path, a.Status)
		}
	}
	if a := d.get(t, officer, "/console/posters?division="+sample.Beiyuan); strings.Contains(a.Body, ">"+other.Number+"<") || !strings.Contains(a.Body, "杏林村") {
		t.Errorf("asked for another town, an officer does not see their own")
	}
	ids := url.Values{"ids": {other.ID}, "division": {sample.Beiyuan}}
	if a := d.post(t, officer, "/console/posters/make", ids); a.Header.Get("Location") != "/console/posters" {
		t.Errorf("printing another town's poster leads to %q", a.Header.Get("Location"))
	}
	made := d.post(t, admin, "/console/posters/make", ids)
	run := made.Header.Get("Location")
	if !strings.HasPrefix(run, "/console/posters/runs/") {
		t.Fatalf("control: the administrator's printing = %d", made.Status)
	}
	for _, path := range []string{run, run + "/file"} {
		if a := d.get(t, officer, path); a.Status != http.StatusNotFound {
			t.Errorf("GET %s by an officer of another town = %d, want 404", path, a.Status)
		}
	}
	if a := d.get(t, officer, "/console/posters/runs"); strings.Contains(a.Body, run) {
		t.Error("an officer of another town sees the run in the history")
	}
	if a := d.get(t, d.as(t, "auditor"), run); a.Status != http.StatusOK || strings.Contains(a.Body, "/void") || strings.Contains(a.Body, run+"/file") {
		t.Errorf("the auditor = %d, or may do more than look", a.Status)
	}
}

// A name with a letter no font has is told before printing, refuses, and is
// printed with an empty box only on a word.
func TestPostersRefuseWhatCannotBePrinted(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	l := d.rename(t, sample.Xinglin, "0137", "杏林村𠮷家😀")
	order := url.Values{"ids": {l.ID}}
	page := d.get(t, b, "/console/posters/make?"+order.Encode())
	for _, w := range []string{"𠮷", "20BB7", "😀", "照样打印"} {
		if !strings.Contains(page.Body, w) {
			t.Errorf("before printing the page does not say %q", w)
		}
	}
	if a := d.post(t, b, "/console/posters/make", order); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "先去改名称") {
		t.Errorf("printing it = %d, want 422", a.Status)
	}
	order.Set("anyway", "yes")
	if a := d.post(t, b, "/console/posters/make", order); a.Status != http.StatusSeeOther {
		t.Errorf("printing it anyway = %d", a.Status)
	}
}

// More sheets than one waits for are a job, whose file is fetched when it is done.
func TestPostersByTheHundred(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	order := url.Values{"division": {sample.Liuhe}, "size": {"A4"}, "layout": {"plain"}, "zip": {"yes"}, "to": {"0060"}}
	made := d.post(t, b, "/console/posters/make", order)
	run := made.Header.Get("Location")
	if page := d.get(t, b, run); !strings.Contains(page.Body, "排队中") || !strings.Contains(page.Body, run+"/cancel") {
		t.Fatalf("the run before its job began = %d to %q", page.Status, run)
	}
	if a := d.get(t, b, run+"/file"); a.Status != http.StatusGone {
		t.Errorf("the file of a run that is not done = %d, want 410", a.Status)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Jobs.Run(ctx) }()
	var page string
	for range 200 {
		if page = d.get(t, b, run).Body; strings.Contains(page, run+"/file") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	<-done
	file := d.get(t, b, run+"/file")
	if file.Status != http.StatusOK || !bytes.HasPrefix([]byte(file.Body), []byte("PK")) {
		t.Fatalf("the file of the job = %d, log %s", file.Status, d.Log)
	}
	if n := regexp.MustCompile(`/console/posters/at/`).FindAllString(page, -1); len(n) < 50 {
		t.Errorf("the run lists %d sheets", len(n))
	}
}

func TestPostersWrongAddresses(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	b := d.as(t, "admin")
	for _, tt := range []struct {
		name, path string
		want       int
	}{
		{"a size nobody has", "/console/posters/make?size=A9&layout=x&second=fr&division=" + sample.Xinglin, 200},
		{"a host that is not ours", "/console/posters/preview?host=evil.example&division=" + sample.Xinglin, 200},
		{"numbers that are words", "/console/posters?from=abc&to=%00&only=all", 200},
		{"numbers the wrong way round", "/console/posters?from=9&to=3", 200},
		{"no such run", "/console/posters/runs/none", 404},
		{"no such location", "/console/posters/at/AAAAAAAA", 404},
		{"a preview of nothing", "/console/posters/preview?ids=none", 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := d.get(t, b, tt.path)
			if a.Status != tt.want || strings.Contains(a.Body, "evil.example") {
				t.Errorf("GET %s = %d, want %d", tt.path, a.Status, tt.want)
			}
		})
	}
	if a := d.post(t, b, "/console/posters/pick", nil); a.Header.Get("Location") != "/console/posters" {
		t.Errorf("choosing nothing leads to %q", a.Header.Get("Location"))
	}
	if a := d.post(t, b, "/console/posters/pick", url.Values{"pick": {"A", "B"}}); a.Header.Get("Location") != "/console/posters/make?ids=A%2CB" {
		t.Errorf("choosing two leads to %q", a.Header.Get("Location"))
	}
}
