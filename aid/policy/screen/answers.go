package screen

import "slices"

// Question is one of the page's plain questions. Every one may be left out.
type Question struct {
	ID      string
	Many    bool     // any of the choices
	Choices []string // none: a number is asked for
}

// Questions lists what a resident is asked, in this order. The words are the
// catalogue's, under screener.q and screener.o.
func Questions() []Question {
	return []Question{
		{ID: "side", Choices: []string{"rural", "urban", "away"}},
		{ID: "people"},
		{ID: "income"},
		{ID: "home", Choices: []string{"one", "more", "none", "unsafe"}},
		{ID: "old", Many: true, Choices: []string{"alone", "eighty", "frail"}},
		{ID: "child", Many: true, Choices: []string{"orphan", "uncared", "single"}},
		{ID: "disability", Many: true, Choices: []string{"heavy", "third", "other", "child"}},
		{ID: "illness", Many: true, Choices: []string{"heavy", "hospital", "costs"}},
		{ID: "school", Many: true, Choices: []string{"kindergarten-last", "kindergarten", "primary", "senior", "college"}},
		{ID: "trouble", Many: true, Choices: []string{"accident", "house-lost", "disaster", "jobless", "stranded"}},
		{ID: "more", Many: true, Choices: []string{"registered", "wages", "support", "violence", "death"}},
	}
}

// Answers are what a resident chose, by the questions' ids.
type Answers struct {
	Chosen map[string][]string
	People int      // 0: not said
	Income *float64 // yuan a month; nil: not said
}

func (a Answers) has(question, choice string) bool {
	return slices.Contains(a.Chosen[question], choice)
}

// Family is the household the answers describe. Who is who hardly matters to the
// rules, so each answer stands for a person of its own while there are any left.
func (a Answers) Family() Family {
	f := Family{
		Rural: a.has("side", "rural"), Urban: a.has("side", "urban"), Away: a.has("side", "away"), Income: a.Income, Numbers: map[string]float64{},
		Members: []Member{{Rel: "self", Age: -1, Counted: true, Lost: -1}},
	}
	alone := a.has("old", "alone")
	if alone {
		f.Members[0].Age, f.Members[0].Tags = 60, []string{"nokin"}
	}
	a.people(&f)
	for len(f.Members) < a.People {
		f.Members = append(f.Members, Member{Rel: "other", Age: -1, Counted: true, Lost: -1})
	}
	// More were named than live together: the count is the person's to say.
	for i := range f.Members {
		if a.People > 0 && i >= a.People {
			f.Members[i].Counted = false
		}
	}
	if a.People == 0 {
		f.Income = nil
	}
	a.troubles(&f)
	return f
}

func (a Answers) people(f *Family) {
	add := func(m Member) {
		m.Counted, m.Lost = true, -1
		if m.Rel == "" {
			m.Rel = "other"
		}
		f.Members = append(f.Members, m)
	}
	if a.has("old", "eighty") {
		add(Member{Age: 80})
	}
	if a.has("old", "frail") {
		add(Member{Age: 60, Tags: []string{"frail"}})
	}
	if a.has("child", "orphan") {
		add(Member{Rel: "child", Age: 10, Tags: []string{"orphan"}})
	}
	if a.has("child", "uncared") {
		add(Member{Rel: "child", Age: 10})
		f.Father, f.Mother = Unable, Unable
	}
	if a.has("child", "single") && !a.has("child", "uncared") {
		f.Members[0].Age = max(f.Members[0].Age, 35)
		add(Member{Rel: "child", Age: 10})
	}
	young := float64(-1)
	if a.has("disability", "child") {
		young = 8
	}
	for _, d := range []struct {
		choice string
		kind   string
		grade  int
	}{{"heavy", "limb", 1}, {"third", "psyche", 3}, {"other", "limb", 3}} {
		if a.has("disability", d.choice) {
			school := ""
			if young > 0 {
				school = "primary"
			}
			add(Member{Age: young, Kind: d.kind, Grade: d.grade, School: school})
		}
	}
	if a.has("illness", "heavy") {
		add(Member{Age: -1, Tags: []string{"heavy"}})
	}
	for school, age := range map[string]float64{"kindergarten-last": 5, "kindergarten": 4, "primary": 10, "senior": 16, "college": 19} {
		if a.has("school", school) {
			add(Member{Age: age, School: school})
		}
	}
}

func (a Answers) troubles(f *Family) {
	for _, one := range []struct{ question, choice, flag string }{
		{"home", "none", "no-house"}, {"home", "unsafe", "unsafe-house"}, {"illness", "hospital", "hospital"}, {"illness", "costs", "rigid"},
		{"trouble", "accident", "accident"}, {"trouble", "house-lost", "house-lost"}, {"trouble", "disaster", "disaster-year"}, {"trouble", "stranded", "stranded"},
		{"more", "registered", "registered"}, {"more", "wages", "unpaid-wages"}, {"more", "support", "support-dispute"}, {"more", "violence", "violence"}, {"more", "death", "death"},
	} {
		if a.has(one.question, one.choice) {
			f.Flags = append(f.Flags, one.flag)
		}
	}
	if a.has("home", "more") {
		f.Numbers["houses"] = 2
	}
	if a.has("trouble", "jobless") {
		f.Numbers["jobless-months"] = 3
		f.Flags = append(f.Flags, "uninsured-job")
	}
}
