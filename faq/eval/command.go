package eval

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"mashang/faq/search"
)

// ErrUsage says that the command was called wrongly.
var ErrUsage = errors.New("wrong arguments")

// call is what the command was called with.
type call struct {
	corpus, queries, qrels, oos, stored, storedQrels string
	weights, against, keep, floor                    string
	compare, asJSON                                  bool
	rest                                             []string
}

// Command is `mashang eval`: it reads the files named by args and writes the
// report to out, as JSON or in words. With -compare it reads two runs kept
// before and tells them apart.
func Command(args []string, out io.Writer) error {
	c, err := parse(args, out)
	if err != nil {
		return err
	}
	if c.compare {
		return compareRuns(c.rest[0], c.rest[1], out)
	}
	s, others, err := c.read()
	if err != nil {
		return err
	}
	model, err := readModel(c.weights)
	if err != nil {
		return err
	}
	r, ranks := Run(s, others, model)
	if c.keep != "" {
		data, err := json.Marshal(kept{r, ranks})
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.keep, append(data, '\n'), 0o644); err != nil { //nolint:gosec // figures, no secrets
			return fmt.Errorf("eval: %w", err)
		}
	}
	if err := c.print(s, r, len(others), out); err != nil {
		return err
	}
	if c.against != "" {
		if err := c.printAgainst(s, ranks, out); err != nil {
			return err
		}
	}
	if c.floor == "" {
		return nil
	}
	floors, err := ReadFloors(c.floor)
	if err != nil {
		return err
	}
	return floors.Check(r)
}

func parse(args []string, out io.Writer) (*call, error) {
	var c call
	f := flag.NewFlagSet("eval", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	f.StringVar(&c.corpus, "corpus", "", "documents, JSON lines with _id, title, text")
	f.StringVar(&c.queries, "queries", "", "questions, JSON lines with _id, text")
	f.StringVar(&c.qrels, "qrels", "", "right documents: question, document and score, parted by tabs")
	f.StringVar(&c.oos, "oos", "", "questions of other subjects, which should be refused")
	f.StringVar(&c.stored, "stored", "", "questions to store as variants of their documents")
	f.StringVar(&c.storedQrels, "stored-qrels", "", "documents the stored questions belong to")
	f.StringVar(&c.weights, "weights", "", "weights to rank with instead of those that ship")
	f.StringVar(&c.against, "against", "", "weights to compare with by paired bootstrap; shipped: those that ship")
	f.StringVar(&c.keep, "keep", "", "file to keep the run in, for -compare")
	f.StringVar(&c.floor, "floor", "", "file with the least figures; it is an error to be below one")
	f.BoolVar(&c.compare, "compare", false, "compare two kept runs instead: -compare A.json B.json")
	f.BoolVar(&c.asJSON, "json", false, "print JSON")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		_, _ = fmt.Fprintln(out, "usage: mashang eval -corpus F -queries F -qrels F [-oos F] [-stored F -stored-qrels F] [-weights F] [-against F] [-keep F] [-floor F] [-json]\n       mashang eval -compare A.json B.json")
		f.SetOutput(out)
		f.PrintDefaults()
		return nil, err
	}
	c.rest = f.Args()
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	case c.compare && len(c.rest) != 2:
		return nil, fmt.Errorf("%w: -compare wants two files that -keep wrote", ErrUsage)
	case c.compare:
	case c.corpus == "" || c.queries == "" || c.qrels == "" || len(c.rest) > 0:
		return nil, fmt.Errorf("%w: want -corpus, -queries and -qrels, and no other arguments", ErrUsage)
	case (c.stored == "") != (c.storedQrels == ""):
		return nil, fmt.Errorf("%w: -stored and -stored-qrels go together", ErrUsage)
	}
	return &c, nil
}

func (c *call) read() (s *Set, others []Query, err error) {
	if s, err = Read(c.corpus, c.queries, c.qrels); err != nil {
		return nil, nil, err
	}
	switch { // a figure of nothing would look like a bad figure
	case len(s.Docs) == 0:
		return nil, nil, fmt.Errorf("eval: %s has no documents", c.corpus)
	case len(s.Queries) == 0:
		return nil, nil, fmt.Errorf("eval: %s has no questions", c.queries)
	case !slices.ContainsFunc(s.Queries, func(q Query) bool { return len(s.Right[q.ID]) > 0 }):
		return nil, nil, fmt.Errorf("eval: no question of %s is in %s", c.queries, c.qrels)
	}
	if c.stored != "" {
		if err := s.readStored(c.stored, c.storedQrels); err != nil {
			return nil, nil, err
		}
	}
	if c.oos != "" {
		others, err = Queries(c.oos)
	}
	return s, others, err
}

// readModel reads weights; "" and "shipped" are those that ship.
func readModel(name string) (*search.Model, error) {
	if name == "" || name == "shipped" {
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	return search.ReadModel(data)
}

func (c *call) print(s *Set, r Report, others int, out io.Writer) error {
	if c.asJSON {
		return json.NewEncoder(out).Encode(r)
	}
	_, err := fmt.Fprintf(out, "%d documents, %d questions\nr@1 %.3f  r@3 %.3f  mrr@10 %.3f\np50 %d µs  p99 %d µs  build %d ms  heap %.1f MB\n",
		len(s.Docs), r.Queries, r.R1, r.R3, r.MRR, r.P50, r.P99, r.Build, float64(r.Heap)/1e6)
	if err == nil && r.Refused != nil {
		_, err = fmt.Fprintf(out, "refused of %d questions of other subjects: %.3f\n", others, *r.Refused)
	}
	return err
}

// printAgainst compares the run with one by other weights.
func (c *call) printAgainst(s *Set, ranks Ranks, out io.Writer) error {
	model, err := readModel(c.against)
	if err != nil {
		return err
	}
	all := Compare(Rank(s, By(search.NewIndex(s.Docs, search.Options{Weights: model}))), ranks)
	if c.asJSON {
		return json.NewEncoder(out).Encode(all)
	}
	return Print(out, all)
}
