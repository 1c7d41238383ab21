package roster_test

import (
	"testing"

	"mashang/aid/roster"
)

func TestMasksShowWhatTheRuleLets(t *testing.T) {
	for _, tt := range []struct{ name, whole, middle, surname string }{
		{"three characters", "张建明", "张*明", "张**"},
		{"two characters", "王芳", "王*", "王*"},
		{"four characters", "张王建明", "张**明", "张***"},
		{"compound surname", "欧阳建明", "欧阳*明", "欧阳**"},
		{"compound surname, one given character", "欧阳明", "欧阳*", "欧阳*"},
		{"compound surname alone is a surname and a given name", "欧阳", "欧*", "欧*"},
		{"compound surname, Traditional", "歐陽建明", "歐陽*明", "歐陽**"},
		{"rare character beyond the basic plane", "𫞩𤩽明", "𫞩*明", "𫞩**"},
		{"variation selector stays with its character", "葛\U000E0100明亮", "葛\U000E0100*亮", "葛\U000E0100**"},
		{"with a dot", "阿卜杜拉·买买提", "阿***·**提", "阿***·***"},
		{"other letters", "Anna Li", "A*** *i", "A*** **"},
		{"one letter", "王", "*", "*"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for mask, want := range map[roster.Mask]string{roster.Full: tt.whole, roster.Middle: tt.middle, roster.Surname: tt.surname} {
				if got := roster.Masked(tt.whole, mask); got != want {
					t.Errorf("Masked(%s, %s) = %s, want %s", tt.whole, mask, got, want)
				}
			}
		})
	}
}

func TestProgrammesThatAreNeverPublished(t *testing.T) {
	for programme, want := range map[string]string{
		"guer": "roster.never.children", "shishi": "roster.never.children", "liulang": "roster.never.rescue", "jy_yiwu": "roster.never.children",
		"dibao": "", "tekun": "", "linshi_zhichu": "",
	} {
		if got := roster.Publishable(programme); got != want {
			t.Errorf("Publishable(%s) = %q, want %q", programme, got, want)
		}
	}
}
