package better_test

import (
	"bytes"
	"context"
	"testing"

	"mashang/faq/better/trial"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// examine adds tests as an editor does.
func (r *room) examine(t testing.TB, tests ...trial.Test) {
	t.Helper()
	must(t, r.tx(t, func(ctx context.Context, q store.Queryer) error {
		for _, one := range tests {
			if _, err := r.Tests.Save(ctx, q, one, "anna"); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestTheOfficesOwnTestsShowWhatAChangeWouldDo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		r := newRoom(t, db)
		r.examine(t, trial.Test{Question: "低保停了怎么恢复", Shown: "entry/e-stop"}, trial.Test{Question: "低保金几号发", Programme: "dibao", Shown: "entry/e-day"},
			trial.Test{Question: "火星车票怎么买", Outcome: "refuse"}, trial.Test{Question: "蓝本子旧棉袄", Shown: "entry/e-stop"})
		before, err := r.Tests.Examine(ctx, r.Asks, "anna", "")
		must(t, err)
		if before.N != 4 || before.Good < 2 || before.Good == 4 {
			t.Fatalf("before = %+v", before)
		}
		r.asked(t, town, "蓝本子旧棉袄啊")
		e, _ := r.Library.Shelf().Entry("e-stop")
		e.Questions = append(e.Questions, i18n.Text{Hans: "蓝本子旧棉袄"})
		e.Vetted = true
		then, err := r.Asks.Try(r.Library.Shelf().Lay(e), nil)
		must(t, err)
		good, err := r.Tests.Compare(ctx, r.Asks, then)
		must(t, err)
		if good.Tests != 4 || good.Better != good.After-good.Before+good.Worse || good.Better < 1 || good.Worse != 0 || good.Alarming() || good.Asked != 1 || good.Answered != 1 {
			t.Errorf("a good change = %+v", good)
		}
		bad, err := r.Asks.Try(r.Library.Shelf().Lift("e-stop"), nil)
		must(t, err)
		if got, err := r.Tests.Compare(ctx, r.Asks, bad); err != nil || got.Worse < 1 || !got.Alarming() || got.Strayed < 1 {
			t.Errorf("taking an answer away = %+v %v", got, err)
		}
		// The control: the same assistant on both sides moves nothing.
		if got, err := r.Tests.Compare(ctx, r.Asks, r.Asks); err != nil || !got.Quiet() || got.Better+got.Worse+got.Strayed+got.Reworded != 0 {
			t.Errorf("no change = %+v %v", got, err)
		}
		runs, err := r.Tests.Runs(ctx, 10)
		must(t, err)
		if len(runs) != 1 || runs[0].Good != before.Good || len(runs[0].Wrong) != int(before.N-before.Good) {
			t.Errorf("runs = %+v", runs)
		}
	})
}

func TestTestsAreKeptCheckedAndBroughtIn(t *testing.T) {
	r := newRoom(t, storetest.SQLite(t))
	r.examine(t, trial.Test{Question: "低保停了怎么恢复", Shown: "entry/e-stop", Place: town})
	all, err := r.Tests.All(t.Context())
	must(t, err)
	one := all[0]
	one.Note = "常问"
	r.examine(t, one)
	if err := r.tx(t, func(ctx context.Context, q store.Queryer) error {
		_, err := r.Tests.Save(ctx, q, one, "bert")
		return err
	}); !problem.Is(err, problem.Conflict) {
		t.Errorf("an old page overwrites: %v", err)
	}
	for name, bad := range map[string]trial.Test{
		"nothing": {}, "a person": {Question: "身份证110101199003077715能办吗"}, "no source": {Question: "问", Shown: "entry/none"}, "no place": {Question: "问", Place: "1"},
		"no outcome": {Question: "问", Outcome: "x"}, "no programme": {Question: "问", Programme: "x"},
	} {
		if _, err := r.Tests.Check(bad); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for shown, want := range map[string]bool{"entry/e-stop": true, "section/dibao/who": true, "section/dibao/x": false, "article/law/1": true, "amounts/dibao": true, "status": true, "status/x": false, "": false} {
		if got := trial.Known(r.Library.Shelf(), shown); got != want {
			t.Errorf("%q is known: %v", shown, got)
		}
	}
	var b bytes.Buffer
	must(t, r.Tests.Export(t.Context(), &b))
	p, err := r.Tests.Plan(t.Context(), "tests.csv", b.Bytes())
	if err != nil || p.Same != 1 || len(p.Tests) != 0 || len(p.Faults) != 0 {
		t.Errorf("as it went out = %+v %v", p, err)
	}
	p, err = r.Tests.Plan(t.Context(), "tests.csv", []byte("问题,期望,项目\n低保金哪天到,直接回答,dibao\n别的,,none\n"))
	if err != nil || len(p.Tests) != 1 || p.Tests[0].Outcome != "answer" || len(p.Faults) != 1 {
		t.Errorf("a file = %+v %v", p, err)
	}
	must(t, r.tx(t, func(ctx context.Context, q store.Queryer) error { return r.Tests.Take(ctx, q, p, "anna") }))
	if all, _ = r.Tests.All(t.Context()); len(all) != 2 {
		t.Errorf("%d tests", len(all))
	}
	must(t, r.tx(t, func(ctx context.Context, q store.Queryer) error {
		return r.Tests.Remove(ctx, q, all[0].ID, all[0].Version)
	}))
	if err := r.tx(t, func(ctx context.Context, q store.Queryer) error {
		return r.Tests.Remove(ctx, q, all[0].ID, all[0].Version)
	}); !problem.Is(err, problem.Conflict) {
		t.Errorf("deleted twice: %v", err)
	}
}
