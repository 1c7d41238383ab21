package roster_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mashang/aid/roster"
	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
	"mashang/platform/text"
)

func TestNamesThatSoundTheSameAreFoundAfterTheName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := newBoard(t, db)
		for _, village := range []string{xinglin, taoyuan} {
			m := list(village)
			m.Mask = roster.Full
			rows := [][]string{}
			for _, name := range []string{"章林", "张琳", "张林", "张林生", "單雄", "善雄", "曾长乐", "增常乐", "吕芳", "李芳", "尉迟恭", "玉池宫", "Anna Li", "张宁", "张灵"} {
				if village == xinglin {
					rows = append(rows, []string{"", name, "1", "1", "", "700", ""})
				}
			}
			rows = append(rows, []string{"", "占位人", "1", "1", "", "700", ""})
			bring(t, b, m, header, rows...)
		}
		for _, tt := range []struct {
			asked, village string
			exact, alike   []string
		}{
			{"张林", xinglin, []string{"张林"}, []string{"章林", "张琳"}},
			{"章琳", xinglin, nil, []string{"章林", "张琳", "张林"}},
			{"張林", xinglin, []string{"张林"}, []string{"章林", "张琳"}},
			{"张林", taoyuan, nil, nil},                       // another village
			{"单雄", xinglin, []string{"單雄"}, []string{"善雄"}}, // 单 is Shàn as a surname
			{"曾常乐", xinglin, nil, []string{"曾长乐", "增常乐"}},   // a given name may be read two ways, by who asks
			{"吕芳", xinglin, []string{"吕芳"}, nil},            // ü is no i, l is no n
			{"尉迟公", xinglin, nil, []string{"尉迟恭", "玉池宫"}},   // Yùchí
			{"Anna Li", xinglin, []string{"Anna Li"}, nil},  // no sound
			{"张凌", xinglin, nil, []string{"张灵"}},            // -ng is no -n: not 张林; n is no l: not 张宁
			{"章林生", xinglin, nil, []string{"张林生"}},          // whole names only
			{"a张", xinglin, nil, nil},                       // a letter has no reading
			{"张a", xinglin, nil, nil},
		} {
			p := find(t, b, roster.Query{Village: tt.village, Name: tt.asked})
			var exact, alike []string
			for i, e := range p.Entries {
				if e.Alike {
					alike = append(alike, e.Name)
				} else if exact = append(exact, e.Name); i >= len(tt.exact) {
					t.Errorf("%s: %s comes after a name that only sounds so", tt.asked, e.Name)
				}
			}
			if !slices.Equal(exact, tt.exact) || !slices.Equal(alike, tt.alike) || p.Total != len(exact)+len(alike) || p.Alike != len(alike) {
				t.Errorf("%s in %s: %v, and alike %v, %d in all; want %v and %v", tt.asked, tt.village, exact, alike, p.Total, tt.exact, tt.alike)
			}
		}
		for _, asked := range []string{"张", "zhang", "张*", "章%"} {
			if p, err := b.Search(t.Context(), roster.Query{Village: xinglin, Name: asked}); err == nil && p.Total > 0 {
				t.Errorf("%q finds %d: a part of a name or its sound must find nothing", asked, p.Total)
			}
		}
	})
}

// TestTheIndexOfSoundsTellsNoName looks for names and their sounds on disk, and for one hash under two keys.
func TestTheIndexOfSoundsTellsNoName(t *testing.T) {
	numbers := func(b *roster.Board, db *store.DB) []int64 {
		bring(t, b, list(xinglin), header, []string{"", "章慕华", "1", "1", "", "700", ""}, []string{"", "张木华", "1", "1", "", "700", ""})
		all, err := store.All(t.Context(), db, scanNumber, `SELECT sound FROM roster_entries ORDER BY position`)
		if err != nil || len(all) != 2 || all[0] != all[1] || all[0] <= 0 {
			t.Fatalf("sounds = %v, %v", all, err)
		}
		return all
	}
	var one []int64
	for range 2 {
		dir := t.TempDir()
		db, err := store.Open(t.Context(), store.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		b, _ := newBoard(t, db)
		two := numbers(b, db)
		if slices.Equal(one, two) {
			t.Error("two deployments hash alike: the hash has no key of its own")
		}
		one = two
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files, %v", err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"章慕华", "张木华", "zhang mu", "zhangmu", text.Pinyin("章慕华"), strings.ReplaceAll(text.Pinyin("章慕华"), " ", "")} {
				if bytes.Contains(bytes.ToLower(raw), []byte(secret)) {
					t.Errorf("%s holds %q", filepath.Base(file), secret)
				}
			}
		}
	}
}

func scanNumber(rows *sql.Rows) (n int64, err error) { err = rows.Scan(&n); return n, err }

// TestNamesAreFoundAfterTheKeysAreRotated seals the keys of the hashes anew and takes the old key away.
func TestNamesAreFoundAfterTheKeysAreRotated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, c := newBoard(t, db)
		first, second := privacy.NewKey(), privacy.NewKey()
		with := func(keys string) *roster.Board {
			ring, err := privacy.ParseKeys(keys)
			if err != nil {
				t.Fatal(err)
			}
			return &roster.Board{DB: db, Secrets: &privacy.Secrets{DB: db, Keys: ring}, Places: b.Places, Now: c.now}
		}
		bring(t, with(first), list(xinglin), header, []string{"", "章慕华", "1", "1", "", "700", ""})
		if err := with(second + "," + first).Secrets.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		for asked, alike := range map[string]int{"章慕华": 0, "张木华": 1} {
			if p := find(t, with(second), roster.Query{Village: xinglin, Name: asked}); p.Total != 1 || p.Alike != alike {
				t.Errorf("%s: %d found, %d of them alike", asked, p.Total, p.Alike)
			}
		}
	})
}

// TestLinesFromBeforeAreGivenTheirSound breaks the work off and goes on with it.
func TestLinesFromBeforeAreGivenTheirSound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, _ := newBoard(t, db)
		for village, mask := range map[string]roster.Mask{xinglin: roster.Full, taoyuan: roster.Middle} {
			for _, programme := range []string{"dibao", "tekun"} {
				m := list(village)
				m.Mask, m.Programme = mask, programme
				bring(t, b, m, header, []string{"", "章慕华", "1", "1", "", "700", ""}, []string{"", "Anna Li", "1", "1", "", "700", ""})
			}
		}
		if _, err := db.ExecContext(t.Context(), `UPDATE roster_entries SET sound = NULL`); err != nil {
			t.Fatal(err)
		}
		alike := func(village string) int { return find(t, b, roster.Query{Village: village, Name: "张木华"}).Alike }
		if n := alike(xinglin); n != 0 {
			t.Fatalf("%d are found before: the test tells nothing", n)
		}
		broken, stop := context.WithCancel(t.Context())
		err := b.Listen(broken, func(done, _ int64) {
			if done == 1 {
				stop()
			}
		})
		if err == nil || alike(xinglin) != 1 {
			t.Fatalf("broken off after one of two lists: %v, %d found", err, alike(xinglin))
		}
		var steps []int64
		if err := b.Listen(t.Context(), func(done, of int64) { steps = append(steps, done, of) }); err != nil {
			t.Fatal(err)
		}
		if alike(xinglin) != 2 || !slices.Equal(steps, []int64{0, 1, 1, 1}) {
			t.Errorf("%d found, steps %v", alike(xinglin), steps)
		}
		if p := find(t, b, roster.Query{Village: taoyuan, Name: "章慕华"}); p.Total != 2 || p.Alike != 0 || alike(taoyuan) != 0 {
			t.Errorf("of a masked name from before the exact one is found and no other: %+v", p)
		}
		steps = nil
		if err := b.Listen(t.Context(), func(done, of int64) { steps = append(steps, of) }); err != nil || !slices.Equal(steps, []int64{0}) {
			t.Errorf("once all is done there is more: %v, %v", steps, err)
		}
	})
}
