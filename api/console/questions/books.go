package questions

import (
	"context"
	"log/slog"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/faq/better"
	"mashang/faq/better/month"
	"mashang/faq/better/trial"
	"mashang/faq/better/words"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/kv"
	"mashang/platform/review"
	"mashang/platform/store"
)

// Joint is what the books stand on.
type Joint struct {
	DB      *store.DB
	KV      kv.Store
	Library *policy.Library
	Places  *place.Gazetteer
	Review  *review.Desk
	Audit   *audit.Log
	Catalog *i18n.Catalog
	Now     func() time.Time
	Log     *slog.Logger
}

// Open joins the books and lets lines of the lexicon be reviewed. The caller closes Words.
func Open(ctx context.Context, j Joint) (Books, error) {
	b := Books{
		Groups: &better.Book{DB: j.DB, Library: j.Library, Review: j.Review, Now: j.Now,
			Drafts: &edit.Desk{DB: j.DB, Library: j.Library, Review: j.Review, Audit: j.Audit, Now: j.Now}},
		Words: &words.Book{DB: j.DB, KV: j.KV, Now: j.Now, Log: j.Log, Library: j.Library, Words: j.Catalog},
		Tests: &trial.Book{DB: j.DB, Library: j.Library, Places: j.Places, Now: j.Now},
	}
	b.Months = &month.Maker{DB: j.DB, Places: j.Places, Groups: b.Groups, Tests: b.Tests, Now: j.Now}
	if err := b.Words.Open(ctx); err != nil {
		return b, err
	}
	j.Review.Register(b.Words.ReviewKind())
	return b, nil
}
