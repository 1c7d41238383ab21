package form

// Sums are computed, never asked. Cents, over the last twelve months unless said otherwise.
type Sums struct {
	People         int              `json:"people"`
	IncomeYear     int64            `json:"income_year"`
	IncomeMonth    int64            `json:"income_month"`
	PerPersonMonth int64            `json:"income_month_per_person"`
	SupportMonth   int64            `json:"support_month"` // from relatives who live elsewhere
	Assets         int64            `json:"assets"`
	ExpensesYear   int64            `json:"expenses_year"`
	IncomeOf       map[string]int64 `json:"income_year_of"` // by person
}

// Sums adds up what nobody should have to.
func (r Reading) Sums() Sums {
	s := Sums{People: len(r.Persons), IncomeOf: map[string]int64{}}
	for _, row := range rowsAt(r.Doc, "incomes") {
		who, _ := row["who"].(string)
		for _, kind := range []string{"wages", "business", "property", "transfers", "other"} {
			amount, _ := row[kind].(string)
			s.IncomeOf[who] += Cents(amount)
			s.IncomeYear += Cents(amount)
		}
	}
	for _, row := range rowsAt(r.Doc, "supporters") {
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

func (r Reading) group(name string, kinds ...string) int64 {
	var sum int64
	for _, kind := range kinds {
		sum += Cents(TextAt(r.Doc, name+"."+kind))
	}
	return sum
}
