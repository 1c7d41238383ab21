package apply

// sums adds up what nobody should have to.
func (r reading) sums() Sums {
	s := Sums{People: len(r.persons), IncomeOf: map[string]int64{}}
	for _, row := range rowsAt(r.doc, "incomes") {
		who, _ := row["who"].(string)
		for _, kind := range []string{"wages", "business", "property", "transfers", "other"} {
			amount, _ := row[kind].(string)
			s.IncomeOf[who] += Cents(amount)
			s.IncomeYear += Cents(amount)
		}
	}
	for _, row := range rowsAt(r.doc, "supporters") {
		pays, _ := row["pays_month"].(string)
		s.SupportMonth += Cents(pays)
	}
	s.IncomeMonth = s.IncomeYear / 12
	if s.People > 0 {
		s.PerPersonMonth = s.IncomeYear / 12 / int64(s.People)
	}
	s.Assets = r.group("savings", "deposits", "securities", "insurance", "claims", "other")
	s.ExpensesYear = r.group("expenses", "medical", "education", "disability", "rent", "other")
	return s
}

func (r reading) group(name string, kinds ...string) int64 {
	var sum int64
	for _, kind := range kinds {
		sum += Cents(textAt(r.doc, name+"."+kind))
	}
	return sum
}
