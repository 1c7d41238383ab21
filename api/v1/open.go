package v1

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/roster/open"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// openMonths is how many months one call gives.
const openMonths = 12

type openPlace struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Level string `json:"level"`
}

// openFigure is one count of one month. What is not shown has no figures at all.
type openFigure struct {
	Month      string  `json:"month"`
	Place      string  `json:"place"`
	Programme  string  `json:"programme"`
	Shown      bool    `json:"shown"`
	Households *int    `json:"households"`
	Persons    *int    `json:"persons"`
	Amount     *string `json:"amount"`
}

type openReply struct {
	Place   openPlace    `json:"place"`
	Month   string       `json:"month"`
	Months  []string     `json:"months"`
	Figures []openFigure `json:"figures"`
	Places  []openPlace  `json:"places"`
	Rounded int          `json:"amount_rounded_to"`
	Small   int          `json:"counts_below_not_shown"`
}

// openFigures gives a place's figures without names, and those of what it manages: the month asked for and the eleven
// before.
func (a *API) openFigures(c *gin.Context) error {
	atlas, ctx, l := a.Web.Places.Atlas(), c.Request.Context(), web.From(c).Lang
	at := atlas.Root()
	if code := web.Query(c, "place"); code != "" {
		spot, _, err := a.spot(code)
		if err != nil {
			return err
		}
		at = spot.Division
	}
	months, err := a.Open.Months(ctx)
	if err != nil {
		return fmt.Errorf("v1: open: %w", err)
	}
	out := openReply{Place: openPlace{at.Code, at.Name.In(l), string(at.Level)}, Months: []string{}, Figures: []openFigure{}, Places: []openPlace{}, Rounded: open.Coarse / 100, Small: open.Small}
	for _, d := range atlas.Children(at.Code) {
		out.Places = append(out.Places, openPlace{d.Code, d.Name.In(l), string(d.Level)})
	}
	for _, m := range months {
		out.Months = append(out.Months, m.String())
	}
	if len(months) == 0 {
		return reply(c, http.StatusOK, out)
	}
	last := months[0]
	if asked := web.Query(c, "month"); asked != "" {
		m, ok := open.ParseMonth(asked)
		if !ok || !slices.Contains(months, m) {
			return problem.Field("month", "open.month.unknown")
		}
		last = m
	}
	out.Month = last.String()
	own, err := a.Open.Of(ctx, at.Code, last-openMonths+1, last)
	if err != nil {
		return fmt.Errorf("v1: open: %w", err)
	}
	parts, err := a.Open.Within(ctx, at.Code, last-openMonths+1, last)
	if err != nil {
		return fmt.Errorf("v1: open: %w", err)
	}
	for _, f := range slices.Concat(own, parts) {
		one := openFigure{Month: f.Month.String(), Place: f.Place, Programme: f.Programme, Shown: !f.Hidden}
		if !f.Hidden {
			amount := i18n.Decimal(f.Cents)
			one.Households, one.Persons, one.Amount = &f.Households, &f.Persons, &amount
		}
		out.Figures = append(out.Figures, one)
	}
	return reply(c, http.StatusOK, out)
}
