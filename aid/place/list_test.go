package place_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"hash/crc32"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"mashang/aid/place"
	"mashang/platform/privacy"
	"mashang/platform/problem"
	"mashang/platform/sheet"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

// empty is a gazetteer of nothing.
func empty(t *testing.T, db *store.DB) *place.Gazetteer {
	t.Helper()
	keys, err := privacy.ParseKeys(privacy.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	g := &place.Gazetteer{DB: db, Keys: keys}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

func fixture(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/villages.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// county and its towns, which a list of the statistics office knows by code alone.
func given() []place.Division {
	return []place.Division{
		{Code: "990211", Name: named("示例区", "")}, {Code: "990211003", Name: named("北坡街道", "")},
		{Code: "990211103", Name: named("东村镇", "")}, {Code: "990211104", Name: named("良庄镇", "")},
	}
}

func TestAListOfStatisticsFillsAnEmptySystem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g := empty(t, db)
		first, err := g.Import(t.Context(), "list.csv", strings.NewReader(fixture(t)), place.Intake{})
		if err != nil || first.Written || len(first.Missing) != 4 || len(first.Faults) != 4 {
			t.Fatalf("without names: %+v, %v, want the three towns and the county asked for", first, err)
		}
		if u := first.Missing[0]; u.Code != "990211003000" || u.Level != place.Town || u.Rows != 45 {
			t.Errorf("asked for %+v", u)
		}
		got, err := g.Import(t.Context(), "list.csv", strings.NewReader(fixture(t)), place.Intake{Named: given(), Short: true})
		if err != nil || !got.Written || got.New != 120 || len(got.Faults) > 0 {
			t.Fatalf("Import = %+v, %v", got, err)
		}
		a := g.Atlas()
		if d, o, l := a.Size(); d != 120 || o != 0 || l != 0 || len(a.Villages()) != 116 || a.Root().Name.Hans != "示例区" {
			t.Errorf("%d divisions, %d villages below %s", d, len(a.Villages()), a.Root().Name.Hans)
		}
		if d, _ := a.Division("990211103218"); d.Name.Hans != "𬒈石村" || d.Parent != "990211103000" {
			t.Errorf("a rare character: %+v", d)
		}
		if !slices.ContainsFunc(got.Notes, func(f place.Fault) bool { return f.Key == "place.import.rare" && f.Args["letter"] == "𬒈" }) {
			t.Errorf("rare characters are noted: %v", got.Notes)
		}
		again, err := g.Import(t.Context(), "list.csv", strings.NewReader(fixture(t)), place.Intake{})
		if err != nil || !again.Written || again.Same != 116 || again.New+again.Changed > 0 || len(again.Gone) != 4 {
			t.Errorf("again: new %d, changed %+v, same %d, not named %v, %v", again.New, again.Changes, again.Same, again.Gone, err)
		}
	})
}

func TestAListThatSpansCountiesIsTakenForOne(t *testing.T) {
	list := fixture(t) + "990212001001,\"别处社区居委会\",990212001,99,9902,990212\n"
	g := empty(t, storetest.SQLite(t))
	got, err := g.Import(t.Context(), "list.csv", strings.NewReader(list), place.Intake{Named: given()})
	if err != nil || got.Written || !slices.Equal(got.Counties, []string{"990211", "990212"}) {
		t.Fatalf("got %+v, %v", got, err)
	}
	got, err = g.Import(t.Context(), "list.csv", strings.NewReader(list), place.Intake{Named: given(), Only: "990211"})
	if err != nil || !got.Written || got.Rows != 116 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// A reform made here is not undone by a list that does not know of it.
func TestAListDoesNotUndoAReform(t *testing.T) {
	g, set := moving(t, storetest.SQLite(t), "2026-11-21")
	ahead := day(t, "2026-12-01")
	must(t, g, place.Reform{Kind: place.Begin, Code: "990121100299", Name: named("桃园村", ""), Level: place.Village, Other: liuhe, Day: day(t, "2026-11-22")})
	must(t, g, place.Reform{Kind: place.Move, Code: "990121100299", Other: beiyuan, Day: ahead})
	must(t, g, place.Reform{Kind: place.Merge, Code: xinglin, Other: "990121100299", Day: ahead})
	set("2026-12-02")
	list := "code,name,streetCode\n990121100299,桃园村委会,990121100\n990121100201,杏林村委会,990121100\n"
	got, err := g.Import(t.Context(), "x.csv", strings.NewReader(list), place.Intake{Short: true})
	if err != nil || !got.Written || got.Same != 1 || got.Changed+got.New > 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	if !slices.ContainsFunc(got.Notes, func(f place.Fault) bool {
		return f.Key == "place.import.left" && f.Args["heir"] == "桃园村" && f.Line == 3
	}) {
		t.Errorf("notes = %v, want the merged village named with its heir", got.Notes)
	}
	if c := g.Atlas().Chain("990121100299"); c[1] != beiyuan {
		t.Errorf("Chain = %v", c)
	}
}

// What is written is read again as the same, with every day, every state and every odd character.
func TestExportAndImportAreOneAnothersMirror(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g, _ := moving(t, db, "2026-11-21")
		must(t, g, place.Reform{Kind: place.Merge, Code: xinglin, Other: estray, Day: day(t, "2027-01-01")})
		must(t, g, place.Reform{Kind: place.Rename, Code: liuhe, Name: named("=柳河\"新\"镇,𬒈㙍\ue123", "-Liuhe"), Day: day(t, "2027-01-01")})
		put := offices()
		put[0].Hours, put[0].Closed = named("周一至周五 8:30-12:00", ""), []place.Closing{{From: place.Day{Time: day(t, "2026-12-01")}, To: place.Day{Time: day(t, "2026-12-03")}, Why: "搬家"}}
		put[1].Hours = named("逢集开放", "")
		hung := locations()[0]
		hung.Hung = place.Day{Time: day(t, "2026-10-01")}
		err := db.Tx(t.Context(), func(q store.Queryer) error {
			if err := g.PutOffices(t.Context(), q, put); err != nil {
				return err
			}
			return g.PutLocations(t.Context(), q, []place.Location{hung})
		})
		if err == nil {
			err = g.Reload(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range place.Tables() {
			var before bytes.Buffer
			header, rows := g.Atlas().Export(kind)
			if err := sheet.WriteCSV(&before, header, rows); err != nil {
				t.Fatal(err)
			}
			got, err := g.Import(t.Context(), kind+".csv", bytes.NewReader(before.Bytes()), place.Intake{})
			if err != nil || !got.Written || got.Kind != kind || got.New+got.Changed > 0 || len(got.Gone) > 0 {
				t.Errorf("%s: %+v, %v\n%s", kind, got, err, before.String())
			}
			var after bytes.Buffer
			header, rows = g.Atlas().Export(kind)
			if err := sheet.WriteCSV(&after, header, rows); err != nil || after.String() != before.String() {
				t.Errorf("%s differs:\n%s\n%s", kind, before.String(), after.String())
			}
		}
	})
}

func TestAColumnTheFileDoesNotHaveLeavesWhatIsThere(t *testing.T) {
	g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
	lost := locations()[0]
	lost.State = place.Lost
	if err := g.DB.Tx(t.Context(), func(q store.Queryer) error { return g.PutLocations(t.Context(), q, []place.Location{lost}) }); err != nil {
		t.Fatal(err)
	}
	got, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader("名称,所在区划,类型,海报编号\n新名字,990121100201,便民服务点,0001\n"), false)
	if err != nil || !got.Written || got.Changed != 1 || got.Changes[0].Fields[0] != (place.FieldChange{Field: "name.zh-Hans", Old: "点位0001", New: "新名字"}) {
		t.Fatalf("got %+v, %v", got, err)
	}
	if l, _ := g.Atlas().Location("AAAAAAAA"); l.State != place.Lost || l.Roster != xinglin || l.Name.Hans != "新名字" {
		t.Errorf("the poster is %+v, want it lost as before", l)
	}
}

// A number that hangs elsewhere is named; it changes neither poster.
func TestATakenNumberChangesNobodysPoster(t *testing.T) {
	g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
	got, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader("名称,所在区划,类型,海报编号\n公园,990121100288,公园,0001\n"), false)
	if err != nil || got.Written || len(got.Faults) != 1 || got.Faults[0].Key != "place.import.taken" || got.Faults[0].Args["place"] != "点位0001" {
		t.Errorf("got %+v, %v, want the poster that has the number", got, err)
	}
}

func TestTwoPostersExchangeTheirNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g := filled(t, db, nil, day(t, "2026-11-21"))
		got, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader("编码,名称,所在区划,类型,海报编号,状态\nAAAAAAAA,点位0001,990121100201,便民服务点,0005,在用\nEEEEEEEE,点位0005,990121100201,便民服务点,0001,丢失\n"), false)
		if err != nil || !got.Written || got.Changed != 2 {
			t.Fatalf("got %+v, %v", got, err)
		}
		a, _ := g.Atlas().Location("AAAAAAAA")
		e, _ := g.Atlas().Location("EEEEEEEE")
		if a.Number != "0005" || e.Number != "0001" {
			t.Errorf("numbers are %s and %s", a.Number, e.Number)
		}
	})
}

func TestNamesThatDoNotFitAreRefusedAndOddOnesNoted(t *testing.T) {
	for _, tt := range []struct {
		name, village, fault, note string
	}{
		{"200 characters", strings.Repeat("长", 200), "place.import.long", ""},
		{"60 characters", strings.Repeat("长", 60), "", ""},
		{"a line end", "\"上\n坡村\"", "place.import.unseen", ""},
		{"turned around", "上\u202e坡村", "place.import.unseen", ""},
		{"unseen", "上\u200b坡村", "place.import.unseen", ""},
		{"emoji", "上坡村🏡", "", "place.import.emoji"},
		{"rare", "𬒈村", "", "place.import.rare"},
		{"basic plane, extension A", "㙍村", "", ""},
		{"private use", "上\ue000村", "", "place.import.private"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
			got, err := g.ImportPlaces(t.Context(), "x.csv", strings.NewReader("code,name,parent,level\n990121100301,"+tt.village+",990121100000,village\n"), false)
			if err != nil || got.Written != (tt.fault == "") {
				t.Fatalf("got %+v, %v", got, err)
			}
			for key, in := range map[string]place.Faults{tt.fault: got.Faults, tt.note: got.Notes} {
				if key != "" && !slices.ContainsFunc(in, func(f place.Fault) bool { return f.Key == key && f.Line == 2 }) {
					t.Errorf("got %v, want %s on line 2", in, key)
				}
			}
			if d, ok := g.Atlas().Division("990121100301"); tt.fault == "" && (!ok || d.Name.Hans != tt.village) {
				t.Errorf("kept as %q", d.Name.Hans)
			}
		})
	}
}

func TestFilesThatAreNoListAreRefusedInWords(t *testing.T) {
	xlsx := func(rows int) []byte {
		f := excelize.NewFile()
		for i := range rows {
			cell, _ := excelize.CoordinatesToCellName(1, i+1)
			_ = f.SetSheetRow("Sheet1", cell, &[]any{"区划代码", "名称"})
		}
		var b bytes.Buffer
		_ = f.Write(&b)
		return b.Bytes()
	}
	for name, file := range map[string][]byte{
		"empty": nil, "a picture": []byte("\x89PNG\r\n\x1a\n\x00\x00"), "a header alone twice": []byte("code,code\n1,2\n"),
		"a roster": []byte("姓名,家庭人口\n张三,3\n"), "no rows in a book": xlsx(0), "a bomb": bomb(t), "half a book": xlsx(3)[:200],
		"a PDF": []byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj"),
	} {
		t.Run(name, func(t *testing.T) {
			g := filled(t, storetest.SQLite(t), nil, day(t, "2026-11-21"))
			before := g.Version()
			got, err := g.Import(t.Context(), "x", bytes.NewReader(file), place.Intake{})
			if !problem.Is(err, problem.Invalid) && !problem.Is(err, problem.Unsupported) && !problem.Is(err, problem.Malformed) && !problem.Is(err, problem.TooLarge) {
				t.Errorf("got %+v, %v, want a problem in words", got, err)
			}
			if err := g.Reload(t.Context()); err != nil || g.Version() != before {
				t.Error("something was written")
			}
		})
	}
}

// bomb is a book of a few hundred kilobytes that unpacks to 300 MiB.
func bomb(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	var book bytes.Buffer
	if err := f.Write(&book); err != nil {
		t.Fatal(err)
	}
	in, err := zip.NewReader(bytes.NewReader(book.Bytes()), int64(book.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	zeros := bytes.Repeat([]byte{' '}, 1<<20)
	for _, one := range in.File {
		r, err := one.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		copies := 0
		if strings.HasSuffix(one.Name, "sheet1.xml") {
			copies = 300
		}
		head := &zip.FileHeader{Name: one.Name, Method: zip.Deflate, UncompressedSize64: uint64(copies*len(zeros) + b.Len())}
		packed := squeeze(t, zeros, copies, b.Bytes())
		for range copies {
			head.CRC32 = crc32.Update(head.CRC32, crc32.IEEETable, zeros)
		}
		head.CRC32 = crc32.Update(head.CRC32, crc32.IEEETable, b.Bytes())
		head.CompressedSize64 = uint64(len(packed))
		part, err := w.CreateRaw(head)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(packed); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// squeeze deflates copies of some bytes and an end, the copies by squeezing one of them: under the race detector all
// of them would take a minute.
func squeeze(t *testing.T, some []byte, copies int, end []byte) []byte {
	t.Helper()
	var one, last bytes.Buffer
	w, err := flate.NewWriter(&one, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(some); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	w.Reset(&last)
	if _, err := w.Write(end); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return append(bytes.Repeat(one.Bytes(), copies), last.Bytes()...)
}

func TestAnOlderEncodingIsRead(t *testing.T) {
	b, err := simplifiedchinese.GB18030.NewEncoder().String("# 某统计局\n" + fixture(t))
	if err != nil {
		t.Fatal(err)
	}
	got, err := empty(t, storetest.SQLite(t)).Import(t.Context(), "x.csv", strings.NewReader(b), place.Intake{Named: given()})
	if err != nil || !got.Written || got.New != 120 {
		t.Errorf("got %+v, %v", got, err)
	}
}
