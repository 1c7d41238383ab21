package text_test

import (
	"slices"
	"testing"

	"mashang/platform/text"
)

func TestReadingsOfNames(t *testing.T) {
	if got := text.Readings('行'); len(got) < 2 || got[0] != "xing" || !slices.Contains(got, "hang") {
		t.Errorf("行 = %v", got)
	}
	if text.Readings('a') != nil || text.SurnameReading('张') != "" || text.GivenReading('明') != "" {
		t.Error("a reading is made up")
	}
	for r, want := range map[rune]string{'单': "shan", '仇': "qiu", '曾': "zeng", '解': "xie", '查': "zha"} {
		if got := text.SurnameReading(r); got != want {
			t.Errorf("%c = %s, want %s", r, got, want)
		}
	}
	if got := text.GivenReading('长'); got != "chang" {
		t.Errorf("长 in a given name = %s", got)
	}
	if a, b, ok := text.PairReading('尉', '迟'); !ok || a != "yu" || b != "chi" {
		t.Errorf("尉迟 = %s %s", a, b)
	}
	// Every reading that is listed is one the character has.
	for _, r := range "单仇曾解区朴查盖任华覃翟乐员缪长晟茜朝盛相调重传" {
		for _, one := range []string{text.SurnameReading(r), text.GivenReading(r)} {
			if one != "" && !slices.Contains(text.Readings(r), one) {
				t.Errorf("%c: %s is not among %v", r, one, text.Readings(r))
			}
		}
	}
}
