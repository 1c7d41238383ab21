//go:build slow && unix

package roster_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"

	"mashang/aid/place"
	"mashang/aid/roster"
	"mashang/i18n"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// TestTwoThousandSheetsLeaveNothing is TestNumbersHiddenInASheetAreNotStored as the promise has it.
func TestTwoThousandSheetsLeaveNothing(t *testing.T) { hunt(t, 2000, 500) }

// TestTwoThousandSecretsInEveryPlace is TestSecretsOfEveryKindAreKeptOutOfEveryPlace, each in each, three times.
func TestTwoThousandSecretsInEveryPlace(t *testing.T) { hideEverywhere(t, 3, 0) }

// TestFiveHundredListsOfOtherOffices is TestListsOfOtherOfficesAreTakenAsTheyAre as the promise has it.
func TestFiveHundredListsOfOtherOffices(t *testing.T) { cleanElsewhere(t, 500) }

// TestAMillionEntries prints what looking costs among a million entries in 20,000 villages, and what bringing them in does.
func TestAMillionEntries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := newBoard(t, db)
		const villages, each, zones = 20_000, 50, 20
		var all []place.Division
		for v := range villages {
			if v%(villages/zones) == 0 {
				all = append(all, place.Division{Code: fmt.Sprintf("9902%08d", v), Name: i18n.Text{Hans: "镇" + strconv.Itoa(v)}, Level: place.Town, Parent: county})
			}
		}
		for v := range villages {
			all = append(all, place.Division{Code: fmt.Sprintf("9903%08d", v), Name: i18n.Text{Hans: "村" + strconv.Itoa(v)}, Level: place.Village, Parent: fmt.Sprintf("9902%08d", v-v%(villages/zones))})
		}
		if err := db.Tx(t.Context(), func(q store.Queryer) error { return b.Places.PutDivisions(t.Context(), q, all) }); err != nil {
			t.Fatal(err)
		}
		if err := b.Places.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		var taken spent
		rows := 0
		for z := range zones {
			table := make([][]string, 0, villages/zones*each)
			for v := z * villages / zones; v < (z+1)*villages/zones; v++ {
				for i := range each {
					table = append(table, []string{fmt.Sprintf("9903%08d", v), "张" + string(rune(0x4e00+i)) + "明", "3", "2", "A", "936.50", "2025-03"})
				}
			}
			m := list(fmt.Sprintf("9902%08d", z*villages/zones))
			taken.add(func() {
				r := bring(t, b, m, []string{"村", "姓名", "家庭人口", "保障人数", "类别", "金额", "批准年月"}, table...)
				if !r.Saved {
					t.Fatalf("%+v", r.Problems[:1])
				}
				rows += r.Rows
			})
		}
		var kept int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM roster_entries`).Scan(&kept); err != nil || kept != rows || rows != villages*each {
			t.Fatalf("%d rows were brought and %d are kept, want %d (%v)", rows, kept, villages*each, err)
		}
		t.Logf("import: %d rows in %d villages in %v, %.0f rows/s; %.1f µs of this process a row", rows, villages, taken.wall, float64(rows)/taken.wall.Seconds(), taken.cpu.Seconds()*1e6/float64(rows))
		const rate, seconds = 200, 15
		took := map[string][]time.Duration{}
		var spending spent
		spending.add(func() {
			tick := time.NewTicker(time.Second / rate)
			defer tick.Stop()
			for i := range rate * seconds {
				<-tick.C
				q, what := roster.Query{Village: fmt.Sprintf("9903%08d", rand.IntN(villages))}, "village page"
				if i%2 == 0 {
					q.Name, what = "张"+string(rune(0x4e00+rand.IntN(each)))+"明", "name look-up"
				}
				start := time.Now()
				if p := find(t, b, q); p.Total == 0 {
					t.Fatal("nothing found")
				}
				took[what] = append(took[what], time.Since(start))
			}
		})
		for what, took := range took {
			slices.Sort(took)
			t.Logf("%s at %d/s in all: p50 %v, p99 %v, most %v", what, rate, took[len(took)/2], took[len(took)*99/100], took[len(took)-1])
		}
		t.Logf("%.0f µs of this process a look", spending.cpu.Seconds()*1e6/(rate*seconds))
	})
}

// TestALargeWorkbookIsLookedAtQuickly prints what a preview of 40,000 rows costs: the most memory the program has had
// from the system at any time is what a machine needs.
func TestALargeWorkbookIsLookedAtQuickly(t *testing.T) {
	b, _ := newBoard(t, storetest.SQLite(t))
	rows := [][]any{{"云溪县低保名单"}, {"序号", "乡镇", "村（社区）", "户主姓名", "家庭人口", "保障人口", "低保类别", "月保障金（元）", "审批时间"}}
	for i := range 40_000 {
		rows = append(rows, []any{i + 1, "柳河镇", "杏林村", person(i), 3, 2, "B", 936.5, "2025-03"})
	}
	file := book(t, rows)
	rows = nil
	debug.FreeOSMemory()
	var before, most runtime.MemStats
	runtime.ReadMemStats(&before)
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for now := new(runtime.MemStats); ; {
			if runtime.ReadMemStats(now); now.Sys-now.HeapReleased > most.Sys-most.HeapReleased {
				most = *now
			}
			select {
			case <-done:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	var took spent
	var l roster.Look
	var err error
	took.add(func() { l, err = b.Look(context.Background(), list(liuhe), bytes.NewReader(file), roster.Choice{}) })
	close(done)
	<-watched
	if err != nil || l.Clean == nil || l.Rows != 40_000 {
		t.Fatalf("%v %+v", err, l.Problems)
	}
	held := func(m runtime.MemStats) uint64 { return (m.Sys - m.HeapReleased) >> 20 }
	t.Logf("40,000 rows, %d KB: %v, %v of this process; %d MB held before, %d MB at the most, of which %d MB in use", len(file)>>10, took.wall, took.cpu, held(before), held(most), most.HeapInuse>>20)
	if took.cpu > 5*time.Second || held(most) > 256 {
		t.Errorf("a preview took %v and %d MB", took.cpu, held(most))
	}
}
