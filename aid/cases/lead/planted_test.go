package lead_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"mashang/aid/cases"
	"mashang/aid/cases/alarm"
	"mashang/aid/cases/lead"
	"mashang/platform/store"
)

// A thousand numbers are planted in calls, leads, who told them and the duty list; none lies readable in the database,
// its log of writes, or a copy of it.
func TestPlantedNumbersLieNowhere(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	d := newDesk(t, db)
	watch, err := alarm.New(alarm.Desk{DB: db, Keys: d.Keys, Places: d.Places, Now: d.Now})
	if err != nil {
		t.Fatal(err)
	}
	var planted []string
	for n := range 250 {
		id, phone := fmt.Sprintf("99012119510%07d", 1_000_003*n%10_000_000), fmt.Sprintf("138%08d", 77_000_000+n)
		other, mine := fmt.Sprintf("99012119620%07d", 1_000_033*n%10_000_000), fmt.Sprintf("139%08d", 66_000_000+n)
		planted = append(planted, id, phone, other, mine)
		if _, err := d.Report(t.Context(), lead.Lead{Place: xinglin, Who: "老人 " + id, Where: "三组", Said: "身份证 " + other, Seen: []string{"ill"}, Name: "王 " + id, Phone: phone, Address: "203.0.113.9"}); err != nil {
			t.Fatal(err)
		}
		filed, err := d.Cases.File(t.Context(), cases.Filing{Kind: cases.Emergency, Division: xinglin, Scope: []string{xinglin, liuhe, county},
			Body: map[string]string{"who": other + " " + mine}, Caller: cases.Caller{Phone: mine, Address: "203.0.113.9"}})
		if err != nil {
			t.Fatal(err)
		}
		if n < 20 {
			o, err := alarm.CheckOfficer(liuhe, "李 "+id, phone, "")
			if err == nil {
				err = db.Tx(t.Context(), func(q store.Queryer) error { _, err := watch.Add(t.Context(), q, o, "admin"); return err })
			}
			if err == nil {
				_, err = d.Cases.Acknowledge(t.Context(), filed.Receipt, "", liuhe, "wang", nil)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if found := search(t, dir, planted); found != 0 {
		t.Errorf("%d of %d planted numbers lie readable in the folder", found, len(planted))
	}
	// The control: one that is written down plainly is found.
	if _, err := db.ExecContext(t.Context(), `UPDATE duty_officers SET hours = $1`, planted[1]); err != nil {
		t.Fatal(err)
	}
	if search(t, dir, planted) == 0 {
		t.Error("a number that is written down plainly was not found: the search proves nothing")
	}
}

// search counts the numbers that stand in the files of a folder, in one pass over their runs of digits.
func search(t *testing.T, dir string, numbers []string) (found int) {
	t.Helper()
	planted := map[string]bool{}
	for _, n := range numbers {
		planted[n] = true
	}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		all, err := os.ReadFile(path)
		for _, run := range bytes.FieldsFunc(all, func(r rune) bool { return r < '0' || r > '9' }) {
			for _, size := range []int{11, 18} {
				for at := 0; at+size <= len(run); at++ {
					if planted[string(run[at:at+size])] {
						found++
					}
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
