package screen_test

import (
	"fmt"
	"testing"

	"mashang/aid/policy/screen"
)

// figures are the standards of the cases below: 低保 700 a month, 低边 1.5 times that, disposable income 36,000 a year
// (3,000 a month), one house, 20,000 put by a person.
var figures = screen.Standards{Dibao: 700, Line: 1050, Income: 36_000, Houses: 1, Savings: 20_000}

// living is a family of adults of 40 with that income a person and month.
func living(people int, each float64, flags ...string) screen.Family {
	f := screen.Family{Rural: true, Numbers: map[string]float64{}, Flags: flags}
	for i := range people {
		rel := "self"
		if i > 0 {
			rel = "other"
		}
		f.Members = append(f.Members, screen.Member{Rel: rel, Age: 40, Counted: true, Lost: -1})
	}
	all := each * float64(people)
	f.Income = &all
	return f
}

// self changes the one who asks.
func self(f screen.Family, change func(*screen.Member)) screen.Family {
	change(&f.Members[0])
	return f
}

// told adds numbers.
func told(f screen.Family, key string, n float64) screen.Family {
	f.Numbers[key] = n
	return f
}

func aged(f screen.Family, age float64, tags ...string) screen.Family {
	return self(f, func(m *screen.Member) { m.Age, m.Tags = age, tags })
}

func disabled(f screen.Family, kind string, grade int) screen.Family {
	return self(f, func(m *screen.Member) { m.Kind, m.Grade = kind, grade })
}

// alone is somebody whom nobody is bound to support.
func alone(f screen.Family) screen.Family {
	return self(f, func(m *screen.Member) { m.Tags = append(m.Tags, "nokin") })
}

func lost(f screen.Family, n int) screen.Family {
	return self(f, func(m *screen.Member) { m.Lost = n })
}

// child is a family of one child with that state of each parent.
func child(age float64, father, mother string, tags ...string) screen.Family {
	f := aged(living(1, 0), age, tags...)
	f.Father, f.Mother = father, mother
	return f
}

func pupil(each, age float64, school string) screen.Family {
	f := living(2, each)
	f.Members[1] = screen.Member{Rel: "child", Age: age, School: school, Counted: true, Lost: -1}
	return f
}

const silent = "" // nothing is said

type limit struct {
	article   string // on which the limit stands
	name      string
	family    screen.Family
	programme string
	want      string
}

// Each limit just below, at and just above.
func limits() []limit {
	var all []limit
	add := func(article, programme, name string, f screen.Family, want string) {
		all = append(all, limit{article, name, f, programme, want})
	}
	for _, n := range []int{1, 2, 7} {
		for _, x := range []struct {
			each          float64
			dibao, dibian string
		}{{699.99, screen.May, screen.Unlikely}, {700, screen.Unlikely, screen.May}, {700.01, screen.Unlikely, screen.May}, {1049.99, screen.Unlikely, screen.May}, {1050, screen.Unlikely, screen.Unlikely}, {1050.01, screen.Unlikely, screen.Unlikely}} {
			name := fmt.Sprintf("%d people with %.2f each", n, x.each)
			add("社会救助暂行办法 第九条", "dibao", name, living(n, x.each), x.dibao)
			add("民发〔2022〕83号 一（四）", "dibian", name, living(n, x.each), x.dibian)
		}
	}
	for each, want := range map[float64]string{1049.99: screen.Unlikely, 1050: screen.May, 2999.99: screen.May, 3000: screen.Unlikely, 3000.01: screen.Unlikely} {
		add("刚性支出困难家庭认定办法 第四条", "gangxing", fmt.Sprintf("%.2f each and heavy costs", each), living(1, each, "rigid"), want)
	}
	add("刚性支出困难家庭认定办法 第四条", "gangxing", "no heavy costs told", living(1, 2000), silent)
	for age, want := range map[float64]string{15: screen.May, 15.99: screen.May, 16: screen.Unlikely, 59: screen.Unlikely, 59.99: screen.Unlikely, 60: screen.May, 61: screen.May} {
		add("特困人员认定办法 第五条", "tekun", fmt.Sprintf("alone at %v", age), alone(aged(living(1, 0), age)), want)
	}
	for _, x := range []struct {
		kind  string
		grade int
		want  string
	}{{"limb", 1, screen.May}, {"limb", 2, screen.May}, {"limb", 3, screen.Unlikely}, {"mind", 3, screen.May}, {"mind", 4, screen.Unlikely}, {"psyche", 3, screen.May}, {"psyche", 4, screen.Unlikely}, {"sight", 1, screen.May}, {"sight", 2, screen.Unlikely}, {"hearing", 1, screen.Unlikely}} {
		add("特困人员认定办法 第五条", "tekun", fmt.Sprintf("alone with %s of grade %d", x.kind, x.grade), alone(disabled(living(1, 0), x.kind, x.grade)), x.want)
	}
	for each, want := range map[float64]string{699.99: screen.May, 700: screen.Unlikely, 700.01: screen.Unlikely} {
		add("特困人员认定办法 第六条", "tekun", fmt.Sprintf("alone at 70 with %.2f", each), alone(aged(living(1, each), 70)), want)
	}
	for n, want := range map[int]string{-1: silent, 0: screen.Unlikely, 1: screen.May, 3: screen.May, 4: screen.May, 6: screen.May} {
		add("特困人员认定办法 第二十二条", "tekun_huli", fmt.Sprintf("%d of six things not done alone", n), lost(alone(aged(living(1, 0), 70)), n), want)
	}
	for age, want := range map[float64]string{74.99: silent, 75: screen.Unlikely, 79: screen.Unlikely, 79.99: screen.Unlikely, 80: screen.May, 80.01: screen.May, 100: screen.May} {
		add("老年人权益保障法 第三十三条", "gaoling", fmt.Sprintf("at %v", age), aged(living(1, 2000), age), want)
	}
	for age, want := range map[float64]string{59.99: silent, 60: screen.May, 60.01: screen.May} {
		add("老年人权益保障法 第三十条", "shineng", fmt.Sprintf("frail at %v", age), aged(living(1, 2000), age, "frail"), want)
	}
	add("老年人权益保障法 第三十条", "shineng", "slightly frail at 60", aged(living(1, 2000), 60, "little-frail"), screen.Unlikely)
	for age, want := range map[float64]string{17: screen.May, 17.99: screen.May, 18: screen.Unlikely, 18.01: screen.Unlikely} {
		add("国办发〔2010〕54号 一", "guer", fmt.Sprintf("an orphan of %v", age), child(age, screen.Dead, screen.Dead, "orphan"), want)
	}
	for _, x := range []struct{ father, mother, guer, shishi string }{
		{screen.Dead, screen.Dead, screen.May, screen.Unlikely}, {screen.Dead, screen.Missing, screen.May, screen.Unlikely}, {screen.Missing, screen.Missing, silent, screen.May},
		{screen.Dead, screen.Unable, silent, screen.May}, {screen.Unable, screen.Unable, silent, screen.May}, {screen.Dead, screen.Short, silent, screen.Unlikely},
		{screen.Unable, screen.Short, silent, screen.Unlikely}, {screen.Able, screen.Dead, silent, screen.Unlikely}, {screen.Able, screen.Able, silent, silent},
	} {
		name := "a child of ten, father " + x.father + ", mother " + x.mother
		add("国办发〔2010〕54号 一", "guer", name, child(10, x.father, x.mother), x.guer)
		add("民发〔2019〕62号 一", "shishi", name, child(10, x.father, x.mother), x.shishi)
	}
	for grade, want := range map[int]string{0: silent, 1: screen.May, 2: screen.May, 3: screen.Unlikely, 4: screen.Unlikely} {
		add("残疾人保障法 第四十八条", "can_huli", fmt.Sprintf("grade %d", grade), disabled(living(1, 2000), "limb", grade), want)
	}
	for each, want := range map[float64]string{699.99: screen.May, 700: screen.Unlikely, 2000: screen.Unlikely} {
		add("残疾人保障法 第四十八条", "can_shenghuo", fmt.Sprintf("grade 3 with %.2f", each), disabled(living(1, each), "limb", 3), want)
	}
	for age, want := range map[float64]string{6: screen.May, 7: screen.May, 17.99: screen.May, 18: screen.Unlikely, 20.99: screen.Unlikely, 21: silent} {
		add("国发〔2018〕20号 二（一）", "can_kangfu", fmt.Sprintf("disabled at %v", age), disabled(aged(living(1, 2000), age), "hearing", 3), want)
	}
	for age, want := range map[float64]string{4.99: silent, 5: screen.May, 5.99: screen.May, 6: silent} {
		add("国办发〔2025〕27号", "jy_xueqian", fmt.Sprintf("a child of %v", age), pupil(2000, age, ""), want)
	}
	for each, want := range map[float64]string{1049.99: screen.May, 1050: screen.Unlikely, 1050.01: screen.Unlikely} {
		add("国办发〔2023〕39号 四（二）", "jy_xueqian", fmt.Sprintf("kindergarten with %.2f each", each), pupil(each, 4, "kindergarten"), want)
	}
	for sum, want := range map[float64]string{35_999.99: screen.Unlikely, 36_000: screen.Unlikely, 36_000.01: screen.May} {
		add("国办发〔2023〕39号 四（二）", "yb_yishen", fmt.Sprintf("paid %.2f for treatment", sum), told(living(1, 2000), "medical-in-scheme", sum), want)
	}
	for n, want := range map[float64]string{2: silent, 2.99: silent, 3: screen.May, 4: screen.May} {
		add("民发〔2022〕83号 二（一）", "linshi_jinan", fmt.Sprintf("out of work for %v months", n), told(living(1, 100, "uninsured-job"), "jobless-months", n), want)
	}
	add("民发〔2022〕83号 二（一）", "linshi_jinan", "out of work, at the line", told(living(1, 700, "uninsured-job"), "jobless-months", 3), silent)
	for n, want := range map[float64]string{0: screen.May, 1: screen.May, 2: screen.Unlikely} {
		add("民发〔2021〕57号 第十四条", "dibao", fmt.Sprintf("%v houses", n), told(living(1, 100), "houses", n), want)
	}
	for n, want := range map[float64]string{19_999.99: screen.May, 20_000: screen.May, 20_000.01: screen.Unlikely} {
		add("民发〔2021〕57号 第八条", "dibao", fmt.Sprintf("%.2f put by", n), told(living(1, 100), "savings", n), want)
		add("民发〔2021〕57号 第八条", "dibao", fmt.Sprintf("%.2f put by of each of three", n), told(living(3, 100), "savings-each", n), want)
	}
	return append(all, unsaid()...)
}

// Answers left out are unknown, never no; answers that contradict each other close no door.
func unsaid() []limit {
	quiet := living(1, 0)
	quiet.Income = nil
	nobody := screen.Family{Members: []screen.Member{}, Numbers: map[string]float64{}}
	uncounted := living(1, 100)
	uncounted.Members[0].Counted = false
	minus := living(1, -500)
	ageless := alone(aged(living(1, 0), -1))
	from := func(people int, income *float64, chosen map[string][]string) screen.Family {
		return screen.Answers{Chosen: chosen, People: people, Income: income}.Family()
	}
	n := func(f float64) *float64 { return &f }
	return []limit{
		{"", "no income told", quiet, "dibao", silent}, {"", "no income told", quiet, "dibian", silent}, {"", "no income told", quiet, "gangxing", silent},
		{"", "nobody at all", nobody, "dibao", silent}, {"", "nobody who counts", uncounted, "dibao", silent}, {"", "a loss", minus, "dibao", screen.May},
		{"", "no age told", ageless, "gaoling", silent}, {"", "no age told", ageless, "tekun", silent},
		{"", "an income and no people", from(0, n(300), nil), "dibao", silent},
		{"", "nothing chosen", from(0, nil, nil), "dibao", silent}, {"", "nothing chosen", from(0, nil, nil), "linshi_jinan", silent},
		{"", "in the country and in town", from(2, n(600), map[string][]string{"side": {"rural", "urban"}}), "dibao", screen.May},
		{"", "more people named than live together", from(1, n(699), map[string][]string{"old": {"eighty", "frail"}, "disability": {"heavy"}}), "dibao", screen.May},
		{"", "lives alone, and with a grandparent of eighty", from(2, n(600), map[string][]string{"old": {"alone", "eighty"}}), "gaoling", screen.May},
		{"", "an orphan of a single parent", from(2, n(600), map[string][]string{"child": {"orphan", "single"}}), "guer", screen.May},
		{"", "uncared for and with a single parent", from(2, n(600), map[string][]string{"child": {"uncared", "single"}}), "shishi", screen.May},
		{"", "heavy and slight at once", from(2, n(600), map[string][]string{"disability": {"heavy", "other"}}), "can_huli", screen.May},
		{"", "one house and none", from(1, n(100), map[string][]string{"home": {"one", "none"}}), "dibao", screen.May},
		{"", "one house and more", from(1, n(100), map[string][]string{"home": {"one", "more"}}), "dibao", screen.Unlikely},
		{"", "a choice nobody offers", from(1, n(100), map[string][]string{"side": {"moon"}, "nothing": {"x"}}), "dibao", screen.May},
		{"", "thirty people on a wage of one", from(30, n(20_999), nil), "dibao", screen.May},
		{"", "thirty people at the line", from(30, n(21_000), nil), "dibao", screen.Unlikely},
	}
}

func TestTheRulesAtTheirLimits(t *testing.T) {
	s, err := screen.New()
	if err != nil {
		t.Fatal(err)
	}
	all := limits()
	if len(all) < 100 {
		t.Fatalf("only %d cases", len(all))
	}
	for _, l := range all {
		t.Run(l.programme+" "+l.name, func(t *testing.T) {
			verdicts, err := s.Judge(l.family, figures)
			if err != nil {
				t.Fatal(err)
			}
			got := silent
			for _, v := range verdicts {
				if v.Programme == l.programme {
					got = v.Verdict
				}
			}
			if got != l.want {
				t.Errorf("%q, want %q (%s)", got, l.want, l.article)
			}
		})
	}
	t.Logf("%d cases", len(all))
}

// Without the figures of a place nothing that hangs on them is said.
func TestWithoutFiguresNothingIsSaidOfIncome(t *testing.T) {
	s, err := screen.New()
	if err != nil {
		t.Fatal(err)
	}
	verdicts, err := s.Judge(living(1, 0), screen.Standards{})
	if err != nil || len(verdicts) > 0 {
		t.Errorf("%+v, %v", verdicts, err)
	}
}
