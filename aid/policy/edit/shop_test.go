package edit_test

import (
	"errors"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/aid/policy/edit"
	"mashang/i18n"
	"mashang/platform/audit"
	"mashang/platform/review"
	"mashang/platform/store"
)

func hans(s string) i18n.Text { return i18n.Text{Hans: s} }

func day(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := place.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// now is the clock of these tests.
var now = time.Date(2026, 11, 21, 12, 0, 0, 0, i18n.Shanghai)

// shop is a small library with a desk for its drafts.
type shop struct {
	*edit.Desk
}

func open(t *testing.T, db *store.DB) shop {
	t.Helper()
	at := func() time.Time { return now }
	library, err := policy.NewLibrary(t.Context(), db, nil, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(library.Close)
	log := &audit.Log{DB: db, Now: at}
	desk := &review.Desk{DB: db, Audit: log, Now: at}
	for _, k := range edit.ReviewKinds(library) {
		desk.Register(k)
	}
	return shop{&edit.Desk{DB: db, Library: library, Review: desk, Audit: log, Now: at}}
}

// fill enters a department, three documents, a programme and an answer.
func (s shop) fill(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	err := s.DB.Tx(ctx, func(q store.Queryer) error {
		return errors.Join(
			s.Library.PutDepartments(ctx, q, []policy.Department{{ID: "minzheng", Name: hans("民政局")}}),
			s.Library.PutSituations(ctx, q, []policy.Situation{{ID: "shouru", Name: hans("收入少")}}),
			s.Library.PutDocuments(ctx, q, []policy.Document{
				{ID: "law", Title: "救助办法", State: policy.InForce, From: day(t, "2021-07-01"), Replaces: []string{"old"}, Articles: []policy.Article{{No: "9", Label: "第九条", Text: "收入低的家庭可以申请。应当三日内告知。"}, {No: "10", Text: "第十条的话。"}}},
				{ID: "old", Title: "旧办法", State: policy.Expired, To: day(t, "2021-06-30"), Articles: []policy.Article{{No: "1", Text: "旧的。"}}}}),
			s.Library.PutProgrammes(ctx, q, []policy.Programme{{ID: "dibao", Order: 1, Name: hans("低保"), Department: "minzheng", Office: "minzheng", Situations: []string{"shouru"}, Apply: "form", Full: true,
				Sections:  []policy.Section{{Key: "who", Title: hans("谁"), Text: hans("收入低的家庭。"), Cites: []policy.Cite{{Document: "law", Article: "9", Quote: "收入低的家庭"}}}, {Key: "how", Title: hans("怎么"), Text: hans("去镇里。")}},
				Deadlines: []policy.Deadline{{Key: "decision", Days: 30, Unit: "workday", Text: hans("三十个工作日")}}}}),
			s.Library.PutEntries(ctx, q, []policy.Entry{{ID: "f1", Programme: "dibao", Questions: []i18n.Text{hans("谁能办")}, Answer: hans("收入低的。"), Cites: []policy.Cite{{Document: "law", Article: "9"}}}}),
		)
	})
	if err == nil {
		err = s.Library.Reload(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// save changes a programme's part as an editor who has just opened it does.
func (s shop) save(t *testing.T, object, part, by string, change func(*policy.Programme)) (edit.Draft, error) {
	t.Helper()
	d, err := s.Open(t.Context(), edit.Programme, object)
	if err != nil {
		t.Fatal(err)
	}
	v, err := d.Value()
	if err != nil {
		t.Fatal(err)
	}
	return s.Save(t.Context(), edit.Programme, object, part, edit.Mark(v, part), by, func(v any) (any, error) {
		p := v.(policy.Programme)
		change(&p)
		return p, nil
	})
}
