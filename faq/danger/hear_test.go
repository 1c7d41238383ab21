package danger

import (
	"math/rand/v2"
	"strings"
	"testing"

	"mashang/platform/text"
)

// spoiled are ways of saying the same that people use in haste: with words before and behind, with characters that only sound
// right, and in pinyin.
func spoiled(question string, rng *rand.Rand, alike map[string][]rune) map[string]string {
	letters := []rune(question)
	slip := func() {
		for range 30 {
			at := rng.IntN(len(letters))
			if same := alike[text.Syllable(letters[at])]; text.IsHan(letters[at]) && len(same) > 1 {
				letters[at] = same[rng.IntN(len(same))]
				return
			}
		}
	}
	all := map[string]string{"asked": "请问一下，" + question + "怎么办", "cried": question + "！急急急，在线等", "told": "你好，我跟你说，" + question + "，帮帮我"}
	slip()
	all["one slip"] = string(letters)
	slip()
	all["two slips"] = string(letters)
	if strings.ContainsFunc(question, text.IsHan) {
		all["pinyin"] = text.Pinyin(question)
	}
	return all
}

// The shares were measured on the ways of saying of this package, which the phrases were not made from; they may not sink.
func TestDangerIsHeardHoweverItIsWritten(t *testing.T) {
	alike := map[string][]rune{}
	for _, r := range said + calm + phrasesText {
		if s := text.Syllable(r); s != "" && !strings.ContainsRune(string(alike[s]), r) {
			alike[s] = append(alike[s], r)
		}
	}
	rng := rand.New(rand.NewPCG(6, 11)) //nolint:gosec // a repeatable test
	tried, heard := map[string]int{}, map[string]int{}
	for line := range strings.Lines(said) {
		_, list, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for question := range strings.SplitSeq(list, ";") {
			if !strings.ContainsFunc(question, text.IsHan) {
				continue
			}
			for kind, s := range spoiled(question, rng, alike) {
				tried[kind]++
				if Recognise(s) != "" {
					heard[kind]++
				}
			}
		}
	}
	for kind, least := range map[string]float64{"asked": .99, "cried": .99, "told": .99, "one slip": .84, "two slips": .74, "pinyin": .5} {
		share := float64(heard[kind]) / float64(tried[kind])
		t.Logf("%s: %d of %d, %.3f", kind, heard[kind], tried[kind], share)
		if share < least {
			t.Errorf("%s: %.3f are heard, want %.2f", kind, share, least)
		}
	}
}

// Hearing what is not written must not raise alarms where there is no danger.
func TestHearingRaisesNoAlarm(t *testing.T) {
	alarms, tried := 0, 0
	for question := range strings.Lines(calm) {
		for _, s := range []string{"请问" + question, question + "怎么办", text.Pinyin(question)} {
			tried++
			if Recognise(strings.TrimSpace(s)) != "" {
				alarms++
				t.Logf("alarm: %s", s)
			}
		}
	}
	if alarms*20 > tried {
		t.Errorf("%d alarms of %d", alarms, tried)
	}
}

func TestCorrected(t *testing.T) {
	for _, tt := range []struct{ han, want string }{
		{"我不想或了", "我不想活了"},
		{"家里找火了", "家里着火了"},
		{"我不想活了", ""}, // nothing is wrong
		{"低保怎么申请", ""},
	} {
		if got := corrected(tt.han); got != tt.want {
			t.Errorf("corrected(%q) = %q, want %q", tt.han, got, tt.want)
		}
	}
}
