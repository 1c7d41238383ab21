package better

import (
	"context"
	"fmt"
	"time"

	"mashang/platform/problem"
	"mashang/platform/store"
)

// Settings are what the office has set for its work on questions.
type Settings struct {
	Days  int64 // how long a question is kept
	Least int64 // from how many on a group is named in a report that nobody has reviewed
	Floor int64 // how many of a hundred of the office's own questions must come out right
}

// Usual are the settings of an office that has set none.
func Usual() Settings { return Settings{Days: 90, Least: 3, Floor: 90} }

// keepGroups is how long it is remembered what became of a group.
const keepGroups = 400 * 24 * time.Hour

// Settings reads them.
func (b *Book) Settings(ctx context.Context) (Settings, error) {
	s := Usual()
	set, err := selectSettings(ctx, b.DB)
	if err != nil {
		return s, fmt.Errorf("better: settings: %w", err)
	}
	for name, to := range s.named() {
		if v, ok := set[name]; ok {
			*to = v
		}
	}
	return s, nil
}

func (s *Settings) named() map[string]*int64 {
	return map[string]*int64{"days": &s.Days, "least": &s.Least, "floor": &s.Floor}
}

// Set writes them, inside the caller's transaction.
func (b *Book) Set(ctx context.Context, q store.Queryer, s Settings) error {
	bad := map[string]string{}
	if s.Days < 7 || s.Days > 365 {
		bad["days"] = "better.settings.days.wrong"
	}
	if s.Least < 2 || s.Least > 50 {
		bad["least"] = "better.settings.least.wrong"
	}
	if s.Floor < 0 || s.Floor > 100 {
		bad["floor"] = "better.settings.floor.wrong"
	}
	if len(bad) > 0 {
		return &problem.Error{Kind: problem.Invalid, Key: "better.settings.wrong", Fields: bad}
	}
	for name, v := range s.named() {
		if err := putSetting(ctx, q, name, *v); err != nil {
			return fmt.Errorf("better: set: %w", err)
		}
	}
	return nil
}

// Forget takes away the questions whose time is over; of a group stays what an editor wrote and what became of it.
func (b *Book) Forget(ctx context.Context) error {
	s, err := b.Settings(ctx)
	if err != nil {
		return err
	}
	now := b.Now()
	err = b.DB.Tx(ctx, func(q store.Queryer) error {
		if _, err := deleteQuestions(ctx, q, store.At(now.AddDate(0, 0, -int(s.Days)))); err != nil {
			return err
		}
		if err := dropLeaders(ctx, q); err != nil {
			return err
		}
		return dropGroups(ctx, q, store.At(now.Add(-keepGroups)))
	})
	if err != nil {
		return fmt.Errorf("better: forget: %w", err)
	}
	return nil
}
