package roster

import (
	"context"
	"time"

	"mashang/platform/store"
)

// moment is a time as Load takes it: NULL when it is zero.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func insertPublications(ctx context.Context, db *store.DB, q store.Queryer, lists []*draft) error {
	return db.Load(ctx, q, "roster_publications", []store.Column{{Name: "id"}, {Name: "programme"}, {Name: "village"}, {Name: "kind"}, {Name: "from_at", Number: true}, {Name: "to_at", Number: true},
		{Name: "document"}, {Name: "phone"}, {Name: "mask"}, {Name: "made_by"}, {Name: "made_at", Number: true}, {Name: "approved_by"}, {Name: "approved_at", Number: true}, {Name: "withdrawn_by"},
		{Name: "households", Number: true}, {Name: "persons", Number: true}, {Name: "cents", Number: true}, {Name: "list_hash"}}, len(lists), func(i int, v []any) {
		d := lists[i]
		v[0], v[1], v[2], v[3], v[4], v[5] = d.ID, d.Programme, d.Village, string(d.Kind), moment(d.From), moment(d.To)
		v[6], v[7], v[8], v[9], v[10], v[11], v[12], v[13] = d.Document, d.Phone, string(d.Mask), d.By, moment(d.Made), d.Approver, moment(d.Approved), ""
		v[14], v[15], v[16], v[17] = int64(d.Households), int64(d.Persons), d.Cents, d.Hash
	})
}

func insertLines(ctx context.Context, db *store.DB, q store.Queryer, lists []*draft) error {
	n := 0
	for _, d := range lists {
		n += len(d.entries)
	}
	list, first := 0, 0
	return db.Load(ctx, q, "roster_entries", []store.Column{{Name: "id"}, {Name: "publication"}, {Name: "position", Number: true}, {Name: "name"}, {Name: "name_hash"}, {Name: "sound", Number: true},
		{Name: "household_size", Number: true}, {Name: "persons", Number: true}, {Name: "class"}, {Name: "cents", Number: true}, {Name: "unit"}, {Name: "from_at", Number: true}, {Name: "to_at", Number: true}}, n, func(i int, v []any) {
		for i-first >= len(lists[list].entries) {
			first += len(lists[list].entries)
			list++
		}
		at := i - first
		e := &lists[list].entries[at]
		v[0], v[1], v[2], v[3], v[4], v[5] = e.ID, e.Publication, int64(at), e.Name, lists[list].hashes[at], lists[list].sounds[at]
		v[6], v[7], v[8], v[9], v[10], v[11], v[12] = int64(e.HouseholdSize), int64(e.Persons), e.Class, e.Cents, e.Unit, moment(e.From), moment(e.To)
	})
}

// insertBrought writes the evidence of lists that have just come in, and of their approval when that came with them.
func insertBrought(ctx context.Context, db *store.DB, q store.Queryer, lists []*draft, now time.Time) error {
	type line struct {
		*draft
		id, deed, by, detail string
	}
	var all []line
	for _, d := range lists {
		all = append(all, line{d, d.ID + "1", "brought", d.By, ""})
		if !d.Approved.IsZero() {
			all = append(all, line{d, d.ID + "2", "approved", d.Approver, d.Document})
		}
	}
	return db.Load(ctx, q, "roster_deeds", []store.Column{{Name: "id"}, {Name: "publication"}, {Name: "at", Number: true}, {Name: "deed"}, {Name: "actor"}, {Name: "detail"},
		{Name: "households", Number: true}, {Name: "persons", Number: true}, {Name: "cents", Number: true}, {Name: "list_hash"}}, len(all), func(i int, v []any) {
		d := all[i]
		v[0], v[1], v[2], v[3], v[4], v[5] = d.id, d.ID, moment(now), d.deed, d.by, d.detail
		v[6], v[7], v[8], v[9] = int64(d.Households), int64(d.Persons), d.Cents, d.Hash
	})
}
