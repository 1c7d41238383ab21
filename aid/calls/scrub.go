package calls

import (
	"regexp"
	"strings"

	"mashang/platform/privacy"
	"mashang/platform/text"
)

// Removed counts what was taken out of a text before it was kept.
type Removed struct{ Numbers, Names, Addresses int }

// Any tells whether something was.
func (r Removed) Any() bool { return r.Numbers+r.Names+r.Addresses > 0 }

const gone = "＊"

var (
	// said is how a name is brought in on the phone, and the two or three characters after it.
	said = regexp.MustCompile(`(我叫|名叫|名字[是叫]?|姓名[是为]?|联系人[是为]?)([：: ]*)(\p{Han}{2,3})`)
	// titled is a family name with how one speaks to its bearer: 王大爷, 李桂芬女士.
	titled = regexp.MustCompile(`(^|[^\p{Han}]|[给是叫找让请问跟和])([` + surnames + `])(\p{Han}{0,2}?)(先生|女士|大爷|大娘|大妈|大叔|阿姨|师傅|同志|奶奶|爷爷)`)
	mails  = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)
)

// surnames are the commonest family names.
const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"

// Scrub takes out of a text what names a person: numbers of seven digits and more, names that are brought in as such,
// mail addresses. It says how many of each it took.
func Scrub(s string) (string, Removed) {
	var r Removed
	s = text.Clean(s)
	had := strings.Count(s, gone)
	s = mails.ReplaceAllStringFunc(s, func(string) string { r.Addresses++; return gone })
	s = said.ReplaceAllStringFunc(s, func(m string) string {
		r.Names++
		p := said.FindStringSubmatch(m)
		return p[1] + p[2] + gone
	})
	s = titled.ReplaceAllStringFunc(s, func(m string) string {
		r.Names++
		p := titled.FindStringSubmatch(m)
		return p[1] + gone + p[4]
	})
	s = privacy.Scrub(s)
	r.Numbers = max(0, strings.Count(s, gone)-had-r.Names-r.Addresses)
	return s, r
}
