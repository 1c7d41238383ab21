package v1_test

import (
	"crypto/rand"
	"strings"
	"sync"
	"testing"

	"mashang/aid/roster"
	"mashang/api/apitest"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/sample"
)

// TestAnOfficePreparesAListByEvent checks it like an import, names the cell that may not be published and keeps nothing
// of it, takes the same event once, and waits for a second person; taking it off is done at once and told to the outside.
func TestAnOfficePreparesAListByEvent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := apitest.New(t, db)
		_, office := p.Office(t, "county", sample.Liuhe)
		list := func(place string, rows ...[]string) map[string]any {
			return map[string]any{"programme": "dibao", "place": place, "kind": "list", "document": sample.Permission, "phone": "0500-5550199", "mask": "middle",
				"columns": []string{"姓名", "家庭人口", "保障人数", "金额"}, "rows": rows}
		}
		brought := func() (all []roster.Publication) {
			everything, err := p.Board.All(t.Context(), sample.Xinglin, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range everything {
				if strings.HasPrefix(one.By, "office:") {
					all = append(all, one)
				}
			}
			return all
		}
		const secret = "990121196205173019"
		for name, tt := range map[string]struct {
			data any
			says string
		}{
			"an ID in a cell":      {list(sample.Xinglin, []string{"探针甲", "2", "2", "936"}, []string{"探针乙" + secret, "2", "2", "936"}), `"field":"data.rows.A3","code":"roster.cell.id"`},
			"another town":         {list("990121400201", []string{"探针甲", "2", "2", "936"}), `"field":"data.place"`},
			"no such programme":    {map[string]any{"programme": "x", "place": sample.Xinglin, "kind": "list", "columns": []string{"姓名"}, "rows": [][]string{{"探针甲"}}}, `"field":"data.programme"`},
			"a private phone":      {map[string]any{"programme": "dibao", "place": sample.Xinglin, "kind": "list", "phone": "13855550012", "columns": []string{"姓名"}, "rows": [][]string{{"探针甲"}}}, `"field":"data.phone"`},
			"words for a phone":    {map[string]any{"programme": "dibao", "place": sample.Xinglin, "kind": "list", "phone": "某人家有病人", "columns": []string{"姓名"}, "rows": [][]string{{"探针甲"}}}, `"field":"data.phone"`},
			"no such document":     {map[string]any{"programme": "dibao", "place": sample.Xinglin, "kind": "list", "document": "x", "columns": []string{"姓名"}, "rows": [][]string{{"探针甲"}}}, `"field":"data.document"`},
			"a day that is no day": {map[string]any{"programme": "dibao", "place": sample.Xinglin, "kind": "list", "to": "soon", "columns": []string{"姓名"}, "rows": [][]string{{"探针甲"}}}, `"field":"data.to"`},
		} {
			a := event(t, p, office.Inbound, "msg_"+rand.Text(), "roster.published", tt.data)
			if a.Status != 422 || !strings.Contains(a.Body, tt.says) || strings.Contains(a.Body, secret) || strings.Contains(a.Body, "探针") || len(brought()) > 0 {
				t.Errorf("%s: %d %s, %d lists", name, a.Status, a.Body, len(brought()))
			}
		}
		orphans := list(sample.Xinglin, []string{"探针甲", "2", "2", "936"})
		orphans["programme"] = "guer"
		if a := event(t, p, office.Inbound, "msg_"+rand.Text(), "roster.published", orphans); a.Status != 403 && a.Status != 422 {
			t.Errorf("orphans: %d %s", a.Status, a.Body)
		}

		id, data := "msg_"+rand.Text(), list(sample.Xinglin, []string{"探针甲乙", "2", "2", "936"})
		var wg sync.WaitGroup
		for range 4 { // the same event, at once and again
			wg.Go(func() {
				if a := event(t, p, office.Inbound, id, "roster.published", data); a.Status != 200 || !strings.Contains(a.Body, `"prepared"`) {
					t.Errorf("the list = %d %s", a.Status, a.Body)
				}
			})
		}
		wg.Wait()
		all := brought()
		if len(all) != 1 || !all[0].Approved.IsZero() || all[0].Households != 1 {
			t.Fatalf("lists = %+v", all)
		}
		if page, err := p.Board.Search(t.Context(), roster.Query{Village: sample.Xinglin, Name: "探针甲乙"}); err != nil || page.Total != 0 {
			t.Errorf("before the second person %d lines are public, %v", page.Total, err)
		}
		if err := p.Board.Approve(t.Context(), all[0].ID, "publisher"); err != nil {
			t.Fatal(err)
		}
		if page, err := p.Board.Search(t.Context(), roster.Query{Village: sample.Xinglin, Name: "探针甲乙"}); err != nil || page.Total != 1 {
			t.Errorf("after it %d are, %v", page.Total, err)
		}
		gone := "msg_" + rand.Text()
		for range 2 {
			if a := event(t, p, office.Inbound, gone, "roster.withdrawn", map[string]any{"publication": all[0].ID}); a.Status != 200 {
				t.Errorf("withdrawing = %d %s", a.Status, a.Body)
			}
		}
		if page, err := p.Board.Search(t.Context(), roster.Query{Village: sample.Xinglin, Name: "探针甲乙"}); err != nil || page.Total != 0 {
			t.Errorf("after withdrawing %d are, %v", page.Total, err)
		}
		for topic, want := range map[string]int{"roster.published": 1, "roster.withdrawn": 1} {
			var n, named int
			if err := db.QueryRowContext(t.Context(), `SELECT count(*), count(CASE WHEN body LIKE '%探%' THEN 1 END) FROM webhook_messages WHERE topic = $1`, topic).Scan(&n, &named); err != nil {
				t.Fatal(err)
			}
			if n != want || named > 0 {
				t.Errorf("%s went out %d times, %d of them with a name", topic, n, named)
			}
		}
	})
}
