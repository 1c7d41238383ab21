package faq

import (
	"regexp"
	"strings"

	"mashang/i18n"
)

var (
	// hearsay are words of who has heard of something and wants it confirmed.
	hearsay = regexp.MustCompile(`听说|据说|听人|有人说|网上(说|看)|抖音|快手|群里|都说|说是|(是|对|真)(吧|吗|不|么)$|是真的|真的假的|有没有这(回|个)?事|\b(i heard|is it true|they say|someone told me)\b`)
	// figure is a sum of money that somebody has heard of.
	figure = regexp.MustCompile(`(标准|每月|每人|每年|每次|一个月|一年|一次|最高|最多|最低|至少|发|给|补|涨到)(是|为|有|到|了|能|可以|领|拿|发|给)*(\d{2,}|[一二两三四五六七八九][百千万][一二三四五六七八九十百千]*) ?(多|来)?(元|块|yuan)`)
	// benefit is a thing somebody would get, with what is said to be its name in front.
	benefit = regexp.MustCompile(`(\p{Han}\p{Han})(补贴|补助|津贴|奖励|奖金|红包|福利|返现|补偿)`)
	// plain begin no name.
	plainBefore = regexp.MustCompile(`[的了有没个些种么啥领能给发拿要吃这那哪什此该和跟与及或是不还也都在到去来我你他俺咱您]|国家|政府|困难|生活|村里|镇里|县里|老人|孩子|学生|农村|城市|现在|每月|护理|申请|享受|办理|救助|临时|两项|其他|别的|一样|高龄|残疾|医疗|教育|住房`)
)

// invented answers a question for something that no stored text knows: with that, and not with what sounds alike.
func (t *turn) invented() (Reply, bool) {
	heard := hearsay.MatchString(t.asked.Folded)
	for _, m := range benefit.FindAllStringSubmatch(t.asked.Han, -1) {
		if plainBefore.MatchString(m[1]) || t.c.knows(m[0]) || t.c.knows(m[1]) && !heard {
			continue
		}
		if heard || len(t.named.Programmes) == 0 {
			return t.refuse("refuse.invented", t.contact("minzheng")), true
		}
	}
	if figure.MatchString(t.asked.Folded) && (heard || t.wants("how_much")) && len(t.named.Programmes) > 0 && !t.named.Hinted {
		return t.amounts(t.meant()), true // a wrong figure is put right by the right one
	}
	if !heard || t.named.Hinted || t.asked.Han == "" || len(t.aspects) > 0 && !t.wants("appeal") {
		return Reply{}, false
	}
	hits := t.c.indexes[i18n.Hans].Search(hearsay.ReplaceAllString(t.asked.Folded, " "), 1)
	if len(hits) > 0 && hits[0].Cover >= .5 {
		return Reply{}, false
	}
	return t.refuse("refuse.invented", t.contact("minzheng")), true
}

// knows tells whether some words stand anywhere in what is stored.
func (c *corpus) knows(words string) bool { return strings.Contains(c.words(), words) }
