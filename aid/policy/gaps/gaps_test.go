package gaps_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/gaps"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

const (
	county = "990121000000"
	town   = "990121100000"
)

func hans(s string) i18n.Text { return i18n.Text{Hans: s} }

func day(s string) time.Time {
	d, err := place.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// room is a county in which everything is known, and a clock that can be moved.
type room struct {
	*gaps.List
	now time.Time
}

func newRoom(t *testing.T, db *store.DB) *room {
	t.Helper()
	r := &room{now: day("2026-11-21").Add(12 * time.Hour)}
	clock := func() time.Time { return r.now }
	g := &place.Gazetteer{DB: db, Now: clock}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	l, err := policy.NewLibrary(t.Context(), db, nil, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	r.List = &gaps.List{Library: l, Places: g, DB: db, Now: clock}
	r.do(t, func(ctx context.Context, q store.Queryer) error {
		if err := g.PutDivisions(ctx, q, []place.Division{{Code: county, Name: hans("县"), Level: place.County}, {Code: town, Name: hans("镇"), Level: place.Town, Parent: county}}); err != nil {
			return err
		}
		if err := l.PutDocuments(ctx, q, []policy.Document{document(policy.InForce, "")}); err != nil {
			return err
		}
		if err := l.PutDepartments(ctx, q, []policy.Department{{ID: "minzheng", Name: hans("民政局")}}); err != nil {
			return err
		}
		if err := g.PutOffices(ctx, q, []place.Office{office("0530-6200001")}); err != nil {
			return err
		}
		if err := l.PutProgrammes(ctx, q, []policy.Programme{programme()}); err != nil {
			return err
		}
		if err := l.PutEntries(ctx, q, []policy.Entry{{ID: "e", Programme: "dibao", Questions: []i18n.Text{hans("问")}, Answer: hans("答"), Cites: []policy.Cite{{Document: "law", Article: "1"}}}}); err != nil {
			return err
		}
		return l.PutStandards(ctx, q, []policy.Standard{standard("s", county, "2026-01-01", "")})
	})
	return r
}

func (r *room) do(t *testing.T, deed func(context.Context, store.Queryer) error) {
	t.Helper()
	if err := r.DB.Tx(t.Context(), func(q store.Queryer) error { return deed(t.Context(), q) }); err != nil {
		t.Fatal(err)
	}
	if err := r.Places.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Library.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func document(state, to string) policy.Document {
	d := policy.Document{ID: "law", Title: "办法", State: state, From: day("2020-01-01"), Articles: []policy.Article{{No: "1", Label: "第一条", Text: "条文。"}}}
	if to != "" {
		d.To = day(to)
	}
	return d
}

func office(phone string) place.Office {
	return place.Office{ID: "o", Division: county, Kind: "civil_affairs", Name: hans("民政局"), Address: hans("路1号"), Phone: phone, Unphoned: phone == "", Departments: []string{"minzheng"}}
}

func programme(unknown ...policy.Unknown) policy.Programme {
	return policy.Programme{ID: "dibao", Department: "minzheng", Office: "minzheng", Name: hans("低保"), Legal: []policy.Cite{{Document: "law", Article: "1"}}, Unknown: unknown}
}

func standard(id, where, from, to string) policy.Standard {
	s := policy.Standard{ID: id, Programme: "dibao", Variant: "rural", Place: where, Cents: 71200, Unit: "yuan_person_month", UnitText: hans("元"), From: day(from), Document: "law"}
	if to != "" {
		s.To = day(to)
	}
	return s
}

func (r *room) kinds(t *testing.T) string {
	t.Helper()
	all, err := r.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, g := range all {
		out = append(out, g.Kind)
	}
	return strings.Join(slices.Compact(out), " ")
}

func TestGapsAreFoundInTheDataAndGoWithIt(t *testing.T) {
	type deed = func(context.Context, store.Queryer) error
	for _, tt := range []struct {
		name string
		do   func(r *room) deed
		mend func(r *room) deed
		want string
	}{
		{"a page that does not know", func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutProgrammes(ctx, q, []policy.Programme{programme(policy.Unknown{About: "time", Text: hans("多久不知道")})})
			}
		}, func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutProgrammes(ctx, q, []policy.Programme{programme()})
			}
		}, "unknown"},
		{"a place without an amount", func(r *room) deed {
			none := policy.Standard{ID: "n", Programme: "dibao", Variant: "rural", Place: town, None: true, From: day("2026-07-01")}
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutStandards(ctx, q, []policy.Standard{none})
			}
		}, func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutStandards(ctx, q, []policy.Standard{standard("n", town, "2026-07-01", "")})
			}
		}, "amount"},
		{"a standard that ends soon", func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutStandards(ctx, q, []policy.Standard{standard("s", county, "2026-01-01", "2026-12-31")})
			}
		}, func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutStandards(ctx, q, []policy.Standard{standard("s2", county, "2027-01-01", "")})
			}
		}, "ending"},
		{"a standard that has ended", func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutStandards(ctx, q, []policy.Standard{standard("s", county, "2026-01-01", "2026-10-31")})
			}
		}, func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutStandards(ctx, q, []policy.Standard{standard("s2", county, "2026-11-01", "")})
			}
		}, "ended amount"},
		{"a document nobody has checked", func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutDocuments(ctx, q, []policy.Document{document(policy.Unverified, "")})
			}
		}, func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutDocuments(ctx, q, []policy.Document{document(policy.InForce, "")})
			}
		}, "unverified"},
		{"a document out of force", func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutDocuments(ctx, q, []policy.Document{document(policy.Expired, "2026-10-31")})
			}
		}, func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutDocuments(ctx, q, []policy.Document{document(policy.InForce, "")})
			}
		}, "cite expired"},
		{"an office without a telephone", func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Places.PutOffices(ctx, q, []place.Office{office("")})
			}
		}, func(r *room) deed {
			return func(ctx context.Context, q store.Queryer) error {
				return r.Places.PutOffices(ctx, q, []place.Office{office("0530-6200001")})
			}
		}, "phone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t, storetest.SQLite(t))
			if got := r.kinds(t); got != "" {
				t.Fatalf("before: %q", got)
			}
			r.do(t, tt.do(r))
			if got := r.kinds(t); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
			r.do(t, tt.mend(r))
			if got := r.kinds(t); got != "" {
				t.Errorf("mended, and still %q", got)
			}
		})
	}
}

func TestWhatWasSaidOfAGapIsKeptAMonthAfterIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRoom(t, db)
		u := policy.Unknown{About: "time", Text: hans("多久不知道")}
		put := func(p policy.Programme) {
			r.do(t, func(ctx context.Context, q store.Queryer) error {
				return r.Library.PutProgrammes(ctx, q, []policy.Programme{p})
			})
		}
		put(programme(u))
		sight := func() {
			t.Helper()
			if err := r.Sight(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		sight()
		all, err := r.All(t.Context())
		if err != nil || len(all) != 1 || !all[0].Since.Equal(r.now) {
			t.Fatalf("since = %+v, %v", all, err)
		}
		first := r.now
		r.do(t, func(ctx context.Context, q store.Queryer) error {
			return r.Say(ctx, q, all[0].Name, gaps.Note{Asked: r.now, AskedOf: "省厅", Reason: "等", Until: r.now.AddDate(0, 0, 10), By: "anna"})
		})
		if n, err := r.Open(t.Context()); n != 0 || err != nil {
			t.Errorf("%d are open while it rests, %v", n, err)
		}
		r.now = r.now.AddDate(0, 0, 11)
		sight()
		if n, _ := r.Open(t.Context()); n != 1 {
			t.Errorf("%d are open after it has rested", n)
		}
		put(programme())
		r.now = r.now.AddDate(0, 0, 20)
		sight()
		put(programme(u)) // back within the month: what was said is remembered
		if all, _ = r.All(t.Context()); fmt.Sprint(all[0].AskedOf, all[0].Since.Equal(first)) != "省厅true" {
			t.Errorf("back after 20 days: %+v", all[0])
		}
		put(programme())
		r.now = r.now.AddDate(0, 2, 0)
		sight()
		put(programme(u))
		if all, _ = r.All(t.Context()); all[0].AskedOf != "" || !all[0].Since.IsZero() {
			t.Errorf("back after months: %+v", all[0])
		}
	})
}
