package scan

import "strings"

// previews are words that stand in the User-Agent of messengers that look at an address which somebody sent, to show
// its title or to check it: nobody stood before the poster.
var previews = [...]string{
	"preview", "qq-url-manager", "qq-manager", "wechatshareextensionurl", "weixinbot", "dingtalkbot", "larkurl", "feishubot", "lark-bot",
	"facebookexternalhit", "whatsapp", "skypeuripreview", "embedly", "vkshare", "telegrambot", "twitterbot", "slackbot", "discordbot", "iframely",
}

// robots are words that stand in the User-Agent of programs that open addresses by themselves: crawlers, monitors and
// command-line tools. WeChat's own browser (MicroMessenger) is people.
var robots = [...]string{
	"bot", "spider", "crawl", "slurp", "archiver", "monitor", "uptime", "validator", "lighthouse",
	"mediapartners", "yandex", "headless", "phantomjs", "puppeteer", "playwright", "selenium",
	"curl/", "wget/", "httpie", "python", "go-http-client", "okhttp", "java/", "apache-httpclient", "axios", "node-fetch", "undici",
	"libwww", "ruby", "php/", "postman", "aiohttp", "scrapy", "zgrab", "masscan", "nmap",
}

// notRobots are devices whose names hold one of those words.
var notRobots = [...]string{"cubot"}

// Visitor tells from the User-Agent and the Purpose (or Sec-Purpose) header whether a visit counts as a Person's scan,
// as a Bot or as a Preview.
func Visitor(userAgent, purpose string) string {
	agent, purpose := strings.ToLower(userAgent), strings.ToLower(purpose)
	if strings.Contains(purpose, "prefetch") || strings.Contains(purpose, "prerender") || strings.Contains(purpose, "preview") {
		return Preview
	}
	if agent == "" {
		return Bot
	}
	for _, w := range notRobots {
		agent = strings.ReplaceAll(agent, w, "")
	}
	for _, w := range previews {
		if strings.Contains(agent, w) {
			return Preview
		}
	}
	for _, w := range robots {
		if strings.Contains(agent, w) {
			return Bot
		}
	}
	return Person
}
