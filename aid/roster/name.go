package roster

import (
	"strings"
	"sync"
	"unicode"

	"mashang/platform/text"
)

// compound are the surnames of two characters (复姓) that people bear today.
const compound = "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 " +
	"仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 " +
	"南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师"

// Masked is a name as the mask shows it. A sign that only belongs to the letter before it stays with that letter, and
// characters beyond the basic plane count as one.
func Masked(name string, m Mask) string {
	if masked, ok := maskedHan(name, m); ok {
		return masked
	}
	name = tidy(name)
	if m == Full {
		return name
	}
	letters := clusters(name)
	keep := surname(letters)
	given := 0
	for _, l := range letters[keep:] {
		if !isDot(l) {
			given++
		}
	}
	out := make([]string, len(letters))
	for i, l := range letters {
		switch {
		case isDot(l), i < keep:
			out[i] = l
		case m == Middle && i == len(letters)-1 && given > 1:
			out[i] = l
		default:
			out[i] = "*"
		}
	}
	return strings.Join(out, "")
}

// maskedHan is Masked, at once for the names most people have: two to four characters, all of them common.
func maskedHan(name string, m Mask) (string, bool) {
	n := len(name) / 3
	if len(name)%3 != 0 || n < 2 || n > 4 {
		return "", false
	}
	for i := 0; i < len(name); i += 3 {
		if name[i] < 0xe4 || name[i] > 0xe9 || name[i] == 0xe4 && name[i+1] < 0xb8 { // 一 to 鿿
			return "", false
		}
	}
	if m == Full {
		return name, true
	}
	keep := 1
	if n > 2 && isCompound(name[:6]) {
		keep = 2
	}
	if m == Middle && n-keep > 1 {
		return name[:3*keep] + "**"[:n-keep-1] + name[3*n-3:], true
	}
	return name[:3*keep] + "***"[:n-keep], true
}

// compounds are the compound surnames one by one.
var compounds = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for one := range strings.FieldsSeq(compound) {
		all[one] = true
	}
	return all
})

func isCompound(two string) bool { return compounds()[two] || compounds()[text.Simplify(two)] }

// tidy drops the spaces with which lists bring short Chinese names to one width.
func tidy(name string) string {
	name = text.Clean(name)
	if strings.ContainsFunc(name, text.IsHan) {
		name = strings.ReplaceAll(name, " ", "")
	}
	return name
}

// surname counts the letters that stay: a compound surname's two, else one. A single letter hides.
func surname(letters []string) int {
	if len(letters) < 2 {
		return 0
	}
	if len(letters) > 2 {
		if isCompound(letters[0] + letters[1]) {
			return 2
		}
	}
	return 1
}

// clusters takes a name apart into what a reader sees as one letter.
func clusters(s string) []string {
	var all []string
	for _, r := range s {
		if len(all) > 0 && (unicode.IsMark(r) || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef) {
			all[len(all)-1] += string(r)
			continue
		}
		all = append(all, string(r))
	}
	return all
}

func isDot(s string) bool { return strings.Contains("·•・．. -", s) }

// whole brings a whole name to the form in which names are compared.
func whole(name string) string {
	if _, plain := maskedHan(name, Full); plain {
		return text.Fold(name)
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || r == '〇' {
			return r
		}
		return -1
	}, text.Fold(name))
}

// notNames are words that no name has: they say more about a person than the law lets be published.
var notNames = []string{"监护", "代领", "代办", "之父", "之母", "之子", "之女", "之妻", "之夫", "父亲", "母亲", "儿子", "女儿", "妻子", "丈夫", "配偶", "孤儿",
	"智障", "精神", "未成年", "身份", "电话", "手机", "账号", "卡号", "住址", "银行", "信用社", "尾号", "出生", "生日", "低保", "五保", "特困", "户主", "残", "肢体", "视力", "听力",
	"高血压", "糖尿", "心脏", "脑梗", "中风", "失明", "失能", "一级", "二级", "三级", "四级", "服刑", "吸毒", "离异", "丧偶", "贫困", "尿毒", "透析", "白血", "骨折", "截肢", "截瘫", "瘘管",
	"癌", "病", "瘫", "症", "聋", "哑", "盲", "痴", "癫", "痫", "瘤", "肾", "肺", "肝", "疾", "疯", "瘸", "跛", "艾滋"}

// touchyLetters are the letters with which those words begin.
var touchyLetters = sync.OnceValue(func() map[rune]bool {
	all := map[rune]bool{}
	for _, word := range notNames {
		for _, r := range word {
			all[r] = true
			break
		}
	}
	return all
})

func saysMore(name string) bool {
	first := touchyLetters()
	for i, r := range name {
		if !first[r] {
			continue
		}
		for _, word := range notNames {
			if strings.HasPrefix(name[i:], word) {
				return true
			}
		}
	}
	return false
}

// inWords are the figures that names hold too (王十三); more than mostFigures of them are a number in words: 十三八五五….
const (
	inWords     = "〇零一二三四五六七八九十廿百千壹贰叁肆伍陆柒捌玖拾"
	mostFigures = 4
)

// nameProblem says what is wrong with a name to be published, as an i18n key.
func nameProblem(name string) string {
	if _, plain := maskedHan(name, Full); plain && !strings.Contains(name, "某") {
		if saysMore(name) {
			return "roster.cell.words"
		}
		return ""
	}
	letters, figures := 0, 0
	for _, r := range name {
		if strings.ContainsRune(inWords, r) {
			figures++
		}
		switch {
		case r == '*', r == '＊', r == '×', r == '某', r == '✱':
			return "roster.cell.masked"
		case r == '?', r == '？', r == '□', r == unicode.ReplacementChar, unicode.Is(unicode.Co, r):
			return "roster.cell.lost"
		case unicode.IsLetter(r), r == '〇':
			letters++
		case unicode.IsMark(r), unicode.IsSpace(r), isDot(string(r)), r == '\'':
		default:
			return "roster.cell.name"
		}
	}
	if strings.ContainsFunc(name, text.IsHan) {
		if pieces := strings.Fields(text.Clean(name)); len(pieces) > 1 && text.Len(pieces[0]) > 1 && text.Len(pieces[1]) > 1 {
			return "roster.cell.names"
		}
		if saysMore(name) {
			return "roster.cell.words"
		}
	}
	if letters < 2 || text.Len(name) > 30 || figures > mostFigures {
		return "roster.cell.name"
	}
	if n := []rune(name); len(n) > 4 && strings.ContainsRune("省市县区镇乡村组街路号栋室", n[len(n)-1]) {
		return "roster.cell.address"
	}
	return ""
}
