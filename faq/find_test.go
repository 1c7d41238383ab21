package faq

import (
	"slices"
	"testing"
)

func TestFindPutsTheProgrammeAmongTheFirstThree(t *testing.T) {
	a := shared(t)
	for _, tt := range []struct{ words, want string }{
		// names and parts of names
		{"最低生活保障", "dibao"}, {"低保", "dibao"}, {"特困", "tekun"}, {"高龄津贴", "gaoling"}, {"临时救助", "linshi_jinan"}, {"孤儿", "guer"}, {"法律援助", "falv"}, {"公租房", "zf_gongzu"},
		// as people say it
		{"吃低保", "dibao"}, {"五保户", "tekun"}, {"老人没人管没儿没女", "tekun"}, {"上高中交不起学费", "jy_gaozhong"}, {"考上大学没钱交学费", "jy_gaodeng"}, {"幼儿园的补助", "jy_xueqian"},
		{"看病花光了积蓄", "yb_yishen"}, {"住院报销以后还是付不起", "yb_zhijie"}, {"医保谁帮交", "yb_canbao"}, {"房子要倒了", "zf_weifang"}, {"租房子有补贴吗", "zf_zulin"},
		{"发大水把家冲了", "zai_yingji"}, {"冬天没粮没棉被", "zai_dongchun"}, {"没工作了想找个活", "jiuye_rending"}, {"村里扫地的岗位", "jiuye_gongyi"}, {"人走了火化的钱", "binzang"},
		{"腿脚残疾有什么钱", "can_shenghuo"}, {"瘫痪在床要人伺候", "can_huli"}, {"孩子自闭症做康复", "can_kangfu"}, {"轮椅", "can_kangfu"}, {"八十岁老人的钱", "gaoling"}, {"失能老人护理", "shineng"},
		{"爹妈坐牢孩子没人养", "shishi"}, {"街上要饭的", "liulang"}, {"打官司请不起律师", "falv"}, {"收入比低保高一点点", "dibian"}, {"花钱太多家里垮了", "gangxing"}, {"急用钱", "linshi_jinan"},
		{"菜价涨了的补贴", "jiage"}, {"怕再返贫", "fangfan"}, {"红十字会能帮吗", "cishan"},
		// typos and words that sound alike
		{"底保", "dibao"}, {"抵保申请", "dibao"}, {"特因供养", "tekun"}, {"零时救助", "linshi_jinan"}, {"高玲补贴", "gaoling"}, {"连租房", "zf_gongzu"}, {"大并救助", "yb_yishen"},
		// pinyin
		{"dibao", "dibao"}, {"di bao", "dibao"}, {"tekun", "tekun"}, {"wubaohu", "tekun"}, {"gaolingjintie", "gaoling"}, {"linshijiuzhu", "linshi_jinan"}, {"gongzufang", "zf_gongzu"},
		// Traditional
		{"低保申請", "dibao"}, {"特困人員", "tekun"}, {"殘疾人護理補貼", "can_huli"}, {"臨時救助", "linshi_jinan"}, {"危房改造", "zf_weifang"}, {"醫療救助", "yb_yishen"}, {"高齡老人", "gaoling"},
		// English
		{"minimum living allowance", "dibao"}, {"orphan", "guer"}, {"legal aid", "falv"}, {"disabled child wheelchair", "can_kangfu"}, {"school fees", "jy_yiwu"}, {"temporary assistance", "linshi_jinan"}, {"old age allowance", "gaoling"},
	} {
		t.Run(tt.words, func(t *testing.T) {
			got := a.Find(tt.words)
			if !slices.Contains(got[:min(3, len(got))], tt.want) {
				t.Errorf("Find = %v, want %s among the first three", got, tt.want)
			}
		})
	}
}

func TestFindFindsNothingInNothing(t *testing.T) {
	a := shared(t)
	for _, words := range []string{"", "x", "区块链挖矿", "qwertyuiop", "今天天气", "🙂", "的"} {
		if got := a.Find(words); len(got) > 0 {
			t.Errorf("Find(%q) = %v", words, got)
		}
	}
}
