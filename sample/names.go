package sample

import (
	"math/rand/v2"
	"strings"
)

// Surnames by how often they occur, and characters of given names as people above fifty bear them. All persons are
// invented; names are drawn, and those of well-known people are thrown away.
const (
	surnames = "王王王王李李李李张张张张刘刘刘陈陈陈杨杨赵赵黄黄周周吴吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
	firsts   = "秀桂玉淑凤春金永长广德志建文庆兴守克传洪润有福宝来新树根同家立世正学忠孝善云月彩爱素翠巧香银连继承相怀景增荣祥瑞顺良"
	women    = "兰英芳珍荣华梅莲香琴云霞娥凤芝芬花枝菊萍平娟玲环珠翠燕秋美清仙"
	men      = "山海河林森田根柱才财贵福禄寿喜祥庆民军胜利成功义仁礼信忠厚良善明亮东南平安全生发兴旺堂臣远"
	singles  = "兰英芳珍梅莲琴霞娥芝芬菊萍娟玲翠山海林森根柱贵福祥庆忠良明亮平安全生旺远"
)

// wellKnown are names of public figures that the tables above could make.
const wellKnown = " 李春生 王明 王芳 王平 李平 李明 李亮 李芳 李玲 李娟 张兰 张明 张平 张玲 张琴 张海 张林 张山 张亮 张军 刘明 刘芳 刘英 刘海 刘欢 刘平 刘军 " +
	" 陈明 陈平 陈海 陈军 陈山 陈云 杨明 杨澜 杨平 杨林 杨兰 赵海 赵军 赵云 黄海 黄明 黄平 黄英 周明 周平 周海 吴平 吴明 吴琴 徐海 徐明 孙海 孙平 孙英 胡军 胡海 胡兰 朱军 朱明 朱德 " +
	" 马云 马明 高明 高山 高亮 林彪 林森 林海 何平 郭明 罗平 罗英 梁山 梁英 宋平 宋英 宋祖英 韩英 韩红 冯巩 董明 曹平 袁立 邓亚萍 许世友 傅山 沈明 彭德怀 彭丽媛 吕布 苏明 卢平 蔡琴 蔡明 " +
	" 贾平凹 丁玲 丁海 魏明 薛平 叶剑英 余秋雨 潘安 杜甫 夏雨 汪明荃 田海 任平生 方海 石平 姚明 金山 陆毅 孔明 白居易 秦明 史玉柱 顾城 邵逸夫 孟海 龙平平 雷军 钱永健 武平 " +
	" 王宝来 王宝强 李宝山 李连杰 李世民 李玉刚 李立三 李立群 李德生 李克明 李长春 王学兵 王志文 王志东 王文明 张爱玲 张爱萍 张志新 张学良 张学友 张国立 张志忠 张春桥 张玉宁 刘德华 刘永好 刘翠霞 刘正风 刘金山 刘玉玲 " +
	" 陈永贵 陈宝国 陈德容 陈建功 杨玉环 杨德昌 杨金花 赵志忠 赵忠祥 赵玉平 周永康 周立波 周立平 周瑞 吴玉章 吴承恩 吴文俊 徐世昌 徐志摩 孙立人 孙正义 朱德海 高金素梅 林志玲 林志颖 何香凝 郭德纲 郭明义 马德华 马金凤 马连良 梁家辉 宋世雄 " +
	" 郑成功 郑秀文 唐伯虎 冯玉祥 董建华 曹德旺 许家印 彭玉 金庸 陆学忠 白玉堂 崔永元 毛新宇 文天祥 石广生 常香玉 贺新 武大靖 尹正 范志毅 王建林 王健林 "

// namer draws names.
type namer struct {
	draw                               *rand.Rand
	surname, first, woman, man, single []rune
}

func newNamer(draw *rand.Rand) *namer {
	return &namer{draw, []rune(surnames), []rune(firsts), []rune(women), []rune(men), []rune(singles)}
}

// name draws a name that is not in taken, and notes it there.
func (n *namer) name(taken map[string]bool) string {
	for {
		s := string(n.pick(n.surname))
		switch k := n.draw.IntN(10); {
		case k < 2:
			s += string(n.pick(n.single))
		case k < 6:
			s += string(n.pick(n.first)) + string(n.pick(n.woman))
		default:
			s += string(n.pick(n.first)) + string(n.pick(n.man))
		}
		if r := []rune(s); taken[s] || len(r) == 3 && r[1] == r[2] || strings.Contains(wellKnown, " "+s+" ") {
			continue
		}
		taken[s] = true
		return s
	}
}

func (n *namer) pick(from []rune) rune { return from[n.draw.IntN(len(from))] }
