package privacy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"mashang/platform/privacy"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func ring(t *testing.T, keys ...string) *privacy.Keyring {
	t.Helper()
	k, err := privacy.ParseKeys(strings.Join(keys, ","))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestParseKeysRefuses(t *testing.T) {
	good := privacy.NewKey()
	_, body, _ := strings.Cut(good, ":")
	for _, tt := range []struct{ name, keys string }{
		{"nothing", ""},
		{"no id", body},
		{"empty id", ":" + body},
		{"a dot in the id", "a.b:" + body},
		{"short key", "a:c2hvcnQ="},
		{"not base64", "a:" + strings.Repeat("!", 44)},
		{"the same id twice", good + "," + good},
		{"a stray comma", good + ","},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := privacy.ParseKeys(tt.keys)
			if err == nil {
				t.Fatal("ParseKeys() succeeded")
			}
			if strings.Contains(err.Error(), body) {
				t.Errorf("the error shows the key: %v", err)
			}
		})
	}
}

func TestSealedValueOpensOnlyWhereItBelongs(t *testing.T) {
	k := ring(t, privacy.NewKey())
	sealed, err := k.Seal("cases", "r1", "phone", []byte("13800138000"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sealed, "138") {
		t.Errorf("sealed text %q shows the value", sealed)
	}
	if again, _ := k.Seal("cases", "r1", "phone", []byte("13800138000")); again == sealed {
		t.Error("sealing twice gave the same text")
	}
	flipped := []byte(sealed)
	flipped[len(flipped)-1] ^= 1
	for _, tt := range []struct {
		name, table, row, field, sealed string
		ok                              bool
	}{
		{"its place", "cases", "r1", "phone", sealed, true},
		{"another row", "cases", "r2", "phone", sealed, false},
		{"another field", "cases", "r1", "id", sealed, false},
		{"another table", "drafts", "r1", "phone", sealed, false},
		{"a row that looks like its place", "cases", "r1:phone", "x", sealed, false},
		{"a changed character", "cases", "r1", "phone", string(flipped), false},
		{"cut short", "cases", "r1", "phone", sealed[:len(sealed)-4], false},
		{"nothing", "cases", "r1", "phone", "", false},
		{"an unknown key", "cases", "r1", "phone", strings.Replace(sealed, "s1.k", "s1.q", 1), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			plain, err := k.Open(tt.table, tt.row, tt.field, tt.sealed)
			if (err == nil) != tt.ok {
				t.Fatalf("Open() = %q, %v, want ok %v", plain, err, tt.ok)
			}
			if tt.ok && string(plain) != "13800138000" {
				t.Errorf("Open() = %q", plain)
			}
		})
	}
	for _, bad := range [][3]string{{"", "r", "f"}, {"t", "", "f"}, {"t", "r", ""}, {"a:b", "r", "f"}, {"t", "r", "f:g"}} {
		if _, err := k.Seal(bad[0], bad[1], bad[2], nil); err == nil {
			t.Errorf("Seal(%q) succeeded", bad)
		}
	}
}

func TestRotationKeepsEverythingReadable(t *testing.T) {
	old, fresh := privacy.NewKey(), privacy.NewKey()
	before, both, after := ring(t, old), ring(t, fresh, old), ring(t, fresh)
	d, wrapped, err := before.NewDataKey("cases", "r1")
	if err != nil {
		t.Fatal(err)
	}
	body, err := d.Seal("body", []byte("内容"))
	if err != nil {
		t.Fatal(err)
	}
	if both.Current(wrapped) || !before.Current(wrapped) {
		t.Error("Current() does not tell old from new")
	}
	again, err := both.Rewrap("cases", "r1", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if same, err := both.Rewrap("cases", "r1", again); err != nil || same != again {
		t.Errorf("rewrapping what is current changed it: %v", err)
	}
	if _, err := both.Rewrap("cases", "r2", wrapped); err == nil {
		t.Error("a key was rewrapped for another row")
	}
	moved, err := after.OpenDataKey("cases", "r1", again)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := moved.Open("body", body); err != nil || string(plain) != "内容" {
		t.Errorf("after rotation Open() = %q, %v", plain, err)
	}
	if _, err := after.OpenDataKey("cases", "r1", wrapped); err == nil {
		t.Error("the old wrapping opens without the old key")
	}
	if _, err := moved.Open("reason", body); err == nil {
		t.Error("a value opened in another field")
	}
	if _, err := (privacy.DataKey{}).Open("body", body); err == nil {
		t.Error("a destroyed key opens")
	}
}

func TestSecretsAreMadeOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		old, fresh := privacy.NewKey(), privacy.NewKey()
		s := &privacy.Secrets{DB: db, Keys: ring(t, old)}
		var wg sync.WaitGroup
		got := make([][]byte, 8)
		for n := range got {
			wg.Go(func() {
				var err error
				if got[n], err = s.Get(context.Background(), "qr", 32); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, one := range got {
			if len(one) != 32 || !bytes.Equal(one, got[0]) {
				t.Fatalf("instances have different secrets: %x, %x", one, got[0])
			}
		}
		if other, err := s.Get(t.Context(), "index", 32); err != nil || bytes.Equal(other, got[0]) {
			t.Errorf("another name gave %x, %v", other, err)
		}
		if _, err := s.Get(t.Context(), "qr", 16); err == nil {
			t.Error("a secret of another size was given out")
		}
		both := &privacy.Secrets{DB: db, Keys: ring(t, fresh, old)}
		if err := both.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		after := &privacy.Secrets{DB: db, Keys: ring(t, fresh)}
		if kept, err := after.Get(t.Context(), "qr", 32); err != nil || !bytes.Equal(kept, got[0]) {
			t.Errorf("after rotation the secret is %x, %v", kept, err)
		}
		if _, err := s.Get(t.Context(), "qr", 32); err == nil {
			t.Error("the old key alone still opens the secret")
		}
	})
}

func TestBlindTellsPurposesApart(t *testing.T) {
	key := []byte("0123456789abcdef")
	if first, again := privacy.Blind(key, "a", "x"), privacy.Blind(key, "a", "x"); first != again {
		t.Error("the same value has two hashes")
	}
	seen := map[string]bool{}
	for _, pair := range [][2]string{{"a", "x"}, {"b", "x"}, {"a", "y"}, {"a", ":x"}, {"a:", "x"}, {"", "a:x"}} {
		h := privacy.Blind(key, pair[0], pair[1])
		if seen[h] || len(h) != 52 {
			t.Errorf("Blind(%q) = %q, which another pair has, or has the wrong length", pair, h)
		}
		seen[h] = true
	}
}

func TestMaskedTypesShowThemselvesNowhere(t *testing.T) {
	const id, phone = "11010519491231002X", "13812345678"
	values := struct {
		ID    privacy.ID
		Phone privacy.Phone
		Near  []any
	}{id, phone, []any{privacy.ID(id), privacy.Phone(phone)}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
		fmt.Fprintf(&out, verb+" "+verb+" "+verb+"\n", values, values.ID, values.Phone)
	}
	fmt.Fprintln(&out, values, &values, fmt.Errorf("bad %v", values))
	for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(h).Info("x", "id", values.ID, "phone", values.Phone, "all", values, "map", map[string]any{"id": values.ID})
	}
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	for _, secret := range []string{id, phone, "19491231", "12345678", fmt.Sprintf("%x", id), fmt.Sprintf("%x", phone)} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%s shows in\n%s", secret, out.String())
		}
	}
	if values.ID.Plain() != id || values.Phone.Plain() != phone || values.ID.Last4() != "002X" {
		t.Error("Plain() or Last4() is not the value")
	}
	if _, err := values.ID.Value(); err == nil {
		t.Error("a database takes an ID as it is")
	}
	if _, err := values.Phone.Value(); err == nil {
		t.Error("a database takes a phone as it is")
	}
	if privacy.ID("").String() != "" || strings.Contains(privacy.Phone("12345").String(), "2345") {
		t.Error("short values are not masked")
	}
}

func TestABlinderMakesWhatBlindMakes(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 32)
	b := privacy.NewBlinder(key, "roster.name")
	for _, s := range []string{"", "张建明", "990121100201\n张建明", strings.Repeat("长", 200)} {
		if got, want := b.Text(s), privacy.Blind(key, "roster.name", s); got != want {
			t.Errorf("Text(%q) = %s, want %s", s, got, want)
		}
		if len(s) > 3 && b.Text(s[:3], s[3:]) != b.Text(s) {
			t.Errorf("the parts of %q give another hash", s)
		}
		if n := b.Number(s); n < 0 || n != b.Number(s) || n == privacy.NewBlinder(bytes.Repeat([]byte{8}, 32), "roster.name").Number(s) {
			t.Errorf("Number(%q) = %d", s, n)
		}
	}
}
