package danger

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// said are ways of saying that somebody is in danger, by class, as people of
// several regions and languages put it.
const said = `
suicide: 我不想活了;活着没意思;我想死;我要跳楼;我要自杀;死了算了;撑不下去了;没人管我我去死;不想在这个世界上了;我想结束自己的生命;遗书写好了;俺想死;老子不想活了;我唔想做人;死咗好过;我撑不住了;I want to die;I am going to end my life;wo xiang si;我媳妇要喝药;喝了百草枯怎么办;她站在桥上要往下跳;我女儿割腕自杀了;活着还有什么意思;不如死了好;我老伴走了我也不想活;I can't do this anymore, I want to die;我買了安眠藥 今晚食晒佢;俺娘喝老鼠药了;活受罪 死了干净;没有活下去的勇气了;人生冇意思 想一了百了;我爸要上吊;我不想再拖累家里了 我走了你们好好过;媳妇抱着娃要跳河;把药都吃了 不想醒;think about suicide every day;he is going to jump off the bridge;my wife swallowed pesticide;我得了癌症 不想治了 想早点走;得了这病不如早死;儿子没了 我也不想活了;跳楼了;有人跳河;没脸见人 只有死;huo zhe mei yi si;wo bu xiang huo le;老天爷收了我吧;我真的熬不下去了
dv: 我老公打我;我被家暴;他拿刀要砍我;他掐我脖子;我被关起来了;我妈打我;he hits me;my husband beats me every day;丈夫喝醉了打我和孩子;俺男人要打死俺;前夫又来家里打我;我爸喝酒打我妈;媳妇打婆婆;儿媳妇不给我饭吃;老公不让我出门把我锁屋里;我男朋友威胁要杀我;被老公打断了手;他又动手了;我儿子要打死我;女婿打我闺女;老公赌钱输了就打我;我屋里头的男人天天打我;佢打我;爸爸用皮带抽我;我后妈用烟头烫我;my dad hits me;he threatened to kill me;my boyfriend choked me;I'm scared of my husband, he beats me;老婆打我打得流血;nan ren da wo;我偷着发的 他在旁边 他打我
assault: 有人要杀我;有人闯进我家;我被强奸了;有人绑架我;被骗到传销了;有人拿刀追我;债主要砍我;老板扣着身份证不让走;有人摸我女儿;邻居猥亵我孙女;被人抢了;someone broke into my house;I was sexually assaulted;a man is following me;被人下药了;黑砖窑把我关着干活;有个男的一直跟着我;老师摸我;they won't let us leave the factory;放高利贷的堵门要打人;村霸带人打我;有人持刀;被人打伤了;打架打得头破血流
hunger: 家里没米了;没饭吃了;饿了两天;孩子没奶粉;没钱吃饭了;饿得走不动;家里断粮了;揭不开锅了;娃饿得哭;we are starving;冇饭食;冇钱食饭;没得饭吃;两天没吃东西;从昨天到现在没吃一口;老人没饭吃;一分钱没有了 孩子饿着;三天冇食嘢;昨天就没吃的了;只能喝凉水;没吃没喝;my children are hungry;I have no money for food;no milk for my baby;吃的都没了;好几天没米下锅;已经断顿了;没钱买米;俺娘俩饿着呢;we have nothing to eat;mei fan chi;饿坏了 救救我
shelter: 没地方去;流落街头;身上没钱回不了家;睡公园;被赶出家门;钱包被偷了回不去;无家可归;我在火车站没钱;冻得受不了;my house collapsed;儿子把我赶出来了;今晚睡哪;没处去了;今晚住哪里都不知道;在桥底下睡;外面下雪我没地方去;房东把东西扔出来了;带着孩子没地方住;被婆家赶出来带着娃;困在外地没钱了;I'm sleeping on the street;my landlord threw us out;nowhere to go tonight with two kids;没房子住睡车里;出租屋被停租 今晚没处住;我跟孩子在车站过夜;没钱买票回不去家
medical: 心口痛得厉害;喘不上气;晕倒了;昏迷不醒;血流不止;我妈突然倒地;没呼吸了;心脏病发作;我爸中风了;快生了;难产;被车撞了;煤气中毒;掉井里了;喝了老鼠药;被蛇咬了;触电了;突然说不出话;my mother collapsed;my son is having a seizure;老人突然半边身子动不了;小孩吞了电池;娃烧到40度抽了;肚子疼得打滚;大出血了;吃了毒蘑菇;人快不行了;叫不醒了;我妈没气了;孩子噎住了;掉河里了;救命;出车祸了人在流血;she is bleeding heavily;I think he had a heart attack;my wife is in labour;医院不给救 人快没了;心跳停了;突然胸痛出冷汗;吐了好多血;孩子抽筋翻白眼;喝农药了快救人
child: 孩子不见了;孩子被拐了;小孩被打;孩子没人管 饿着;孩子被关在家里;捡到一个孩子;爸妈不要我了;继父摸我;门口有个弃婴;我儿子丢了;孩子被人抱走了;女儿离家出走了;邻居虐待孩子;孩子被爸爸打得身上都是伤;my daughter is missing;I found a baby on the doorstep;两个孩子被锁在家里没人管;幼儿园老师打孩子;她把刚生的孩子扔了;我才12岁 爸爸打我;妈妈跑了爸爸也不管我 我一个人在家没饭吃;孩子放学没回来;想把娃卖了;the neighbour beats his child;孩子走失了;有小孩在路边哭 没大人
elder: 老人不见了;奶奶丢了;老人摔倒了;独居老人几天没见;老人被打;儿子不养我还打我;老人被遗弃;爷爷走失了;我妈老年痴呆找不到了;我爸出门没回来;我摔了起不来;养老院虐待老人;护工打我爸;my grandpa is missing;an old man fell and cannot get up;邻居家老太太好几天没动静;家里有臭味敲门没人应;有个老人迷路了;老伴走丢了;娘走失一天了;我婆婆不见了 她有痴呆;儿子把我丢在医院不管了;阿公唔见咗;敬老院不给老人饭吃;老人倒在地上没人扶
gas_fire: 煤气泄漏;着火了;房子着火;房子要塌了;山体滑坡;洪水来了;水进屋了;被困在楼上;地震了房子倒了;电线冒火花;房子被洪水冲走了 没地方去;家里冒烟了;墙裂了要倒;厨房着火;闻到煤气味;gas leak;fire in the building;our house is flooding;起火了;失火了;山上着火;泥石流冲下来了;房顶掉下来砸到人;水漫上来了;被洪水困住;隔壁着火了;土墙塌了压住人;大水进村了;fire!;房塌了人在里面;救火;煤气罐着火;屋里都是煤气味
`

// calm are questions with the same words in them and no danger.
const calm = `
低保怎么申请
高龄津贴多少钱
我要死了这么多材料
老人去世丧葬费怎么领
孤儿补助多少
残疾证怎么办
火化要多少钱
煤气费能减免吗
老公去世了能领低保吗
儿子打工去了算家庭成员吗
打电话没人接
打官司没钱
房子漏雨能补吗
住院花了三万能报吗
我爸中风后遗症能办残疾证吗
孩子上学没钱
没钱看病怎么办
没钱交学费
水费减免
发大水之后救灾款怎么领
家里穷得很 能吃低保不
老人没人管 能进敬老院吗
小孩没人带有补贴吗
离家出走的媳妇算家庭人口吗
老公坐牢了孩子能领钱吗
我妈瘫痪在床有补贴吗
摔断腿不能干活 能申请临时救助吗
网上说跳广场舞有补贴
残疾人跳楼价轮椅
累死累活一个月才八百
气死人了跑了三趟
忙死了没空去办
急死我了 什么时候到账
冬天暖气不热
丢了低保证怎么补
身份证丢了怎么办
医保卡丢了
存折找不到了
我的申请没消息
电话一直没人接
审核的人还没来
名单上有死人
死了三年的人还在领
家里房子塌过一回 去年
what is the dibao standard
how do I apply for old-age allowance
who can get disability subsidy
my husband died, can I get dibao
can I get help with hospital bills
is there help for heating
老人走路不稳 能装扶手吗
吃不起药有补助吗
娃他爹打零工 收入咋算
两口子打架 村里管吗
村里打井有补贴没
下雨天路滑
孩子没户口能办低保吗
一个人在家养鸡算收入吗
火车票能报销吗
家里着急用钱
不活动的账户
离婚后孩子归我 能办低保吗
房租交不起有补贴吗
我家的井没水了
房子裂缝了能申请危房改造吗
老人八十了没人照顾
儿子不给赡养费怎么办
他们不给办低保
不让我申请
不让走程序
说我不够条件不给办
没吃低保的能申请临时救助吗
困难户没房子怎么申请
死缓犯家属能低保吗
自杀的人火化费减免吗
农药钱算支出吗
父母双亡的孩子怎么认定
孩子爸爸死了妈妈跑了
残疾人没人照顾有护理补贴吗
`

func TestDangerIsRecognised(t *testing.T) {
	for _, line := range strings.Split(strings.TrimSpace(said), "\n") {
		class, list, _ := strings.Cut(line, ": ")
		for _, question := range strings.Split(list, ";") {
			t.Run(class+"/"+question, func(t *testing.T) {
				if got := Recognise(question); got == "" {
					t.Errorf("Recognise(%q) = none, want %s", question, class)
				}
			})
		}
	}
}

func TestWhatOnlySoundsLikeDangerIsNone(t *testing.T) {
	for _, question := range strings.Split(strings.TrimSpace(calm), "\n") {
		t.Run(question, func(t *testing.T) {
			if got := Recognise(question); got != "" {
				t.Errorf("Recognise(%q) = %s, want none", question, got)
			}
		})
	}
}

func TestClass(t *testing.T) {
	for _, tt := range []struct{ question, want string }{
		{"我不想活了，药都买好了", Suicide},
		{"老公又打我", Violence},
		{"家里着火了", GasFire},
		{"我妈昏迷了叫不醒", Medical},
		{"有人拿刀追我", Assault},
		{"三天没吃饭了", Hunger},
		{"今晚没地方住", Shelter},
		{"孩子走丢了", Child},
		{"奶奶走丢了", Elder},
		{"不想活了，家里还着火", Suicide},
	} {
		t.Run(tt.question, func(t *testing.T) {
			if got := Recognise(tt.question); got != tt.want {
				t.Errorf("Recognise(%q) = %q, want %q", tt.question, got, tt.want)
			}
		})
	}
}

func TestSpacingWidthAndScriptDoNotHideDanger(t *testing.T) {
	for _, question := range []string{"我 不 想 活 了", "我，不想。活了！", "我不想活了😭", "１２３我不想活了", "我不想活瞭", "I DON’T WANT TO LIVE", "BU XIANG HUO LE"} {
		if Recognise(question) != Suicide {
			t.Errorf("Recognise(%q) = %q, want %s", question, Recognise(question), Suicide)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	f.Add("我不想活了")
	f.Add("\xff\x00don’t want to live")
	f.Fuzz(func(t *testing.T, question string) {
		got := Recognise(question)
		if got != "" && !utf8.ValidString(got) {
			t.Fatal(got)
		}
	})
}

func BenchmarkRecognise(b *testing.B) {
	for b.Loop() {
		Recognise("请问低保怎么申请，我家在农村，户口在外地，要带哪些材料")
	}
}
