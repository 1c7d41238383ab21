package frame

// Clause is a point of what somebody agrees to: a question and its answer.
type Clause struct{ Title, Text string }

// Clauses pairs the lines of a text that has its questions and answers in turn.
func Clauses(lines []string) []Clause {
	var out []Clause
	for i := 0; i+1 < len(lines); i += 2 {
		out = append(out, Clause{lines[i], lines[i+1]})
	}
	return out
}
