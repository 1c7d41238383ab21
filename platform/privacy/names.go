package privacy

import "regexp"

var (
	// said is how a name is brought in on the phone, and the two or three characters after it.
	said = regexp.MustCompile(`(我叫|名叫|名字[是叫]?|姓名[是为]?|联系人[是为]?)([：: ]*)(\p{Han}{2,3})`)
	// titled is a family name with how one speaks to its bearer: 王大爷, 李桂芬女士.
	titled = regexp.MustCompile(`(^|[^\p{Han}]|[给是叫找让请问跟和])([` + surnames + `])(\p{Han}{0,2}?)(先生|女士|大爷|大娘|大妈|大叔|阿姨|师傅|同志|奶奶|爷爷)`)
)

// surnames are the commonest family names.
const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"

// Names takes out of a text the names that are brought in as such, and says how many it took. Nobody can find all names;
// what is kept of strangers' words goes through this besides Scrub.
func Names(s string) (string, int) {
	n := 0
	s = said.ReplaceAllStringFunc(s, func(m string) string {
		n++
		p := said.FindStringSubmatch(m)
		return p[1] + p[2] + scrubbed
	})
	s = titled.ReplaceAllStringFunc(s, func(m string) string {
		n++
		p := titled.FindStringSubmatch(m)
		return p[1] + scrubbed + p[4]
	})
	return s, n
}

// ScrubNames is Names without the count.
func ScrubNames(s string) string {
	s, _ = Names(s)
	return s
}
