// Package trial is the office's own examination of the assistant: questions in the words of its residents with what a right
// reply is, what comes of them now, and what a change would make of them before it is published.
package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/faq"
	"mashang/i18n"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/text"
)

// Test is a question and what is expected of the reply to it. What is empty may be anything, but that a reply is an answer
// unless Outcome says otherwise.
type Test struct {
	ID        string
	Question  string
	Place     string // division; "" for the county
	Lang      string
	Outcome   string
	Programme string
	Shown     string // what it is taken from: entry/ID, section/PROGRAMME/KEY, article/DOCUMENT/NO, amounts/PROGRAMME
	Note      string
	By        string
	At        time.Time
	Version   int64
}

// Outcomes are what may be expected.
func Outcomes() []string {
	return []string{string(faq.Answer), string(faq.Suggest), string(faq.Clarify), string(faq.Refuse), string(faq.Emergency)}
}

// wants is the outcome a test expects.
func (t Test) wants() string {
	if t.Outcome == "" {
		return string(faq.Answer)
	}
	return t.Outcome
}

// Right reports whether a reply is what the test expects.
func (t Test) Right(r faq.Reply) bool {
	return string(r.Outcome) == t.wants() && (t.Programme == "" || slices.Contains(r.Programmes, t.Programme)) && (t.Shown == "" || r.Shown == t.Shown)
}

// Book keeps the tests and how often the assistant passed. Its fields are set once.
type Book struct {
	DB      *store.DB
	Library *policy.Library
	Places  *place.Gazetteer
	Now     func() time.Time
}

const (
	longestQuestion = 200
	longestNote     = 200
	// Most is how many tests an office may have.
	Most = 2000
	// keepRuns is how many runs are remembered.
	keepRuns = 200
)

// Check tidies a test and says what is wrong with it: a *problem.Error with the fields.
func (b *Book) Check(t Test) (Test, error) {
	t.Question, t.Note, t.Shown = text.Clean(t.Question), text.Clean(t.Note), strings.TrimSpace(t.Shown)
	bad := map[string]string{}
	switch {
	case t.Question == "":
		bad["question"] = "better.test.question.missing"
	case text.Len(t.Question) > longestQuestion:
		bad["question"] = "better.test.question.long"
	case privacy.Scrub(t.Question) != t.Question:
		bad["question"] = "better.wording.person"
	}
	if privacy.Scrub(t.Note) != t.Note || text.Len(t.Note) > longestNote {
		bad["note"] = "better.note.wrong"
	}
	if t.Lang == "" {
		t.Lang = string(i18n.Hans)
	}
	if l, ok := i18n.Parse(t.Lang); ok {
		t.Lang = string(l)
	} else {
		bad["lang"] = "better.words.lang"
	}
	if t.Outcome != "" && !slices.Contains(Outcomes(), t.Outcome) {
		bad["outcome"] = "better.test.outcome.wrong"
	}
	if _, ok := b.Places.Atlas().Division(t.Place); t.Place != "" && !ok {
		bad["place"] = "better.test.place.wrong"
	}
	shelf := b.Library.Shelf()
	if _, ok := shelf.Programme(t.Programme); t.Programme != "" && !ok {
		bad["programme"] = "better.words.programme"
	}
	if t.Shown != "" && !Known(shelf, t.Shown) {
		bad["shown"] = "better.test.shown.wrong"
	}
	if len(bad) > 0 {
		return t, &problem.Error{Kind: problem.Invalid, Key: "better.test.wrong", Fields: bad}
	}
	return t, nil
}

// Known reports whether a shelf has what a reply says it was taken from.
func Known(s *policy.Shelf, shown string) bool {
	kind, rest, _ := strings.Cut(shown, "/")
	id, part, _ := strings.Cut(rest, "/")
	switch kind {
	case "entry":
		_, ok := s.Entry(rest)
		return ok
	case "section":
		p, ok := s.Programme(id)
		return ok && slices.ContainsFunc(p.Sections, func(x policy.Section) bool { return x.Key == part })
	case "article":
		_, ok := s.Article(id, part)
		return ok
	case "amounts":
		_, ok := s.Programme(rest)
		return ok
	case "status", "roster", "hours":
		return rest == ""
	}
	return false
}

// All lists the tests, the newest first.
func (b *Book) All(ctx context.Context) ([]Test, error) {
	all, err := selectTests(ctx, b.DB)
	if err != nil {
		return nil, fmt.Errorf("trial: list: %w", err)
	}
	return all, nil
}

// Find is one test.
func (b *Book) Find(ctx context.Context, id string) (Test, error) {
	t, err := selectTest(ctx, b.DB, id)
	if err != nil {
		return t, fmt.Errorf("trial: find: %w", err)
	}
	return t, nil
}

// Save writes a test inside the caller's transaction; one without an ID is new. Version is that of the test that was edited.
func (b *Book) Save(ctx context.Context, q store.Queryer, t Test, by string) (Test, error) {
	t, err := b.Check(t)
	if err != nil {
		return t, err
	}
	t.By, t.At = by, b.Now()
	if t.ID == "" {
		n, err := countTests(ctx, q)
		if err == nil && n >= Most {
			err = problem.New(problem.Conflict, "better.test.many")
		}
		if err == nil {
			t, err = insertTest(ctx, q, t)
		}
		if err != nil {
			return t, fmt.Errorf("trial: save: %w", err)
		}
		return t, nil
	}
	mine, err := updateTest(ctx, q, t)
	if err == nil && !mine {
		err = problem.New(problem.Conflict, "better.test.changed")
	}
	if err != nil {
		return t, fmt.Errorf("trial: save: %w", err)
	}
	t.Version++
	return t, nil
}

// Remove takes a test away, unless it was changed since version was seen.
func (b *Book) Remove(ctx context.Context, q store.Queryer, id string, version int64) error {
	gone, err := deleteTest(ctx, q, id, version)
	if err == nil && !gone {
		err = problem.New(problem.Conflict, "better.test.changed")
	}
	if err != nil {
		return fmt.Errorf("trial: remove: %w", err)
	}
	return nil
}

// Wrong is a test that did not come out right, with what came.
type Wrong struct {
	ID       string `json:"id"`
	Question string `json:"q"`
	Outcome  string `json:"outcome"`
	Shown    string `json:"shown,omitempty"`
	Wanted   string `json:"wanted"`
}

// Run is one examination.
type Run struct {
	ID      string
	At      time.Time
	By, Why string
	N, Good int64
	Wrong   []Wrong
}

// Share is how many of a hundred came out right; of none, all did.
func (r Run) Share() float64 {
	if r.N == 0 {
		return 100
	}
	return 100 * float64(r.Good) / float64(r.N)
}

// Examine puts every test to the assistant and remembers what came.
func (b *Book) Examine(ctx context.Context, a *faq.Assistant, by, why string) (Run, error) {
	r := Run{At: b.Now(), By: by, Why: why}
	tests, err := b.All(ctx)
	if err != nil {
		return r, err
	}
	for _, t := range tests {
		reply, err := ask(ctx, a, t.Question, t.Place, t.Lang)
		if err != nil {
			return r, fmt.Errorf("trial: examine: %w", err)
		}
		r.N++
		if t.Right(reply) {
			r.Good++
			continue
		}
		wanted := t.wants()
		for _, more := range []string{t.Programme, t.Shown} {
			if more != "" {
				wanted += " " + more
			}
		}
		r.Wrong = append(r.Wrong, Wrong{t.ID, t.Question, string(reply.Outcome), reply.Shown, wanted})
	}
	err = b.DB.Tx(ctx, func(q store.Queryer) error {
		if r, err = insertRun(ctx, q, r); err != nil {
			return err
		}
		return dropRuns(ctx, q, keepRuns)
	})
	if err != nil {
		return r, fmt.Errorf("trial: examine: %w", err)
	}
	return r, nil
}

// ask is a question nobody asked. One that cannot be a question has no outcome.
func ask(ctx context.Context, a *faq.Assistant, question, at, lang string) (faq.Reply, error) {
	r, err := a.Ask(ctx, faq.Question{Text: question, Place: at, Lang: i18n.Lang(lang), Quiet: true})
	var told *problem.Error
	if errors.As(err, &told) && told.Kind == problem.Invalid {
		return faq.Reply{}, nil
	}
	return r, err
}

// Runs are the last runs, the newest first.
func (b *Book) Runs(ctx context.Context, limit int) ([]Run, error) {
	all, err := selectRuns(ctx, b.DB, limit)
	if err != nil {
		return nil, fmt.Errorf("trial: runs: %w", err)
	}
	return all, nil
}
