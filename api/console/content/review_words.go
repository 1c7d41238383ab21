package content

import (
	"encoding/json"
	"strings"

	"mashang/aid/policy/translate"
	"mashang/aid/policy/wording"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/review"
)

// wordRows puts the translations of a file beside those that stand, text by text.
func (p *Room) wordRows(r *web.Request, c review.Change) []frame.CompareRow {
	var before, after []wording.Item
	if json.Unmarshal(c.Before, &before) != nil || json.Unmarshal(c.After, &after) != nil {
		return nil
	}
	stood := map[string]wording.Item{}
	for _, it := range before {
		stood[it.ID] = it
	}
	var out []frame.CompareRow
	for _, it := range after {
		old := stood[it.ID]
		lang, id, _ := strings.Cut(it.ID, "/")
		label := r.T("words.lang."+lang) + frame.Dot(r) + id
		if kind, rest, _ := strings.Cut(id, "/"); strings.Contains(rest, "/") {
			at, what := strings.LastIndexByte(rest, '/'), r.T("content.kind."+kind)
			if kind == "programme" {
				what = p.Programme(r, rest[:at])
			}
			label = r.T("words.lang."+lang) + frame.Dot(r) + what + frame.Dot(r) + p.Part(r, rest[at+1:])
		}
		if source := p.source(id); source != "" {
			label += "\n" + source // who approves has to see what it is a translation of
		}
		row := frame.Compared(label, old.Text, it.Text)
		if old.Text == it.Text && old.Outdated != it.Outdated {
			row.Old, row.New, row.Changed = r.T("words.state.outdated"), r.T("words.confirm"), true
			if it.Outdated {
				row.Old, row.New = row.New, row.Old
			}
		}
		out = append(out, row)
	}
	return out
}

// source is the Simplified text of a translation; "" when it is gone.
func (p *Room) source(id string) string {
	kind, rest, _ := strings.Cut(id, "/")
	at := strings.LastIndexByte(rest, '/')
	if at < 0 {
		return ""
	}
	for _, f := range translate.Fields(p.Library.Shelf().Held(translate.Object{Kind: kind, ID: rest[:at]})) {
		if f.Path == rest[at+1:] {
			return f.Text.Hans
		}
	}
	return ""
}
