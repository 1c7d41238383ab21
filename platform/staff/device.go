package staff

import (
	"net/netip"
	"strings"
)

// sign is a part of a browser's name that tells what it is.
type sign struct{ part, word string }

// What is special stands before what everybody claims to be.
var (
	systems = []sign{
		{"HarmonyOS", "harmony"}, {"OpenHarmony", "harmony"}, {"iPad", "ipad"}, {"iPhone", "iphone"}, {"Android", "android"},
		{"Windows", "windows"}, {"Macintosh", "mac"}, {"CrOS", "linux"}, {"Linux", "linux"},
	}
	browsers = []sign{
		{"wxwork", "wxwork"}, {"MicroMessenger", "wechat"}, {"DingTalk", "dingtalk"}, {"Quark", "quark"}, {"UCBrowser", "uc"}, {"QQBrowser", "qq"},
		{"HuaweiBrowser", "huawei"}, {"MiuiBrowser", "xiaomi"}, {"Edg", "edge"}, {"Firefox", "firefox"}, {"FxiOS", "firefox"},
		{"Chrome", "chrome"}, {"CriOS", "chrome"}, {"Safari", "safari"},
	}
)

// Device says in two words, such as "windows/edge", with what somebody signed in;
// what is not known is "other". It is for telling one's own sessions apart and
// proves nothing.
func Device(agent string) string {
	return word(systems, agent) + "/" + word(browsers, agent)
}

func word(all []sign, agent string) string {
	for _, one := range all {
		if strings.Contains(agent, one.part) {
			return one.word
		}
	}
	return "other"
}

// Shorten keeps of an address what tells one network from another: 192.0.2.*, the
// first half of an IPv6 address; "local" is the machine itself.
func Shorten(address string) string {
	if p, err := netip.ParsePrefix(address); err == nil {
		address = p.Addr().String()
	}
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	a = a.Unmap().WithZone("")
	switch {
	case a.IsLoopback():
		return "local"
	case a.Is4():
		s := a.String()
		return s[:strings.LastIndexByte(s, '.')] + ".*"
	}
	p, err := a.Prefix(64)
	if err != nil {
		return ""
	}
	return p.String()
}
