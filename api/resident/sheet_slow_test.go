//go:build slow

package resident_test

import (
	"testing"

	"mashang/api/apitest"
	"mashang/i18n"
	"mashang/platform/store/storetest"
)

func TestEverySheetEverywhereIsOnePageAndWhole(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	var ids []string
	for _, g := range p.Library.Shelf().Programmes() {
		ids = append(ids, g.ID)
	}
	villages := p.Places.Atlas().Villages()
	for _, v := range []int{0, len(villages) / 2, len(villages) - 1} {
		for _, l := range []i18n.Lang{i18n.Hans, i18n.Hant, i18n.En} {
			sheets(t, p, villages[v].Code, l, ids)
		}
	}
}
