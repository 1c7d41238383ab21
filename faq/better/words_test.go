package better_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/aid/policy"
	"mashang/faq"
	"mashang/faq/better/words"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/review"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func saying(w string, programmes ...string) words.Row {
	return words.Row{Words: w, Lang: "zh-Hans", Kind: "plain", Programmes: programmes}
}

// publish proposes lines as one and has another publish them.
func (r *room) publish(t testing.TB, items ...words.Item) review.Change {
	t.Helper()
	var c review.Change
	must(t, r.tx(t, func(ctx context.Context, q store.Queryer) (err error) {
		c, err = r.Words.Propose(ctx, q, r.Desk, items, "words", "", "anna")
		return err
	}))
	_, err := r.Desk.Approve(t.Context(), c.ID, "bert")
	must(t, err)
	return c
}

func TestAWordIsProposedTriedPublishedAndKnownToEveryInstance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		r := newRoom(t, db)
		second := &words.Book{DB: db, Now: r.Words.Now, Library: r.Library, Words: r.Words.Words} // another instance, without notices
		must(t, second.Open(ctx))
		t.Cleanup(second.Close)
		shipped := len(r.Words.Lines(words.Filter{}))

		var c review.Change
		must(t, r.tx(t, func(ctx context.Context, q store.Queryer) (err error) {
			c, err = r.Words.Propose(ctx, q, r.Desk, []words.Item{words.ItemOf(saying("阿婆钱粮", "dibao"))}, "阿婆钱粮", "", "anna")
			return err
		}))
		if _, ok := r.Words.Line("阿婆钱粮"); ok {
			t.Fatal("a proposal is in use")
		}
		items, err := words.Items(c.After)
		must(t, err)
		laid, err := r.Words.Laid(ctx, items)
		must(t, err)
		then, err := r.Asks.Try(r.Library.Shelf(), laid)
		must(t, err)
		if now, tried := r.Asks.Find("阿婆钱粮"), then.Find("阿婆钱粮"); len(now) > 0 || !slices.Equal(tried, []string{"dibao"}) {
			t.Errorf("now it means %v, with the word %v", now, tried)
		}
		if _, err := r.Desk.Approve(ctx, c.ID, "anna"); !problem.Is(err, problem.Denied) {
			t.Errorf("one person alone publishes: %v", err)
		}
		_, err = r.Desk.Approve(ctx, c.ID, "bert")
		must(t, err)
		if l, ok := r.Words.Line("阿婆钱粮"); !ok || !l.Ours || l.Shipped {
			t.Errorf("published = %+v %v", l, ok)
		}
		if n := len(r.Words.Lines(words.Filter{})); n != shipped+1 {
			t.Errorf("%d lines, want %d", n, shipped+1)
		}
		until := time.Now().Add(time.Minute)
		for {
			if _, ok := second.Line("阿婆钱粮"); ok {
				break
			}
			if time.Now().After(until) {
				t.Fatal("the other instance has not heard of it")
			}
			time.Sleep(20 * time.Millisecond)
		}
		back, err := r.Desk.Revert(ctx, c.ID, "anna", "")
		must(t, err)
		_, err = r.Desk.Approve(ctx, back.ID, "bert")
		must(t, err)
		if _, ok := r.Words.Line("阿婆钱粮"); ok {
			t.Error("taken back, and still there")
		}
	})
}

func TestAShippedWordIsChangedAndBecomesTheProgramsAgain(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	had, ok := r.Words.Line("吃低保")
	if !ok || !had.Shipped || had.Ours {
		t.Fatalf("shipped = %+v %v", had, ok)
	}
	off := had.Row
	off.Off, off.Note = true, "这里不这么说"
	r.publish(t, words.ItemOf(off))
	said, _ := r.Words.Sayings()
	if slices.ContainsFunc(said, func(s faq.Saying) bool { return s.Words == "吃低保" }) {
		t.Error("a word that is off is in use")
	}
	// What a newer program ships stands below it: the office's line is what is kept, and nothing else.
	again := &words.Book{DB: r.DB, Now: r.Words.Now, Library: r.Library, Words: r.Words.Words}
	must(t, again.Open(t.Context()))
	defer again.Close()
	if l, _ := again.Line("吃低保"); !l.Off || !l.Ours || !l.Shipped {
		t.Errorf("opened again = %+v", l)
	}
	var n int
	must(t, r.DB.QueryRowContext(t.Context(), `SELECT count(*) FROM sayings`).Scan(&n))
	if n != 1 {
		t.Errorf("%d rows are kept, want the changed one alone", n)
	}
	r.publish(t, words.ItemOf(had.Row))
	must(t, r.DB.QueryRowContext(t.Context(), `SELECT count(*) FROM sayings`).Scan(&n))
	if l, _ := r.Words.Line("吃低保"); n != 0 || l.Ours || l.Off {
		t.Errorf("as it ships again = %+v, %d rows", l, n)
	}
}

func TestWhatIsNoWordIsRefused(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	shelf := r.Library.Shelf()
	for i := range 6 {
		shelf = shelf.Lay(policy.Entry{ID: fmt.Sprint("e-sum", i), Programme: "dibao", Questions: []i18n.Text{{Hans: "低保多少钱"}}})
	}
	r.Words.Library = r.Library.Over(shelf)
	for _, tt := range []struct {
		name, field string
		row         words.Row
	}{
		{"nothing", "words", saying("", "dibao")},
		{"one character", "words", saying("钱", "dibao")},
		{"a sentence", "words", saying(strings.Repeat("低保", 20), "dibao")},
		{"a number", "words", saying("13800138000", "dibao")},
		{"no such programme", "programmes", saying("阿婆钱", "nowhere")},
		{"means nothing", "programmes", saying("阿婆钱")},
		{"no such kind", "kind", words.Row{Words: "阿婆钱", Lang: "en", Kind: "x", Programmes: []string{"dibao"}}},
		{"words of half the questions, sent away", "words", words.Row{Words: "多少钱", Lang: "zh-Hans", Kind: "plain", Hotline: "12333"}},
		{"no such telephone", "hotline", words.Row{Words: "阿婆钱", Lang: "en", Kind: "plain", Hotline: "999"}},
		{"no such aspect", "aspect", words.Row{Words: "阿婆钱", Lang: "en", Kind: "plain", Aspect: "x"}},
	} {
		_, err := r.Words.Check(tt.row)
		var told *problem.Error
		if !errors.As(err, &told) || told.Fields[tt.field] == "" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	for _, ok := range []words.Row{saying("阿婆钱粮", "dibao"), {Words: "走流程", Lang: "zh-Hans", Kind: "plain", Aspect: "how"}, {Words: "护照", Lang: "zh-Hans", Kind: "plain", Hotline: "12367"}} {
		if _, err := r.Words.Check(ok); err != nil {
			t.Errorf("%s: %v", ok.Words, err)
		}
	}
}

func TestTheLexiconGoesOutAndComesBack(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	var b bytes.Buffer
	must(t, r.Words.Export(&b))
	p, err := r.Words.Plan("lexicon.csv", b.Bytes())
	must(t, err)
	if len(p.Faults) > 0 || len(p.Items) > 0 || p.Same != p.Rows || p.Rows < 500 {
		t.Fatalf("as it went out = %d rows, %d same, %d items, faults %v", p.Rows, p.Same, len(p.Items), p.Faults)
	}
	p, err = r.Words.Plan("new.csv", []byte("说法,项目,类型\n阿婆钱粮,dibao,方言\n低保,dibao,俗称\n阿公粮,dibao,\n"))
	must(t, err)
	if p.New != 2 || p.Same != 1 || len(p.Items) != 2 {
		t.Fatalf("a short file = %+v", p)
	}
	r.publish(t, p.Items...)
	if l, ok := r.Words.Line("阿婆钱粮"); !ok || l.Kind != "dialect" {
		t.Errorf("brought in = %+v", l)
	}
	for name, file := range map[string]string{"twice": "words,programmes\n阿婆,dibao\n阿婆,dibao\n", "bad": "words,programmes\n钱,dibao\n"} {
		if p, err := r.Words.Plan(name, []byte(file)); err == nil && len(p.Faults) == 0 {
			t.Errorf("%s is taken: %+v", name, p)
		}
	}
}

func FuzzLexiconFile(f *testing.F) {
	r := newRoom(f, storetest.SQLite(f))
	f.Add([]byte("说法,项目\n阿婆钱粮,dibao\n"))
	f.Add([]byte("words\tprogrammes\tstate\n=1+1\tdibao\t停用\n"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := r.Words.Plan("f.csv", file)
		if err != nil {
			var told *problem.Error
			if !errors.As(err, &told) {
				t.Fatalf("%v is no problem a person can be told", err)
			}
			return
		}
		for _, it := range p.Items {
			if row, err := r.Words.Check(*it.Row); err != nil || words.Name(row.Words) != it.Name {
				t.Fatalf("%+v was let through: %v", it.Row, err)
			}
		}
	})
}
