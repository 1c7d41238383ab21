package content

import (
	"strings"

	"mashang/api/console/frame"
	"mashang/api/web"
	sayings "mashang/faq/better/words"
	"mashang/platform/review"
)

// sayingRows puts lines of the lexicon beside those that stand, word by word.
func (p *Room) sayingRows(r *web.Request, c review.Change) []frame.CompareRow {
	before, errB := sayings.Items(c.Before)
	after, errA := sayings.Items(c.After)
	if errA != nil || errB != nil {
		return nil
	}
	stood := map[string]*sayings.Row{}
	for _, it := range before {
		stood[it.Name] = it.Row
	}
	var out []frame.CompareRow
	for _, it := range after {
		label := it.Name
		if it.Row != nil {
			label = it.Row.Words
		}
		out = append(out, frame.Compared(r.T("better.words")+frame.Dot(r)+label, p.saying(r, stood[it.Name]), p.saying(r, it.Row)))
	}
	return out
}

// saying says what a line stands for; nothing for none.
func (p *Room) saying(r *web.Request, row *sayings.Row) string {
	if row == nil {
		return ""
	}
	var said []string
	for _, id := range row.Programmes {
		said = append(said, p.Programme(r, id))
	}
	if row.Aspect != "" {
		said = append(said, p.Say(r, "better.aspect.", row.Aspect))
	}
	if row.Hotline != "" {
		said = append(said, r.T("better.refer", "to", row.Hotline))
	}
	said = append(said, p.Say(r, "better.kind.", row.Kind), p.Say(r, "better.lang.", row.Lang))
	if row.Note != "" {
		said = append(said, row.Note)
	}
	if row.Off {
		said = append(said, r.T("better.lexicon.off"))
	}
	return strings.Join(said, frame.Dot(r))
}
