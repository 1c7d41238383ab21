package group_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"mashang/faq/better/group"
)

func TestQuestionsThatAskTheSameAreOneGroup(t *testing.T) {
	for _, tt := range []struct {
		name, a, b string
		same       bool
	}{
		{"the same", "低保停了怎么恢复", "低保停了怎么恢复", true},
		{"politer", "低保停了怎么恢复", "请问我的低保停了怎么恢复呢？", true},
		{"the wrong characters", "低保停了怎么恢复", "底宝停了怎么回复", true},
		{"Traditional", "低保停了怎么恢复", "低保停了怎麼恢復", true},
		{"another order", "残疾证掉了在哪里补办", "在哪里补办掉了的残疾证", true},
		{"another aspect", "低保多少钱一个月", "低保要带什么材料", false},
		{"another programme", "临时救助怎么申请", "高龄津贴怎么申请", false},
		{"another thing", "公租房排队要多久", "救护车的钱谁出", false},
		{"English", "how do i get my disability card again", "How can I get the disability card again?", true},
		{"other English", "how much is dibao", "where is the office", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := group.New(0)
			g.Join(tt.a, "", "a")
			if got := g.Join(tt.b, "", "b"); (got == "a") != tt.same {
				t.Errorf("%q and %q are %.2f alike, in one group: %v", tt.a, tt.b, group.Like(group.Of(tt.a), group.Of(tt.b)), got == "a")
			}
		})
	}
}

func TestWhatHasNothingToCompareStaysAlone(t *testing.T) {
	g := group.New(0)
	for i, q := range []string{"", "？？", "！", "。。。"} {
		id := fmt.Sprint(i)
		if got := g.Join(q, "", id); got != id {
			t.Errorf("%q joined %q", q, got)
		}
	}
	if g.Groups() != 0 {
		t.Errorf("%d groups to compare with", g.Groups())
	}
}

// TestTheSameQuestionsGiveTheSameGroups also says that looking only at groups with a pair in common loses nothing here: the leader found is
// the one a comparison with all of them finds.
func TestTheSameQuestionsGiveTheSameGroups(t *testing.T) {
	all := asked(400)
	shapes := make([]group.Shape, len(all))
	for i, q := range all {
		shapes[i] = group.Of(q)
	}
	run := func() []string {
		g := group.New(0)
		var out []string
		for i, q := range all {
			out = append(out, g.Join(q, "", fmt.Sprint(i)))
		}
		return out
	}
	first := run()
	if second := run(); !slices.Equal(first, second) {
		t.Fatal("a second run made other groups")
	}
	var leaders []int
	for i, q := range all {
		best, most := i, .0
		for _, l := range leaders {
			if like := group.Like(shapes[i], shapes[l]); like >= .53 && like > most {
				best, most = l, like
			}
		}
		if fmt.Sprint(best) != first[i] {
			t.Fatalf("question %d %q is in group %s; compared with all it belongs to %d (%.3f)", i, q, first[i], best, most)
		}
		if best == i {
			leaders = append(leaders, i)
		}
	}
}

func TestAFullGrouperForgetsWhatNothingJoined(t *testing.T) {
	g := group.New(20)
	g.Join("低保停了怎么恢复", "", "kept")
	for i, q := range distinct(200) {
		g.Join(q, "", fmt.Sprint(i))
		if got := g.Join("低保停了怎么恢复", "", "again"); got != "kept" {
			t.Fatalf("after %d others the group in use is %q", i+1, got)
		}
	}
	if g.Groups() > 25 {
		t.Errorf("%d groups, 25 are allowed", g.Groups())
	}
}

func distinct(n int) []string {
	r := rand.New(rand.NewPCG(3, 4))
	var out []string
	for range n {
		var b strings.Builder
		for range 8 {
			b.WriteRune(rune(0x4e00 + r.IntN(5000)))
		}
		out = append(out, b.String())
	}
	return out
}

// asked makes questions as people would type them: a subject, what is asked of it, and noise.
func asked(n int) []string {
	subjects := strings.Fields("低保 特困 五保 临时救助 高龄津贴 残疾人补贴 孤儿补助 医疗救助 公租房 廉租房 助学金 取暖费 电费减免 水费 丧葬费 护理补贴 养老院 日间照料 失业金 退役补助 独生子女费 计生奖扶 农村合作医疗 危房改造 教育救助 就业援助 法律援助 流浪救助 慈善捐款 光荣院")
	asks := strings.Fields("怎么申请 要什么材料 多少钱一个月 什么时候发 发到哪张卡 停了怎么办 在哪里办 可以代办吗 多久能批下来 没收到钱 家里有车行不行 有退休金行不行 外地户口能办吗 离婚了怎么算 人去世了怎么停 迁户口以后怎么办 换了银行卡 名字写错了 为什么没批 怎么查进度")
	noise := strings.Fields("请问 我想问一下 你好 麻烦问下 就是说 那个 我妈的 我爸的 村里 我们家")
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]string, n)
	for i := range out {
		q := subjects[r.IntN(len(subjects))] + asks[r.IntN(len(asks))]
		if r.IntN(2) == 0 {
			q = noise[r.IntN(len(noise))] + q
		}
		if r.IntN(3) == 0 {
			q += strings.Fields("呢 啊 吗 呀 谢谢")[r.IntN(5)]
		}
		if r.IntN(4) == 0 { // a character goes wrong
			c := []rune(q)
			c[r.IntN(len(c))] = rune(0x4e00 + r.IntN(3000))
			q = string(c)
		}
		if r.IntN(5) == 0 { // nobody else asks this
			q += string(rune(0x4e00+r.IntN(8000))) + string(rune(0x4e00+r.IntN(8000))) + string(rune(0x4e00+r.IntN(8000))) + string(rune(0x4e00+r.IntN(8000)))
		}
		out[i] = q
	}
	return out
}

// BenchmarkJoin puts 20,000 questions into groups.
func BenchmarkJoin(b *testing.B) {
	all := asked(20_000)
	for b.Loop() {
		g := group.New(0)
		for i, q := range all {
			g.Join(q, "", fmt.Sprint(i))
		}
		b.ReportMetric(float64(g.Groups()), "groups")
	}
}

// BenchmarkJoinStrangers is the worst there is: no question is like another.
func BenchmarkJoinStrangers(b *testing.B) {
	all := distinct(20_000)
	for b.Loop() {
		g := group.New(0)
		for i, q := range all {
			g.Join(q, "", fmt.Sprint(i))
		}
		b.ReportMetric(float64(g.Groups()), "groups")
	}
}

func FuzzJoin(f *testing.F) {
	f.Add("低保停了怎么恢复", "底宝停了")
	f.Add("\xff\x00", "a b c a b c")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := group.Of(a), group.Of(b)
		if like := group.Like(x, y); like < 0 || like > 1.001 || like != group.Like(y, x) {
			t.Fatalf("%q and %q are %v alike", a, b, like)
		}
		g := group.New(4)
		for i, q := range []string{a, b, a, b + a, b} {
			if got := g.Join(q, "", fmt.Sprint(i)); !utf8.ValidString(got) || got == "" {
				t.Fatalf("joined %q", got)
			}
		}
	})
}
