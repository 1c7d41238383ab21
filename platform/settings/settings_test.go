package settings_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/platform/kv"
	"mashang/platform/problem"
	"mashang/platform/settings"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

var at = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

func open(t *testing.T, db *store.DB, shared kv.Store) *settings.Book {
	t.Helper()
	b := &settings.Book{DB: db, KV: shared, Now: func() time.Time { return at }, Hotline: "12345"}
	if err := b.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func TestSavedSettingsAreSeenByAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		shared := kv.NewMemory(nil)
		one, two := open(t, db, shared), open(t, db, shared)
		if o := one.Office(); o.Version != 0 || o.Hotline != "12345" || o.EmblemID != "" {
			t.Errorf("an empty county is %+v", o)
		}
		if o, err := one.Stored(t.Context()); err != nil || o.Hotline != "" {
			t.Errorf("Stored() = %+v, %v, want no default in the form", o, err)
		}
		emblem, err := one.Emblem(bytes.NewReader(picture(t, 600, 300)))
		if err != nil {
			t.Fatal(err)
		}
		o := settings.Office{
			County: map[string]string{"zh-Hans": " 云溪县 ", "en": ""}, Hotline: "027-8888 0000", ICP: "鄂 icp 備12345678號-1", PoliceFiling: "鄂公網安備 42010602000001號",
			OtherDomains: []string{"https://MS2.yunxi.gov.cn/", "ms2.yunxi.gov.cn", ""}, Colour: "#1D5FA8", SetUp: []string{"places", "county", "places"},
			VerifyFiles: []settings.File{{Name: "MP_verify_abcdefgh12345678.txt", Content: "abcdefgh12345678\n"}}, Emblem: emblem,
		}
		if err := one.Save(t.Context(), db, o, "wang"); err != nil {
			t.Fatal(err)
		}
		var got settings.Office
		for end := time.Now().Add(10 * time.Second); got.Version == 0 && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			got = two.Office()
		}
		if fmt.Sprint(got.County) != "map[zh-Hans:云溪县]" || got.ICP != "鄂ICP备12345678号-1" || got.PoliceFiling != "鄂公网安备42010602000001号" ||
			fmt.Sprint(got.OtherDomains) != "[ms2.yunxi.gov.cn]" || got.Colour != "#1d5fa8" || !got.Done("places") || len(got.SetUp) != 2 || got.By != "wang" || !got.At.Equal(at) {
			t.Errorf("the other instance has %+v", got)
		}
		if !bytes.Equal(got.Emblem, emblem) || got.EmblemID == "" {
			t.Errorf("the emblem has %d bytes and id %q", len(got.Emblem), got.EmblemID)
		}
		if f, ok := got.File("MP_verify_abcdefgh12345678.txt"); !ok || f.Content != "abcdefgh12345678" {
			t.Errorf("File() = %+v, %v", f, ok)
		}
		if _, ok := got.File("other.txt"); ok {
			t.Error("a file nobody saved is there")
		}

		// Who edited the old version hears who was faster.
		var told *problem.Error
		err = two.Save(t.Context(), db, settings.Office{Hotline: "110"}, "li")
		if !errors.As(err, &told) || told.Key != "settings.changed" || told.Args["who"] != "wang" {
			t.Errorf("an old version is saved: %v", err)
		}
		// A broken-off transaction saves nothing.
		got.Hotline = "120"
		if err := db.Tx(t.Context(), func(q store.Queryer) error {
			return errors.Join(two.Save(t.Context(), q, got, "li"), errors.New("no"))
		}); err == nil {
			t.Error("the transaction went through")
		}
		if o, err := two.Stored(t.Context()); err != nil || o.Hotline != "027-8888 0000" {
			t.Errorf("Stored() = %+v, %v", o, err)
		}
	})
}

func TestOneOfManySaversWins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db, nil)
		for version := range int64(3) {
			var wg sync.WaitGroup
			var won atomic.Int64
			for n := range 4 {
				wg.Go(func() {
					err := b.Save(t.Context(), db, settings.Office{Version: version, Hotline: fmt.Sprintf("%d2345", n)}, "wang")
					if err == nil {
						won.Add(1)
					} else if !problem.Is(err, problem.Conflict) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 {
				t.Errorf("%d savers of version %d won", won.Load(), version)
			}
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	b := open(t, storetest.SQLite(t), nil)
	file := func(name, content string) settings.Office {
		return settings.Office{VerifyFiles: []settings.File{{Name: name, Content: content}}}
	}
	for _, tt := range []struct {
		name        string
		o           settings.Office
		field, want string
	}{
		{"a long name", settings.Office{County: map[string]string{"zh-Hans": strings.Repeat("县", 61)}}, "county", "settings.name.long"},
		{"a rare character is fine", settings.Office{County: map[string]string{"zh-Hans": "𠮷县"}}, "", ""},
		{"a hidden character", settings.Office{Issuer: map[string]string{"zh-Hans": "民\u202e政局"}}, "issuer", "settings.name.strange"},
		{"a language nobody has", settings.Office{Issuer: map[string]string{"../x": "民政局"}}, "issuer", "settings.language.unknown"},
		{"words for a number", settings.Office{Hotline: "call us"}, "hotline", "settings.hotline.invalid"},
		{"a filing of nowhere", settings.Office{ICP: "鄂备12345678号"}, "icp", "settings.icp.invalid"},
		{"a licence", settings.Office{ICP: "京ICP证030173号"}, "", ""},
		{"a short police filing", settings.Office{PoliceFiling: "京公网安备1101号"}, "police", "settings.police.invalid"},
		{"a colour by name", settings.Office{Colour: "blue"}, "colour", "settings.colour.invalid"},
		{"a faint colour", settings.Office{Colour: "#ffdd00"}, "colour", "settings.colour.faint"},
		{"an address", settings.Office{OtherDomains: []string{"https://a.gov.cn/path"}}, "domains", "settings.domain.invalid"},
		{"a number", settings.Office{OtherDomains: []string{"192.0.2.1"}}, "domains", "settings.domain.invalid"},
		{"eleven domains", settings.Office{OtherDomains: strings.Fields("a.cn b.cn c.cn d.cn e.cn f.cn g.cn h.cn i.cn j.cn k.cn")}, "domains", "settings.domains.many"},
		{"a page as a file", file("robots.txt", "abcdefgh12345678"), "files", "settings.file.name"},
		{"security.txt", file("security.txt", "abcdefgh12345678"), "files", "settings.file.name"},
		{"a way out", file("../../etc/passwd.txt", "abcdefgh12345678"), "files", "settings.file.name"},
		{"a page inside", file("abcdefgh12.txt", "<script>alert(1)</script>"), "files", "settings.file.content"},
		{"not its own content", file("MP_verify_abcdefgh12345678.txt", "abcdefgh12345679"), "files", "settings.file.content"},
		{"the same file twice", settings.Office{VerifyFiles: []settings.File{{Name: "abcdefgh12.txt", Content: "abcdefgh"}, {Name: "abcdefgh12.txt", Content: "abcdefgi"}}}, "files", "settings.file.twice"},
		{"an odd step", settings.Office{SetUp: []string{"a b"}}, "set_up", "settings.step.invalid"},
		{"a picture not from Emblem", settings.Office{Emblem: []byte("<svg/>")}, "emblem", "settings.emblem.kind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now, err := b.Stored(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			tt.o.Version = now.Version
			err = b.Save(t.Context(), b.DB, tt.o, "wang")
			var told *problem.Error
			if tt.want == "" && err != nil || tt.want != "" && (!errors.As(err, &told) || told.Fields[tt.field] != tt.want) {
				t.Errorf("Save() = %v, want %s at %s", err, tt.want, tt.field)
			}
		})
	}
}

func picture(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.NRGBA{uint8(x), uint8(y), 90, 200})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a PNG whose header says it is huge.
func bomb(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	b = binary.BigEndian.AppendUint32(b, w)
	b = binary.BigEndian.AppendUint32(b, h)
	b = append(b, 8, 6, 0, 0, 0)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[12:]))
}

func TestEmblem(t *testing.T) {
	b := &settings.Book{}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		in   []byte
		w, h int
		want string
	}{
		{"small", picture(t, 100, 50), 100, 50, ""},
		{"wide", picture(t, 2000, 1000), 512, 256, ""},
		{"a line", picture(t, 3000, 1), 512, 1, ""},
		{"a photo", photo.Bytes(), 40, 30, ""},
		{"with a page behind it", append(picture(t, 10, 10), "<script>"...), 10, 10, ""},
		{"nothing", nil, 0, 0, "settings.emblem.kind"},
		{"a text", []byte("GIF89a and so on"), 0, 0, "settings.emblem.kind"},
		{"cut short", picture(t, 100, 100)[:200], 0, 0, "settings.emblem.kind"},
		{"a bomb", bomb(60000, 60000), 0, 0, "settings.emblem.pixels"},
		{"a bomb beyond counting", bomb(1<<30, 1<<30), 0, 0, "settings.emblem.kind"},
		{"40 MB", make([]byte, 40<<20), 0, 0, "settings.emblem.big"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := b.Emblem(bytes.NewReader(tt.in))
			if tt.want != "" {
				var told *problem.Error
				if !errors.As(err, &told) || told.Key != tt.want && told.Fields["emblem"] != tt.want {
					t.Errorf("Emblem() = %v, want %s", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			conf, kind, err := image.DecodeConfig(bytes.NewReader(out))
			if err != nil || kind != "png" || conf.Width != tt.w || conf.Height != tt.h || bytes.Contains(out, []byte("<script>")) {
				t.Errorf("Emblem() is a %s of %d × %d, %v, want %d × %d", kind, conf.Width, conf.Height, err, tt.w, tt.h)
			}
		})
	}
}

func FuzzEmblem(f *testing.F) {
	f.Add(picture(f, 3, 3))
	f.Add(bomb(5, 5))
	f.Fuzz(func(t *testing.T, in []byte) {
		out, err := (&settings.Book{}).Emblem(bytes.NewReader(in))
		var told *problem.Error
		if err != nil && !errors.As(err, &told) {
			t.Errorf("Emblem() = %v, which has no words", err)
		}
		if err == nil {
			if conf, err := png.DecodeConfig(bytes.NewReader(out)); err != nil || conf.Width > 512 || conf.Height > 512 {
				t.Errorf("Emblem() made %+v, %v", conf, err)
			}
		}
	})
}
