package place

import "strings"

// robots are words that stand in the User-Agent of programs that open addresses by themselves: crawlers, link
// previews and safety checks of messengers, and command-line tools. WeChat's own browser (MicroMessenger) is people.
var robots = [...]string{
	"bot", "spider", "crawl", "slurp", "archiver", "preview", "monitor", "uptime", "validator", "lighthouse",
	"facebookexternalhit", "whatsapp", "skypeuripreview", "embedly", "vkshare", "qq-url-manager", "qq-manager",
	"mediapartners", "yandex", "headless", "phantomjs", "puppeteer", "playwright", "selenium",
	"curl/", "wget/", "httpie", "python", "go-http-client", "okhttp", "java/", "apache-httpclient", "axios", "node-fetch", "undici",
	"libwww", "ruby", "php/", "postman", "aiohttp", "scrapy", "zgrab", "masscan", "nmap", "dingtalkbot", "larkurl",
}

// notRobots are devices whose names hold one of those words.
var notRobots = [...]string{"cubot"}

// Visitor tells from the User-Agent and the Purpose (or Sec-Purpose) header whether a visit counts as a person's scan
// or as a Bot: a program, a preview, or a page fetched ahead that nobody has looked at yet.
func Visitor(userAgent, purpose string) string {
	agent, purpose := strings.ToLower(userAgent), strings.ToLower(purpose)
	if agent == "" || strings.Contains(purpose, "prefetch") || strings.Contains(purpose, "prerender") || strings.Contains(purpose, "preview") {
		return Bot
	}
	for _, w := range notRobots {
		agent = strings.ReplaceAll(agent, w, "")
	}
	for _, w := range robots {
		if strings.Contains(agent, w) {
			return Bot
		}
	}
	return Scan
}
