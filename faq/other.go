package faq

import (
	"regexp"
	"strings"
)

// surnames are the family names that begin a name.
const surnames = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许吕张孔曹严魏陶姜谢邹苏潘葛范彭鲁韦袁柳唐薛贺倪汤罗郝康伍顾孟萧尹姚邵汪毛戴宋庞熊纪屈祝董梁杜阮蓝季贾江郭梅盛钟徐邱骆夏蔡田胡霍柯卢莫丁邓洪崔龚程陆侯武刘龙叶黎乔谭申冉牛庄廖耿曾"

var (
	// someone is a question with what may be somebody's name in it, and what it wants to know of them.
	someone = regexp.MustCompile(`(?:^|查|问|看|知道|把|告诉我|帮我|打听|说|听说|村的?|隔壁)(?:一下|下|看|查)?([` + surnames + `](?:某某?|\p{Han}{1,2}))(?:家|的|是不是|是否|领|吃|拿|有没有|每月|每个月|一个月).{0,10}(?:身份证|电话|手机|住址|住哪|存款|收入|银行|卡号|病|具体|多少|几百|几千|低保户|特困户|低保吗|低保没|有低保|家底|隐私|领(?:了|着)?(?:几|什么)|在吃)`)
	// area ends the name of a place or of a body, which is nobody's.
	area = regexp.MustCompile(`(村|镇|乡|县|市|省|区|组|屯|庄|街|路|寨|局|所|院|办)$`)
)

// ofSomeone tells whether the question asks after somebody by name. Many family names begin common words too (康复, 申请, 柳河):
// what stands in any stored text, or is a place, is no name.
func (t *turn) ofSomeone() bool {
	m := someone.FindStringSubmatch(t.asked.Han)
	if m == nil {
		return false
	}
	name := []rune(m[1])
	return t.elsewhereNamed() == "" && !area.MatchString(m[1]) && !t.c.knows(string(name[:2])) && !t.c.knows(m[1]) && !strings.Contains(t.a.gazette(t.atlas).all, string(name[:2]))
}
