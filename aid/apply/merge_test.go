package apply_test

import (
	"slices"
	"testing"
	"time"

	"mashang/aid/apply/applytest"
	"mashang/aid/place"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// A draft that was begun in a village goes to the one it has merged into meanwhile; to the town when it left no heir.
func TestADraftGoesToTheVillageOfNow(t *testing.T) {
	const taoyuan = "990121100202"
	for _, tt := range []struct {
		name, day string
		kind      place.ReformKind
		want      string
	}{
		{"merged today", "2026-11-18", place.Merge, taoyuan},
		{"merged after it was begun", "2026-11-19", place.Merge, taoyuan},
		{"ended", "2026-11-19", place.End, liuhe},
		{"merges only later", "2026-12-01", place.Merge, xinglin},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, storetest.SQLite(t))
			err := r.DB.Tx(t.Context(), func(q store.Queryer) error {
				return r.Places.PutDivisions(t.Context(), q, []place.Division{{Code: taoyuan, Name: i18n.Text{Hans: "桃园村"}, Level: place.Village, Parent: liuhe}})
			})
			if err == nil {
				err = r.Places.Reload(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			hukou := xinglin // where one is registered may have merged as well
			if tt.kind == place.End {
				hukou = taoyuan
			}
			d := r.fill(t, r.start(t), applytest.Example("dibao", poster, hukou, 1))
			from, err := place.ParseDay(tt.day)
			if err != nil {
				t.Fatal(err)
			}
			err = r.DB.Tx(t.Context(), func(q store.Queryer) error {
				one := place.Reform{Kind: tt.kind, Code: xinglin, Day: from}
				if tt.kind == place.Merge {
					one.Other = taoyuan
				}
				_, err := r.Places.Reform(t.Context(), q, one)
				return err
			})
			if err == nil {
				err = r.Places.Reload(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			r.pass(24 * time.Hour)
			filed, err := r.Submit(t.Context(), d.ID, d.Secret)
			if err != nil || filed.Division != tt.want || !slices.Equal(filed.Scope, r.Places.Atlas().Chain(tt.want)) {
				t.Errorf("filed in %s for %v, %v, want %s", filed.Division, filed.Scope, err, tt.want)
			}
			if doc := body(t, r, filed.Receipt); doc.Division != tt.want || doc.Place != poster {
				t.Errorf("the office reads %s at %s", doc.Division, doc.Place)
			}
		})
	}
}
