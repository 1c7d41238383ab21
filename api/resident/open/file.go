package open

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/platform/sheet"
)

// csv is what the page shows as a file: the place and its parts, all programmes, span months.
func (p *Room) csv(c *gin.Context) error {
	a, err := p.read(c)
	if err != nil {
		return err
	}
	r, atlas := web.From(c), p.Web.Places.Atlas()
	var head []string
	for _, key := range []string{"open.month", "open.csv.code", "open.csv.place", "open.csv.programme", "open.csv.name", "open.csv.shown", "open.households", "open.persons", "open.csv.money"} {
		head = append(head, r.T(key))
	}
	var rows [][]string
	for _, f := range slices.Concat(a.of, a.within) {
		row := []string{f.Month.String(), f.Place, atlas.Names(r.Lang, f.Place), f.Programme, p.name(r.Lang, f.Programme), r.T("open.csv.no"), "", "", ""}
		if !f.Hidden {
			row[5], row[6], row[7], row[8] = r.T("open.csv.yes"), strconv.Itoa(f.Households), strconv.Itoa(f.Persons), strconv.FormatInt(f.Cents/100, 10)
		}
		rows = append(rows, row)
	}
	var b bytes.Buffer
	if err := sheet.WriteCSV(&b, head, slices.Values(rows)); err != nil {
		return err
	}
	name := "open-" + a.place.Code + ".csv"
	if a.month > 0 {
		name = "open-" + a.place.Code + "-" + a.month.String() + ".csv"
	}
	h := c.Writer.Header()
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store") // as the page: its words are in the language of who asks
	c.Data(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
	return nil
}
