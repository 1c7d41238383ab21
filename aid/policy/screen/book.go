package screen

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/platform/problem"
	"mashang/platform/store"
)

// maxRules bounds a file of rules that is handed in.
const maxRules = 1 << 20

// Book keeps the rules an office brings in; until it has, those that come with the program hold. Every instance sees
// new rules at its next question.
type Book struct {
	DB      *store.DB
	Library *policy.Library
	Now     func() time.Time

	mu      sync.Mutex
	version int64
	current *Screener
	shipped *Screener
}

// Open compiles the rules that come with the program.
func (b *Book) Open() (err error) {
	b.shipped, err = New()
	b.current = b.shipped
	return err
}

// Family reads a household with the words the office uses.
func (b *Book) Family(h Household) Family { return b.shipped.Family(h) }

// Judge applies the rules that hold now.
func (b *Book) Judge(ctx context.Context, f Family, st Standards) ([]Verdict, error) {
	s, err := b.Rules(ctx)
	if err != nil {
		return nil, err
	}
	return s.Judge(f, st)
}

// Rules are the rules that hold now, compiled.
func (b *Book) Rules(ctx context.Context) (*Screener, error) {
	version, err := readVersion(ctx, b.DB)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if version == b.version {
		return b.current, nil
	}
	version, body, err := readRules(ctx, b.DB)
	if err != nil {
		return nil, err
	}
	s, faults := compile([]byte(body), b.shipped.words)
	if err := faults.Err(); err != nil {
		return nil, fmt.Errorf("screen: rules: %w", err)
	}
	b.version, b.current = version, s
	return s, nil
}

// Export is the rules that hold now, as Import takes them.
func (b *Book) Export(ctx context.Context) ([]byte, error) {
	version, body, err := readRules(ctx, b.DB)
	if err != nil || version == 0 {
		return rulesJSON, err
	}
	return []byte(body), nil
}

// Import puts a file of rules in place of those that hold, all or none. A fault names the line and why.
func (b *Book) Import(ctx context.Context, r io.Reader, dry bool) (place.Report, error) {
	report := place.Report{Kind: "rules"}
	raw, err := io.ReadAll(io.LimitReader(r, maxRules+1))
	if err != nil {
		return report, &problem.Error{Kind: problem.Malformed, Key: "policy.import.unreadable", Err: err}
	}
	if len(raw) > maxRules {
		return report, problem.New(problem.TooLarge, "policy.import.large")
	}
	s, faults := compile(raw, b.shipped.words)
	if len(faults) == 0 {
		faults = s.against(b.Library.Shelf(), b.Now())
		report.Rows = len(s.rules)
	}
	report.Faults = faults
	if len(faults) > 0 || dry {
		return report, nil
	}
	if err := b.DB.Tx(ctx, func(q store.Queryer) error { return writeRules(ctx, q, string(raw)) }); err != nil {
		return report, err
	}
	report.Written = true
	return report, nil
}
