package faq

import (
	"context"
	"slices"
	"strings"

	"mashang/faq/arrange"
	"mashang/platform/text"
)

// fewest is how many sentences a passage must have for a choice to be worth the wait.
const fewest = 3

// choice is what a model may choose from, nil for nothing. An emergency, a refusal, a figure and an answer the office
// wrote itself are shown as they are.
func (t *turn) choice(r Reply) []string {
	if t.a.Model == nil || r.Outcome != Answer || r.passage == "" || len(r.Amounts) > 0 {
		return nil
	}
	units := slices.DeleteFunc(arrange.Units(r.passage), func(u string) bool { return text.Len(u) > longestText })
	if len(units) < fewest {
		return nil
	}
	return units
}

// arranged asks the model. When it says nothing of use, or not in time, the reply is what it was.
func (t *turn) arranged(ctx context.Context, r Reply, units []string, next func(string)) Reply {
	var chosen []string
	length := 0
	err := t.a.Model.Arrange(ctx, t.question, units, func(unit int) {
		if length+text.Len(units[unit]) > longestText-len(chosen) {
			return
		}
		length += text.Len(units[unit])
		chosen = append(chosen, units[unit])
		if next != nil {
			next(units[unit])
		}
	})
	if err != nil || len(chosen) == 0 {
		if err != nil {
			t.a.Log.Info("answered without the model", "err", err)
		}
		return r
	}
	r.Text, r.Arranged = strings.Join(chosen, "\n"), true
	r.Citations = slices.Insert(slices.DeleteFunc(r.Citations, func(c Citation) bool { return c.URL == r.from.URL }), 0, r.from)
	return r
}
