package round

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"mashang/aid/place"
	"mashang/platform/picture"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// Tick is what an inspector sends. Once is the form's own key: the same form sent again, as a weak network makes people
// do, is taken once.
type Tick struct {
	Once     string
	Location string
	Round    string
	State    State
	By       string
	Photo    io.Reader // nil for none
	Lat, Lon string    // degrees as the browser tells them, "" when it does not
}

// Tick keeps what was found. also runs in the same transaction, for a fresh one only: the case about a sticker, the
// record of the deed. It may be nil.
func (b *Book) Tick(ctx context.Context, t Tick, also func(q store.Queryer, one Inspection) error) (Inspection, error) {
	one, err := b.check(t)
	if err != nil {
		return Inspection{}, err
	}
	var photo picture.Picture
	if t.Photo != nil {
		studio := b.Studio
		if studio == nil {
			studio = &b.own
		}
		if photo, err = studio.Clean(ctx, t.Photo); err != nil {
			return Inspection{}, err
		}
		one.Photo = true
	}
	err = b.DB.Tx(ctx, func(q store.Queryer) error {
		if t.Round != "" {
			if err := b.belongs(ctx, q, t); err != nil {
				return err
			}
		}
		one.Away = -1
		if one.Spot != nil {
			before, known, err := selectSpot(ctx, q, t.Location)
			if err != nil {
				return err
			}
			if known {
				one.Away = distance(before, *one.Spot)
			}
		}
		n, err := insertInspection(ctx, q, one)
		if err != nil {
			return err
		}
		if n == 0 {
			return b.repeated(ctx, q, &one)
		}
		if one.Photo {
			if err := b.Vault.Put(ctx, q, photoID(one.ID), "inspection:"+one.ID, "image/jpeg", bytes.NewReader(photo.Data)); err != nil {
				return err
			}
		}
		if also == nil {
			return nil
		}
		return also(q, one)
	})
	if err != nil {
		return Inspection{}, fmt.Errorf("round: tick: %w", err)
	}
	return one, nil
}

// check reads what was sent.
func (b *Book) check(t Tick) (Inspection, error) {
	l, ok := b.Places.Atlas().Location(t.Location)
	if !ok {
		return Inspection{}, problem.New(problem.Missing, "rounds.location.unknown")
	}
	if l.State == place.Moved || l.State == place.Retired {
		return Inspection{}, problem.New(problem.Conflict, "rounds.location.off")
	}
	if !slices.Contains(States(), t.State) {
		return Inspection{}, &problem.Error{Kind: problem.Invalid, Key: "rounds.invalid", Fields: map[string]string{"state": "rounds.state.bad"}}
	}
	if len(t.Once) < 16 || len(t.Once) > 64 || strings.Trim(t.Once, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		return Inspection{}, problem.New(problem.Malformed, "rounds.invalid")
	}
	return Inspection{
		ID: t.Once, Location: t.Location, Round: t.Round, State: t.State, By: t.By, At: store.At(b.Now()).Time, Spot: ParseSpot(t.Lat, t.Lon),
	}, nil
}

// belongs looks whether the round wants the location.
func (b *Book) belongs(ctx context.Context, q store.Queryer, t Tick) error {
	ids, err := selectSpots(ctx, q, t.Round)
	if err != nil {
		return err
	}
	if !slices.Contains(ids, t.Location) {
		return problem.New(problem.Missing, "rounds.unknown")
	}
	return nil
}

// repeated answers a form that came before: with what it did then, when it says the same.
func (b *Book) repeated(ctx context.Context, q store.Queryer, one *Inspection) error {
	then, err := selectInspection(ctx, q, one.ID)
	if err != nil {
		return err
	}
	if then.Location != one.Location || then.By != one.By || then.State != one.State {
		return problem.New(problem.Conflict, "rounds.once")
	}
	*one = then
	return nil
}

// Photo opens the picture of an inspection. The caller closes it.
func (b *Book) Photo(ctx context.Context, id string) (io.ReadCloser, error) {
	r, _, err := b.Vault.Open(ctx, photoID(id))
	if err != nil {
		return nil, fmt.Errorf("round: photo: %w", err)
	}
	return r, nil
}

func photoID(inspection string) string { return "inspection-" + inspection }

// ParseSpot reads what a browser says of its position, rounded to about ten metres; nil when it says nothing that can
// be.
func ParseSpot(lat, lon string) *Spot {
	x, err1 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	y, err2 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if err1 != nil || err2 != nil || !(math.Abs(x) <= 90) || !(math.Abs(y) <= 180) || x == 0 && y == 0 {
		return nil
	}
	return &Spot{int64(math.Round(x * 1e4)), int64(math.Round(y * 1e4))}
}

// String writes the position in degrees.
func (s Spot) String() string {
	return fmt.Sprintf("%.4f, %.4f", float64(s.Lat)/1e4, float64(s.Lon)/1e4)
}

// distance is the way between two positions in metres, good enough within a county.
func distance(a, b Spot) int64 {
	const metres = 111_195.0 // a degree
	x := float64(a.Lat-b.Lat) / 1e4 * metres
	y := float64(a.Lon-b.Lon) / 1e4 * metres * math.Cos(float64(a.Lat)/1e4*math.Pi/180)
	return int64(math.Round(math.Hypot(x, y)))
}
