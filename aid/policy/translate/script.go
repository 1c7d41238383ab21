package translate

import (
	"mashang/i18n"
	"mashang/platform/text"
)

// Strange are the characters of s that do not belong into a text in l.
func Strange(s string, l i18n.Lang) string {
	switch l {
	case i18n.Hans:
		return text.OnlyTraditional(s)
	case i18n.Hant:
		return text.OnlySimplified(s)
	}
	return ""
}

func hasHan(s string) bool {
	for _, r := range s {
		if text.IsHan(r) {
			return true
		}
	}
	return false
}
