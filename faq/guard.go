package faq

import (
	"regexp"

	"mashang/platform/privacy"
)

// commands are words to a machine. In a policy they can only have been planted.
var commands = regexp.MustCompile(`(?i)(忽略|无视|無視|忘记|忘記|忘掉|抛开|拋開|不要管|不要理|绕过|繞過|推翻|覆盖|覆蓋)(掉|了)?(你|您|之前|以前|前面|上面|以上|先前|上述|所有|一切|全部|系统|系統|原来|原來|内置|內置|安全|的|任何)*(规则|規則|指令|指示|设定|設定|提示词?|提示詞|限制|约束|約束|要求)|(系统|系統)(提示|消息|指令)[词詞]?|(你|您)现在(起)?(是|扮演|必须|要)|(你|您)現在(起)?(是|扮演|必須|要)|从现在(起|开始)[，,]?(你|您)|從現在(起|開始)[，,]?(你|您)|(请|請)?(扮演|假装|假裝|充当|充當)(一个|一個|成|为|為)?|(回答|回复|回覆|输出|輸出|告诉|告訴)(用户|用戶|居民|提问者|提問者|他们|他們|对方|對方)(说|說|：|:|“|「)|(AI|人工智能|语言模型|語言模型|大模型|助手|机器人|機器人)(请|請|应|應|必须|必須|务必|務必|只能|要)|\b(ignore|disregard|forget|override|bypass)( all| any| the| your| my| these| those| previous| prior| above| earlier| of)* (instructions?|rules?|prompts?|guidelines|restrictions|directions)\b|\bsystem prompt\b|\b(you are|act as|pretend to be)( now)? (a|an|the|dan)\b|\b(assistant|ai|model)( must| should| shall|:)|<\|?(im_start|system|assistant)|\[/?(inst|system)\]|</?(system|instructions?)>`)

// planted tells whether a text has what no policy has: orders to a machine, or somebody's number. Such a text is not
// answered with, is shown to no model, and no citation rests on it.
func planted(s string) bool { return commands.MatchString(s) || privacy.NumbersAPerson(s) }

// clean tells whether a passage may be answered with.
func (p *passage) clean() bool {
	switch p.kind {
	case ofEntry:
		if planted(p.entry.Answer.Hans) || planted(p.entry.Answer.Hant) || planted(p.entry.Answer.En) {
			return false
		}
		for _, q := range p.entry.Questions {
			if planted(q.Hans) || planted(q.Hant) || planted(q.En) {
				return false
			}
		}
		return true
	case ofSection:
		return !planted(p.section.Text.Hans) && !planted(p.section.Text.Hant) && !planted(p.section.Text.En)
	}
	return !planted(p.article.Text) && !planted(p.document.Title) && !planted(p.document.Number)
}
