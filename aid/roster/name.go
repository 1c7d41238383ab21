package roster

import (
	"strings"
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
		two := text.Simplify(letters[0] + letters[1])
		for one := range strings.FieldsSeq(compound) {
			if one == two {
				return 2
			}
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
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || r == '〇' {
			return r
		}
		return -1
	}, text.Fold(name))
}

// notNames are words that no name has: they say more about a person than the law lets be published.
var notNames = []string{"监护", "代领", "代办", "之父", "之母", "之子", "之女", "之妻", "之夫", "父亲", "母亲", "儿子", "女儿", "妻子", "丈夫", "配偶", "孤儿",
	"癌", "病", "残", "瘫", "症", "聋", "哑", "智障", "精神", "未成年", "身份", "电话", "手机", "账号"}

// nameProblem says what is wrong with a name to be published, as an i18n key.
func nameProblem(name string) string {
	letters := 0
	for _, r := range name {
		switch {
		case r == '*', r == '＊', r == '×', r == '某', r == '✱':
			return "roster.cell.masked"
		case r == '?', r == '？', r == '□', r == unicode.ReplacementChar, unicode.Is(unicode.Co, r):
			return "roster.cell.lost"
		case unicode.IsLetter(r), r == '〇':
			letters++
		case unicode.IsMark(r), isDot(string(r)), r == '\'':
		default:
			return "roster.cell.name"
		}
	}
	if strings.ContainsFunc(name, text.IsHan) {
		if pieces := strings.Fields(text.Clean(name)); len(pieces) > 1 && text.Len(pieces[0]) > 1 && text.Len(pieces[1]) > 1 {
			return "roster.cell.names"
		}
		for _, word := range notNames {
			if strings.Contains(name, word) {
				return "roster.cell.words"
			}
		}
	}
	if letters < 2 || text.Len(name) > 30 {
		return "roster.cell.name"
	}
	if n := []rune(name); len(n) > 4 && strings.ContainsRune("省市县区镇乡村组街路号栋室", n[len(n)-1]) {
		return "roster.cell.address"
	}
	return ""
}
