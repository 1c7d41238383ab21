package text

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// bothScripts are Simplified forms that are right in Traditional text too, by OpenCC's other tables, and 里, 干, 准 and 伙,
// which are there in 公里, 若干, 批准 and 伙食.
const bothScripts = "么佛俊修僵克兑冢冬凌出刮制千升卜卧即卷叁只台吃合吊同向呆周咽哄唇喂噪回困囱埼奸姜娘媪家局峰巨布席幸床庵弦彩御志念恤悦愈愠戚户扇才扎托扣折抬抵拐拼" +
	"挨挲挽捆捍捝揾搜教敚旋旗既昆暗曲札朱杆杯松板查栗核梁棁棋棱榅欲氲污沈沾泄泛注涚温溪溯漓灶煴狸玩璇症痴皂真矩私秋秘税粽糊糖系累群胄胡脱腽致舍芸苔葱蒀蒙蓑蔑蜕表谷踊逾酸雕面飧里干准伙"

// scripts are the characters that stand in one script alone: those of Simplified text, and those of Traditional text.
var scripts = sync.OnceValue(func() (alone struct{ simplified, traditional map[rune]bool }) {
	alone.simplified, alone.traditional = map[rune]bool{}, map[rune]bool{}
	for line := range strings.Lines(simplifiedTable) {
		from, to, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(from, "#") || utf8.RuneCountInString(from) != 1 {
			continue
		}
		forms := strings.Fields(to)
		if first, _ := utf8.DecodeRuneInString(to); forms[0] != from && !strings.ContainsRune(bothScripts, first) {
			alone.simplified[first] = true
		}
		if !slices.Contains(forms, from) { // 瞭望 and 慰藉 keep theirs in Simplified text
			r, _ := utf8.DecodeRuneInString(from)
			alone.traditional[r] = true
		}
	}
	for r := range alone.traditional {
		delete(alone.simplified, r)
	}
	return alone
})

// OnlySimplified lists the characters of s that no Traditional text has, each once.
func OnlySimplified(s string) string { return among(s, scripts().simplified) }

// OnlyTraditional lists the characters of s that no Simplified text has, each once.
func OnlyTraditional(s string) string { return among(s, scripts().traditional) }

func among(s string, set map[rune]bool) string {
	var found strings.Builder
	for _, r := range s {
		if r >= 0x2e80 && set[r] && !strings.ContainsRune(found.String(), r) {
			found.WriteRune(r)
		}
	}
	return found.String()
}
