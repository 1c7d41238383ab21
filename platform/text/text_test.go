package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"mashang/platform/text"
)

func TestFold(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"traditional", "請問低保怎麼辦理", "请问低保怎么办理"},
		{"full width and case", "ＡＢＣ１２３ Dibao", "abc123 dibao"},
		{"著 and 着", "住著", "住着"},
		{"broken bytes go", "低\xff保", "低保"},
		{"nothing", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := text.Fold(tt.in); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestCleanDropsWhatNobodyTypes(t *testing.T) {
	if got := text.Clean(" 低\u200b保\x00  多少\n\t钱\u202e "); got != "低保 多少 钱" {
		t.Errorf("Clean = %q", got)
	}
}

func TestCutCountsItsMark(t *testing.T) {
	if got := text.Cut("一二三四五六", 5); got != "一二三……" {
		t.Errorf("Cut = %q", got)
	}
	if got := text.Cut("一二三", 3); got != "一二三" {
		t.Errorf("Cut = %q", got)
	}
}

func TestScripts(t *testing.T) {
	for _, tt := range []struct{ name, in, han, latin string }{
		{"both", "我家 4 口人, wifi坏了", "我家4口人wifi坏了", "4 wifi"},
		{"no Chinese", "near-dibao  family", "", "near dibao family"},
		{"only marks", "……?!", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if han, latin := text.Scripts(tt.in); han != tt.han || latin != tt.latin {
				t.Errorf("Scripts(%q) = %q, %q, want %q, %q", tt.in, han, latin, tt.han, tt.latin)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"Han and digits join", "2月3日", "2 月 3 日"},
		{"punctuation parts", "低保。多少", "低 保 / 多 少"},
		{"space parts Han", "低保 多少", "低 保 / 多 少"},
		{"space joins words", "help paying rents", "help pay rent"},
		{"hyphen joins words", "near-dibao family", "near dibao famili"},
		{"decimal point inside", "1.5倍", "1.5 倍"},
		{"possessive", "my mother's", "my mother"},
		{"word then Han", "dibao低保", "dibao 低 保"},
		{"only marks", "……？！", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			text.Tokens(text.Fold(tt.in), func(token string, kind text.Kind) bool {
				if kind == text.Break {
					token = "/"
				}
				got = append(got, token)
				return true
			})
			if s := strings.TrimSuffix(strings.Join(got, " "), " /"); s != tt.want {
				t.Errorf("Tokens(%q) = %q, want %q", tt.in, s, tt.want)
			}
		})
	}
}

func TestTokensStopWhenTold(t *testing.T) {
	n := 0
	text.Tokens("低保多少钱", func(string, text.Kind) bool { n++; return n < 2 })
	if n != 2 {
		t.Errorf("yield called %d times, want 2", n)
	}
}

func TestPinyin(t *testing.T) {
	if got := text.Pinyin("低保 abc补贴"); got != "di bao abc bu tie" {
		t.Errorf("Pinyin = %q", got)
	}
	if text.Loose("zheng") != text.Loose("zen") || text.Loose("lan") != text.Loose("nang") {
		t.Error("Loose keeps apart what is said alike")
	}
}

func TestNumeral(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want int
		ok   bool
	}{
		{"四十七", 47, true}, {"十", 10, true}, {"十三", 13, true}, {"一百零三", 103, true}, {"二〇二六", 2026, true},
		{"12", 12, true}, {"两千", 2000, true}, {"三万五千", 35000, true}, {"万", 0, false}, {"低保", 0, false}, {"", 0, false}, {"-3", 0, false},
	} {
		if got, ok := text.Numeral(tt.in); ok != tt.ok || ok && tt.want != 0 && got != tt.want {
			t.Errorf("Numeral(%q) = %d, %v, want %d, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("請問①ＡＢ低保\xff\u200b")
	f.Add("İstanbul ﷺ Å ㋀ ﬁ")
	f.Fuzz(func(t *testing.T, s string) {
		once := text.Fold(s)
		if !utf8.ValidString(once) {
			t.Fatalf("Fold(%q) is not UTF-8", s)
		}
		if text.Fold(once) != once {
			t.Fatalf("Fold(%q) = %q, folded again %q", s, once, text.Fold(once))
		}
		if clean := text.Clean(s); text.Clean(clean) != clean {
			t.Fatalf("Clean(%q) is not settled", s)
		}
		text.Tokens(once, func(token string, kind text.Kind) bool {
			if (token == "") != (kind == text.Break) {
				t.Fatalf("token %q of kind %d", token, kind)
			}
			return true
		})
		text.Numeral(s)
		text.Pinyin(once)
	})
}

func TestFoldIsSettledForEveryCharacter(t *testing.T) {
	for r := rune(0x80); r < 0x10000; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		if once := text.Fold(string(r)); text.Fold(once) != once {
			t.Errorf("Fold(%q) = %q, folded again %q", r, once, text.Fold(once))
		}
	}
}
