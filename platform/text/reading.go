package text

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// surnames are the readings that characters have as the first of a name only (多音字姓氏).
const surnames = "单shan 仇qiu 曾zeng 解xie 区ou 朴piao 查zha 盖ge 任ren 华hua 覃qin 翟zhai 乐yue 员yun 缪miao 种chong 繁po 牟mou 尹yin 哈ha 冼xian 那na 折she 黑he 宓mi 庹tuo 逄pang 燕yan 应ying 宁ning 葛ge 洗xian 召shao 过guo 重chong 秘bi 柏bai 长zhang 祭zhai 句gou 阚kan 谌chen 隗wei 尉wei 万wan"

// givens are the readings that characters have in given names, where that is not their commonest.
const givens = "长chang 晟sheng 茜xi 朝chao 乐le 盛sheng 相xiang 调tiao 行xing 重chong 传chuan 兴xing 屏ping 堡bao 好hao 省sheng"

// pairs are surnames of two characters that are read as nothing else is.
var pairs = map[string][2]string{"尉迟": {"yu", "chi"}, "万俟": {"mo", "qi"}, "长孙": {"zhang", "sun"}, "单于": {"chan", "yu"}, "令狐": {"ling", "hu"}, "澹台": {"tan", "tai"}, "鲜于": {"xian", "yu"}, "宰父": {"zai", "fu"}, "亓官": {"qi", "guan"}}

// Readings lists how a character may be read, without tones, the commonest first.
func Readings(r rune) []string {
	if !IsHan(r) {
		return nil
	}
	all := pinyin.SinglePinyin(r, pinyin.Args{Style: pinyin.Normal, Heteronym: true})
	if first := Syllable(r); first != "" && (len(all) == 0 || all[0] != first) {
		all = append([]string{first}, all...)
	}
	var out []string
	for _, s := range all {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// SurnameReading is how a character is read that begins a name, "" when it is no surname of its own reading.
func SurnameReading(r rune) string { return listed(surnames, r) }

// GivenReading is how a character is read within a given name, "" when that is its commonest reading.
func GivenReading(r rune) string { return listed(givens, r) }

func listed(list string, r rune) string {
	if !IsHan(r) { // the readings themselves are letters
		return ""
	}
	_, after, found := strings.Cut(list, string(r))
	if !found {
		return ""
	}
	s, _, _ := strings.Cut(after, " ")
	return s
}

// PairReading is how the surname of two characters that begins a name is read, where that is unusual.
func PairReading(first, second rune) (a, b string, ok bool) {
	p, ok := pairs[string(first)+string(second)]
	return p[0], p[1], ok
}
