package screen

import "slices"

// Family is what somebody said of the people who live together. Whatever was
// left out counts as unknown, never as no.
type Family struct {
	Rural, Urban bool // neither: unknown
	Away         bool // not where they are registered
	Members      []Member
	Income       *float64           // yuan a month, all counted members, what the law leaves out taken off; nil: unknown
	Flags        []string           // what happened or is so: "fire", "rent", "unpaid-wages" …
	Numbers      map[string]float64 // "houses", "rigid", "job-cost", "own-medical-year", "carer-income", "support" …
	Father       string             // of a child, when they do not live together: a state below
	Mother       string
}

// The states of a parent. The empty one is unknown.
const (
	Able    = "able"
	Dead    = "dead"
	Missing = "missing" // declared by a court
	Unable  = "unable"  // as the law on children without carers (事实无人抚养) lists it
	Short   = "short"   // away, but for less than the months the law asks for
)

// Member is one person.
type Member struct {
	Rel     string   `expr:"rel"` // "self", "partner", "parent", "child", "grandparent", "other", "dead"
	Age     float64  `expr:"age"` // years; -1 unknown
	Male    bool     `expr:"male"`
	Female  bool     `expr:"female"`
	Counted bool     `expr:"counted"` // belongs to the household as the law counts it
	Kind    string   `expr:"kind"`    // of disability: limb, mind, psyche, hearing, sight, speech; "" none
	Grade   int      `expr:"grade"`   // 1 is the heaviest; 0 none
	School  string   `expr:"school"`  // kindergarten, kindergarten-last, primary, junior, senior, vocational, college, graduate
	Tags    []string `expr:"tags"`    // "ill", "heavy", "prison", "retired", "unemployed" …
	Lost    int      `expr:"lost"`    // of six daily things, how many cannot be done alone; -1 unknown
}

func (m Member) is(tag string) bool { return slices.Contains(m.Tags, tag) }

// Standards are the figures of the place; zero is unknown.
type Standards struct {
	Dibao   float64 // yuan a person and month
	Line    float64 // below which a family counts as next to dibao (低边)
	Income  float64 // disposable income a person of the year before (人均可支配收入), yuan
	Houses  float64 // most houses a family may own
	Savings float64 // most a person may have put by, yuan
}

// facts is what the rules can ask.
type facts struct {
	Known    bool               `expr:"known"` // income and standards are both there
	PC       float64            `expr:"pc"`    // income a person and month
	Std      float64            `expr:"std"`
	Line     float64            `expr:"line"`
	Median   float64            `expr:"disposable"` // a month
	Over     bool               `expr:"over"`       // property plainly above what is allowed
	Rural    bool               `expr:"rural"`
	Urban    bool               `expr:"urban"`
	Away     bool               `expr:"away"`
	Members  []Member           `expr:"members"`
	Counted  []Member           `expr:"counted"`
	Self     Member             `expr:"self"`
	Flags    []string           `expr:"flags"`
	Number   map[string]float64 `expr:"number"`
	Orphan   bool               `expr:"orphan"`   // a child whose parents are dead, or one dead and one declared missing
	Uncared  bool               `expr:"uncared"`  // a child of whose parents none can care, as the law lists it
	HalfCare bool               `expr:"halfcare"` // a child with one parent gone whose other can care, or is gone too short a time
	Parents  bool               `expr:"parents"`  // anything at all is known of a child's parents
	Alone    bool               `expr:"alone"`    // nobody is bound by law to support the person, or nobody who could
	Bound    bool               `expr:"bound"`    // somebody is bound by law and can
	May      map[string]bool    `expr:"may"`
	Unlikely map[string]bool    `expr:"unlikely"`
}

const adult = 18 // 未成年人保护法 §2

func gather(f Family, st Standards) facts {
	e := facts{
		Std: st.Dibao, Line: st.Line, Median: st.Income / 12, Rural: f.Rural, Urban: f.Urban, Away: f.Away,
		Members: f.Members, Flags: f.Flags, Number: map[string]float64{}, May: map[string]bool{}, Unlikely: map[string]bool{},
		Self: Member{Age: -1, Lost: -1},
	}
	for k, v := range f.Numbers {
		e.Number[k] = v
	}
	for _, m := range f.Members {
		if m.Counted {
			e.Counted = append(e.Counted, m)
		}
		if m.Rel == "self" {
			e.Self = m
		}
	}
	if f.Income != nil && len(e.Counted) > 0 && st.Dibao > 0 {
		e.Known = true
		e.PC = *f.Income / float64(len(e.Counted))
	}
	limit := st.Houses
	if limit == 0 {
		limit = 1
	}
	each, told := e.Number["savings-each"]
	if all, ok := e.Number["savings"]; ok && !told && len(e.Counted) > 0 {
		each = all / float64(len(e.Counted))
	}
	e.Over = e.Number["houses"] > limit || st.Savings > 0 && each > st.Savings || slices.Contains(f.Flags, "hidden-property")
	e.parents(f)
	e.support(f)
	return e
}

// parents looks at who cares for the children.
func (e *facts) parents(f Family) {
	child, ok := Member{}, false
	for _, m := range f.Members {
		if m.Age >= 0 && m.Age < adult && (m.Rel == "self" || m.Rel == "child" || m.is("orphan")) {
			child, ok = m, true
			break
		}
	}
	if !ok {
		return
	}
	father, mother := f.Father, f.Mother
	for _, m := range f.Members {
		carer := m.Rel == "parent" || child.Rel != "self" && (m.Rel == "self" || m.Rel == "partner")
		if !carer || m.Age >= 0 && m.Age < adult {
			continue
		}
		state := Able
		switch {
		case m.is("missing"):
			state = Missing
		case m.is("prison"), m.is("lost-contact"), m.is("heavy"), m.Grade > 0 && m.Grade <= 2, m.Grade > 0 && (m.Kind == "mind" || m.Kind == "psyche"):
			state = Unable
		}
		if m.Male && father == "" {
			father = state
		} else if mother == "" {
			mother = state
		}
	}
	e.Parents = father != "" || mother != ""
	dead := func(s string) bool { return s == Dead || s == Missing }
	gone := func(s string) bool { return dead(s) || s == Unable }
	e.Orphan = child.is("orphan") || dead(father) && dead(mother) && (father == Dead || mother == Dead)
	e.Uncared = !e.Orphan && gone(father) && gone(mother)
	e.HalfCare = !e.Orphan && !e.Uncared && (father == Able || mother == Able || father == Short || mother == Short) &&
		(gone(father) || gone(mother) || father == Short || mother == Short || slices.Contains(f.Flags, "parents-away"))
}

// support looks for people whom the law binds to support the one who asks
// (特困人员认定办法 §8 says who of them cannot).
func (e *facts) support(f Family) {
	if e.Self.is("nokin") || e.Self.Age >= 0 && e.Self.Age < adult && e.Orphan {
		e.Alone = true
		return
	}
	any, open := false, false
	for _, m := range f.Members {
		if m.Rel != "parent" && m.Rel != "child" && m.Rel != "partner" {
			continue
		}
		any = true
		if m.Rel == "partner" && m.Age >= 60 {
			open = true // an old couple may both be without means: the office looks at the two together
			continue
		}
		income, known := e.Number["carer-income"]
		unable := m.is("prison") || m.is("missing") || m.Age >= 0 && m.Age < adult ||
			m.Age >= 70 && known && e.Median > 0 && income < e.Median
		if !unable {
			e.Bound = true
		}
	}
	e.Alone = any && !e.Bound && !open
}
