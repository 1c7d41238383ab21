package text_test

import (
	"testing"

	"mashang/platform/text"
)

func TestCharactersOfOneScript(t *testing.T) {
	for _, tt := range []struct{ name, s, simplified, traditional string }{
		{"traditional text", "縣民政局 15 個工作日內確認、公里、若干、批准、批准、鑑定、台灣、公布", "", "縣個內確認鑑灣"},
		{"simplified text", "县民政局 15 个工作日内确认，瞭望、慰藉、乾隆", "县个内确认", ""},
		{"one that slipped in", "在村里公示，然后發給", "后", "發給"},
		{"the same in both", "低保、特困、老人、孩子", "", ""},
		{"English", "county office", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := text.OnlySimplified(tt.s); got != tt.simplified {
				t.Errorf("OnlySimplified = %q, want %q", got, tt.simplified)
			}
			if got := text.OnlyTraditional(tt.s); got != tt.traditional {
				t.Errorf("OnlyTraditional = %q, want %q", got, tt.traditional)
			}
		})
	}
}
