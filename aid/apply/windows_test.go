package apply_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"mashang/aid/apply"
	"mashang/aid/apply/applytest"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// Two windows on one draft: each says what it was shown with, and undoes nothing of the other.
func TestTwoWindowsLoseNothing(t *testing.T) {
	post := func(pairs ...string) url.Values { return with(url.Values{}, pairs...) }
	// saved is what every window is shown at first.
	saved := post("applicant.name", "张建明", "applicant.phone", "13855550001")
	for _, tt := range []struct {
		name          string
		blind         bool // the windows do not say what they saw: the control
		first, second url.Values
		want          map[string]string
		aside         string // of the phone, after the second
	}{
		{"each another field", false, with(saved, "applicant.name", "张建民"), with(saved, "applicant.phone", "13855550002"),
			map[string]string{"applicant.name": "张建民", "applicant.phone": "13855550002"}, ""},
		{"one fills what the other left open", false, with(saved, "applicant.id", "1234"), with(saved, "applicant.phone", "13855550002"),
			map[string]string{"applicant.id": "1234", "applicant.phone": "13855550002"}, ""},
		{"one clears", false, with(saved, "applicant.phone", ""), with(saved, "applicant.name", "张建民"),
			map[string]string{"applicant.name": "张建民", "applicant.phone": ""}, ""},
		{"the same answer", false, with(saved, "applicant.phone", "13855550002"), with(saved, "applicant.phone", "13855550002"),
			map[string]string{"applicant.phone": "13855550002"}, ""},
		{"the same field", false, with(saved, "applicant.phone", "13855550002"), with(saved, "applicant.phone", "13855550003"),
			map[string]string{"applicant.phone": "13855550003"}, "13855550002"},
		{"control: blind windows overwrite each other", true, with(saved, "applicant.name", "张建民"), with(saved, "applicant.phone", "13855550002"),
			map[string]string{"applicant.name": "张建明", "applicant.phone": "13855550002"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, storetest.SQLite(t))
			d := r.start(t)
			jot(t, r, d, "applicant", saved)
			shown := mustDraft(t, r, d)
			def, _ := r.Form("dibao")
			for _, posted := range []url.Values{tt.first, tt.second} {
				if !tt.blind {
					posted = with(posted, apply.Seen, shown.Window(def, "applicant"))
				}
				jot(t, r, d, "applicant", posted)
			}
			got := mustDraft(t, r, d).Pages["applicant"]
			for name, want := range tt.want {
				if got.Values.Get(name) != want {
					t.Errorf("%s = %q, want %q", name, got.Values.Get(name), want)
				}
			}
			if got.Aside["applicant.phone"] != tt.aside {
				t.Errorf("told of %v, want %q", got.Aside, tt.aside)
			}
			jot(t, r, d, "applicant", with(got.Values, apply.AsideSeen, "1"))
			if left := mustDraft(t, r, d).Pages["applicant"].Aside; len(left) > 0 {
				t.Errorf("told again: %v", left)
			}
		})
	}
}

func jot(t testing.TB, r *rig, d apply.Draft, page string, posted url.Values) {
	t.Helper()
	if _, err := r.Jot(t.Context(), d.ID, d.Secret, page, posted); err != nil {
		t.Fatal(err)
	}
}

// One window that saves again and again quarrels with nobody, even when it never heard that the first time went well.
func TestAWindowDoesNotQuarrelWithItself(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	d := r.start(t)
	def, _ := r.Form("dibao")
	was := mustDraft(t, r, d).Window(def, "applicant")
	for _, name := range []string{"张", "张建", "张建明", "张"} {
		jot(t, r, d, "applicant", url.Values{"applicant.name": {name}, apply.Seen: {was}})
		got := mustDraft(t, r, d).Pages["applicant"]
		if got.Values.Get("applicant.name") != name || len(got.Aside) > 0 {
			t.Errorf("after %q: %v, told of %v", name, got.Values, got.Aside)
		}
	}
}

// What a window sends again because it never heard the answer, or what was held up on the way, undoes nothing: not what
// another window changed meanwhile, not what the window itself has sent since.
func TestWhatComesTwiceOrLateUndoesNothing(t *testing.T) {
	const one, two = "张春明", "张春明二"
	for _, tt := range []struct {
		name  string
		posts []struct{ window, name, phone, beat string }
		want  [2]string
		aside string
	}{
		{"said again after another window changed it", []struct{ window, name, phone, beat string }{
			{"a", one, "138", "1"}, {"b", two, "138", "1"}, {"a", one, "138", "2"}, {"a", one, "139", "3"},
		}, [2]string{two, "139"}, ""},
		{"without numbers, as without script", []struct{ window, name, phone, beat string }{
			{"a", one, "138", ""}, {"b", two, "138", ""}, {"a", one, "139", ""}, {"a", one, "139", ""},
		}, [2]string{two, "139"}, ""},
		{"held up on the way", []struct{ window, name, phone, beat string }{
			{"a", two, "139", "7"}, {"a", one, "138", "6"},
		}, [2]string{two, "139"}, ""},
		{"the number of another window says nothing", []struct{ window, name, phone, beat string }{
			{"a", one, "138", "7"}, {"b", two, "138", "6"},
		}, [2]string{two, "138"}, ""},
		{"changed back where it was changed", []struct{ window, name, phone, beat string }{
			{"a", one, "138", "1"}, {"a", two, "138", "2"}, {"a", one, "138", "3"},
		}, [2]string{one, "138"}, ""},
		{"control: both changed it", []struct{ window, name, phone, beat string }{
			{"a", one, "138", "1"}, {"b", two, "138", "1"}, {"a", "张春", "138", "2"},
		}, [2]string{"张春", "138"}, two},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, storetest.SQLite(t))
			d := r.start(t)
			def, _ := r.Form("dibao")
			shown := map[string]string{}
			for _, x := range tt.posts {
				if shown[x.window] == "" { // a window is shown what is kept when it opens
					shown[x.window] = mustDraft(t, r, d).Window(def, "applicant")
				}
				jot(t, r, d, "applicant", with(url.Values{}, "applicant.name", x.name, "applicant.phone", x.phone, apply.Seen, shown[x.window], apply.Beat, x.beat))
			}
			got := mustDraft(t, r, d).Pages["applicant"]
			if have := [2]string{got.Values.Get("applicant.name"), got.Values.Get("applicant.phone")}; have != tt.want || got.Aside["applicant.name"] != tt.aside {
				t.Errorf("kept %v and told of %v, want %v and %q", have, got.Aside, tt.want, tt.aside)
			}
		})
	}
}

// A person taken away in one window is not overwritten by what another window says about the next one.
func TestARowIsFoundWhereverItStands(t *testing.T) {
	r := newRig(t, storetest.SQLite(t))
	d := r.start(t)
	def, _ := r.Form("dibao")
	row := func(prefix, name, relation string) url.Values {
		return url.Values{prefix + "name": {name}, prefix + "relation": {relation}}
	}
	for i, name := range []string{"李秀兰", "张小宝", "张大爷"} {
		jot := row("members.new.", name, []string{"spouse", "child", "parent"}[i])
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "members.new", jot); err != nil && !problem.Is(err, problem.Invalid) {
			t.Fatal(err)
		}
	}
	shown := mustDraft(t, r, d)
	if _, err := r.RemoveRow(t.Context(), d.ID, d.Secret, "members", 0); err != nil {
		t.Fatal(err)
	}
	third := with(row("members.2.", "张大爷", "parent"), "members.2.name", "张大山", apply.Seen, shown.Window(def, "members.2"))
	first := with(row("members.0.", "李秀兰", "spouse"), "members.0.name", "李秀英", apply.Seen, shown.Window(def, "members.0"))
	jot(t, r, d, "members.2", third)
	jot(t, r, d, "members.0", first)
	var names []string
	got := mustDraft(t, r, d).Pages["members"].Values
	for i := range 4 {
		names = append(names, got.Get("members."+string(rune('0'+i))+".name"))
	}
	if s := strings.Join(names, " "); s != "张小宝 张大山 李秀英 " {
		t.Errorf("the household is %q", s)
	}
}

func TestARowThatWasBegunWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		jot(t, r, d, "members.new", url.Values{"members.new.name": {"李秀"}})
		jot(t, r, d, "members.new", url.Values{"members.new.name": {"李秀兰"}, "go": {"draft"}})
		v := mustDraft(t, r, d)
		if p := v.Pages["members"]; p.Version != 0 || len(p.Values) > 0 || p.Begun.Get("members.new.name") != "李秀兰" || len(v.Persons) > 1 {
			t.Fatalf("begun: %+v, %v", p, v.Persons)
		}
		if _, err := r.SavePage(t.Context(), d.ID, d.Secret, "members.new", url.Values{"members.new.name": {"李秀兰"}}); err != nil && !problem.Is(err, problem.Invalid) {
			t.Fatal(err)
		}
		if p := mustDraft(t, r, d).Pages["members"]; p.Values.Get("members.0.name") != "李秀兰" || len(p.Begun) > 0 {
			t.Errorf("added: %+v", p)
		}
	})
}

// What is sent twice, because an answer was lost or a finger tapped twice, is one paper, in one piece or in many.
func TestTheSamePhotoTwiceIsOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		d := r.start(t)
		raw := applytest.Photo(600, 400)
		first, err := r.AddPaper(t.Context(), d.ID, d.Secret, "bankcard", bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := r.AddPaper(t.Context(), d.ID, d.Secret, "bankcard", bytes.NewReader(raw)); err != nil || again.ID != first.ID {
			t.Errorf("again = %s, %v, want %s", again.ID, err, first.ID)
		}
		up, err := r.StartUpload(t.Context(), d.ID, d.Secret, "bankcard", int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := r.AppendUpload(t.Context(), up.ID, 0, bytes.NewReader(raw)); err != nil || again.ID != first.ID || again.State != apply.PaperSaved {
			t.Errorf("in pieces = %+v, %v, want %s", again, err, first.ID)
		}
		if n := len(mustDraft(t, r, d).Papers); n != 1 {
			t.Errorf("%d papers, want 1", n)
		}
		if other, err := r.AddPaper(t.Context(), d.ID, d.Secret, "hukou", bytes.NewReader(raw)); err != nil || other.ID == first.ID {
			t.Errorf("the same photo as another paper = %s, %v", other.ID, err)
		}
		if other, err := r.AddPaper(t.Context(), d.ID, d.Secret, "bankcard", bytes.NewReader(applytest.Photo(601, 400))); err != nil || other.ID == first.ID {
			t.Errorf("control: another photo = %s, %v", other.ID, err)
		}
	})
}

// An upload that was begun at one instance goes on at another: what has come is in the database, not in a program.
func TestAnUploadGoesOnAtAnotherInstance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		one := newRig(t, db)
		other := &rig{Desk: &apply.Desk{DB: one.DB, Keys: one.Keys, Secrets: one.Secrets, Vault: one.Vault, Cases: one.Cases, Places: one.Places, KV: one.KV, Now: one.Now}}
		d := one.start(t)
		raw := noise(t, 900, 700)
		if len(raw) < 3<<18 {
			t.Fatalf("%d bytes are too few for several pieces", len(raw))
		}
		p, err := one.StartUpload(t.Context(), d.ID, d.Secret, "hukou", int64(len(raw)))
		for at, turn := int64(0), 0; err == nil && at < int64(len(raw)); turn++ {
			to := min(at+300_000, int64(len(raw)))
			p, err = []*rig{one, other}[turn%2].AppendUpload(t.Context(), p.ID, at, bytes.NewReader(raw[at:to]))
			at = to
		}
		if err != nil || p.State != apply.PaperSaved || p.Width != 900 {
			t.Fatalf("%+v, %v", p, err)
		}
		if v, err := other.Draft(t.Context(), d.ID, d.Secret); err != nil || len(v.Papers) != 1 {
			t.Errorf("the other instance shows %d papers, %v", len(v.Papers), err)
		}
	})
}
