package e2e_test

import (
	"fmt"
	"time"

	"mashang/aid/apply/applytest"
)

// person is an invented applicant; each number gives another, always the same.
type person struct {
	Name, ID, Phone string
}

// invented makes person n, born in the 1960s.
func invented(n int) person {
	born := time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%3650)
	surnames, given := []rune("赵钱孙李周吴郑王冯陈"), []rune("春夏秋冬山水田林石泉")
	return person{
		Name:  string(surnames[n%10]) + string(given[n/10%10]) + string(given[n/100%10]),
		ID:    applytest.ID(born, n),
		Phone: fmt.Sprintf("138%08d", n%100_000_000),
	}
}

// application is what POST /api/v1/applications takes for a person living alone.
// version is that of the form, whose consent text the person agrees to.
func application(p person, place, village, version string) map[string]any {
	return map[string]any{
		"programme": "dibao",
		"place":     place,
		"for":       map[string]any{"kind": "self"},
		"answers": map[string]any{
			"kin": "no",
			"applicant": map[string]any{
				"name": p.Name, "id": p.ID, "phone": p.Phone,
				"hukou": village, "address": "村东头第三家", "health": []string{"chronic"}, "work": "farm",
			},
			"causes":    []string{"illness"},
			"type":      "family",
			"household": map[string]any{"alone": "yes", "supporters": "no"},
			"incomes":   []any{map[string]any{"who": p.Name, "has": []string{"transfers"}, "transfers": "2400.00"}},
			"savings":   map[string]any{"has": []string{"deposits"}, "deposits": "1000.00"},
			"things":    map[string]any{"vehicles": "no", "houses": "no"},
			"expenses":  map[string]any{"has": []string{"medical"}, "medical": "8000.00"},
		},
		"consents": []any{map[string]any{"member": "applicant", "version": version, "name": p.Name}},
	}
}
