package place

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mashang/i18n"
	"mashang/platform/store"
)

// rows are the tables as they stand.
type rows struct {
	divisions []Division
	offices   []Office
	locations []Location
	past      map[string][]Division // every row of a code
}

func readAll(ctx context.Context, q store.Queryer) (*rows, error) {
	var all rows
	var err error
	if all.divisions, err = readDivisions(ctx, q); err != nil {
		return nil, err
	}
	if all.offices, err = readOffices(ctx, q); err != nil {
		return nil, err
	}
	if all.locations, err = readLocations(ctx, q); err != nil {
		return nil, err
	}
	all.past = map[string][]Division{}
	for _, d := range all.divisions {
		all.past[d.Code] = append(all.past[d.Code], d)
	}
	return &all, nil
}

func readDivisions(ctx context.Context, q store.Queryer) ([]Division, error) {
	all, err := store.All(ctx, q, func(r *sql.Rows) (d Division, err error) {
		var name string
		var from, to store.Time
		if err = r.Scan(&d.Code, &name, &d.Level, &d.Parent, &d.Into, &from, &to); err != nil {
			return d, err
		}
		d.From, d.To = day(from), day(to)
		return d, unpack(name, &d.Name)
	}, `SELECT code, name, level, parent, merged_into, valid_from, valid_to FROM divisions ORDER BY ord, id`)
	if err != nil {
		return nil, fmt.Errorf("place: read divisions: %w", err)
	}
	return all, nil
}

func readOffices(ctx context.Context, q store.Queryer) ([]Office, error) {
	all, err := store.All(ctx, q, func(r *sql.Rows) (o Office, err error) {
		var name, address, hours, week, closed, departments string
		if err = r.Scan(&o.ID, &o.Division, &o.Kind, &name, &address, &hours, &week, &closed, &o.Phone, &o.Unphoned, &o.Duty, &departments); err != nil {
			return o, err
		}
		err = errors.Join(unpack(name, &o.Name), unpack(address, &o.Address), unpack(hours, &o.Hours), unpack(week, &o.Week), unpack(closed, &o.Closed), unpack(departments, &o.Departments))
		return o.settle(), err // rows of before the hours were data
	}, `SELECT id, division, kind, name, address, hours, week, closed, phone, no_phone, duty, departments FROM offices ORDER BY ord, id`)
	if err != nil {
		return nil, fmt.Errorf("place: read offices: %w", err)
	}
	return all, nil
}

func readLocations(ctx context.Context, q store.Queryer) ([]Location, error) {
	all, err := store.All(ctx, q, func(r *sql.Rows) (l Location, err error) {
		var name string
		var hung store.Time
		if err = r.Scan(&l.ID, &l.Division, &name, &l.Kind, &l.Number, &l.State, &l.MovedTo, &l.Roster, &hung); err != nil {
			return l, err
		}
		l.Hung = Day{day(hung)}
		return l, unpack(name, &l.Name)
	}, `SELECT id, division, name, kind, number, state, moved_to, roster, hung_on FROM locations ORDER BY ord, id`)
	if err != nil {
		return nil, fmt.Errorf("place: read locations: %w", err)
	}
	return all, nil
}

// next is the first free place in the order of a table, which its rows keep for ever.
func next(ctx context.Context, q store.Queryer, query string) (ord int64, err error) {
	err = q.QueryRowContext(ctx, query).Scan(&ord)
	return ord, err
}

const (
	nextDivision = `SELECT coalesce(max(ord), 0) + 1 FROM divisions`
	nextOffice   = `SELECT coalesce(max(ord), 0) + 1 FROM offices`
	nextLocation = `SELECT coalesce(max(ord), 0) + 1 FROM locations`
)

func writeDivision(ctx context.Context, q store.Queryer, ord int64, d Division) error {
	_, err := q.ExecContext(ctx, `INSERT INTO divisions (id, ord, code, name, level, parent, merged_into, valid_from, valid_to)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, level = excluded.level, parent = excluded.parent, merged_into = excluded.merged_into,
			valid_to = excluded.valid_to`,
		divisionKey(d), ord, d.Code, pack(d.Name), string(d.Level), d.Parent, d.Into, store.At(d.From), store.At(d.To))
	return err
}

func writeOffice(ctx context.Context, q store.Queryer, ord int64, o Office) error {
	_, err := q.ExecContext(ctx, `INSERT INTO offices (id, ord, division, kind, name, address, hours, week, closed, phone, no_phone, duty, departments)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET division = excluded.division, kind = excluded.kind, name = excluded.name, address = excluded.address,
			hours = excluded.hours, week = excluded.week, closed = excluded.closed, phone = excluded.phone, no_phone = excluded.no_phone,
			duty = excluded.duty, departments = excluded.departments`,
		o.ID, ord, o.Division, o.Kind, pack(o.Name), pack(o.Address), pack(o.Hours), pack(o.Week), pack(o.Closed), o.Phone, o.Unphoned, o.Duty, pack(o.Departments))
	return err
}

func writeLocation(ctx context.Context, q store.Queryer, ord int64, l Location) error {
	_, err := q.ExecContext(ctx, `INSERT INTO locations (id, ord, division, name, kind, number, state, moved_to, roster, hung_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET division = excluded.division, name = excluded.name, kind = excluded.kind, number = excluded.number,
			state = excluded.state, moved_to = excluded.moved_to, roster = excluded.roster, hung_on = excluded.hung_on`,
		l.ID, ord, l.Division, pack(l.Name), l.Kind, l.Number, l.State, l.MovedTo, l.Roster, store.At(l.Hung.Time))
	return err
}

func clearNumber(ctx context.Context, q store.Queryer, id string) error {
	_, err := q.ExecContext(ctx, `UPDATE locations SET number = '' WHERE id = $1`, id)
	return err
}

// Known lists every division code that q sees, so that rooms above can check a place inside their own transaction.
func Known(ctx context.Context, q store.Queryer) (map[string]bool, error) {
	codes, err := store.All(ctx, q, func(r *sql.Rows) (code string, err error) {
		return code, r.Scan(&code)
	}, `SELECT DISTINCT code FROM divisions`)
	if err != nil {
		return nil, fmt.Errorf("place: known: %w", err)
	}
	known := make(map[string]bool, len(codes))
	for _, c := range codes {
		known[c] = true
	}
	return known, nil
}

func divisionKey(d Division) string {
	if d.From.IsZero() {
		return d.Code
	}
	return d.Code + "@" + FormatDay(d.From)
}

func day(t store.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.In(i18n.Shanghai)
}

// pack writes texts and lists, which always marshal.
func pack(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(b)
}

func unpack(s string, into any) error { return json.Unmarshal([]byte(s), into) }
