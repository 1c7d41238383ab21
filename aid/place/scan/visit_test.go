package scan_test

import (
	"slices"
	"testing"
	"time"

	"mashang/aid/place/scan"
)

func TestDoorIsTakenOnce(t *testing.T) {
	for _, tt := range []struct{ name, from, to, want string }{
		{"from the landing", "/s/XJAVM3ZHKKW2BDSQ", "/policies", scan.Know},
		{"about inside", "/policies", "/policies/dibao", ""},
		{"from one door to another", "/policies/dibao", "/apply/dibao", scan.Apply},
		{"on within the form", "/apply/dibao", "/apply/dibao/who", ""},
		{"a document is of 知", "/ask", "/documents/12", scan.Know},
		{"the list", "/", "/roster", scan.Check},
		{"help", "/s/X", "/emergency", scan.Emergency},
		{"no door", "/s/X", "/verify", ""},
		{"the landing itself", "/policies", "/s/X", ""},
		{"a name that begins like a door", "/s/X", "/policiesx", ""},
		{"nothing", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := scan.Taken(tt.from, tt.to); got != tt.want {
				t.Errorf("Taken(%q, %q) = %q, want %q", tt.from, tt.to, got, tt.want)
			}
		})
	}
}

func TestTrialHoldsForADay(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := scan.Trials{Key: []byte("a key")}
	token := s.Sign("AAAAAAAA", now)
	for _, tt := range []struct {
		name            string
		trials          scan.Trials
		location, token string
		at              time.Time
		want            bool
	}{
		{"right", s, "AAAAAAAA", token, now, true},
		{"just before its end", s, "AAAAAAAA", token, now.Add(24 * time.Hour), true},
		{"over", s, "AAAAAAAA", token, now.Add(24*time.Hour + time.Second), false},
		{"of another poster", s, "AAAAAAAB", token, now, false},
		{"of another portal", scan.Trials{Key: []byte("another")}, "AAAAAAAA", token, now, false},
		{"without a key", scan.Trials{}, "AAAAAAAA", scan.Trials{}.Sign("AAAAAAAA", now), now, false},
		{"plain 1", s, "AAAAAAAA", "1", now, false},
		{"longer by hand", s, "AAAAAAAA", "zzzzzzz" + token[6:], now, false},
		{"empty", s, "AAAAAAAA", "", now, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.trials.Valid(tt.location, tt.token, tt.at); got != tt.want {
				t.Errorf("Valid = %v, want %v", got, tt.want)
			}
		})
	}
}

// Whatever a stranger calls his browser or asks for, it is counted as one of the kinds there are.
func FuzzVisit(f *testing.F) {
	f.Add("Mozilla/5.0 MicroMessenger/8.0", "", "/s/X", "/policies", "1")
	f.Add("curl/8", "prefetch", "/", "/apply/x/y", "kq.AAAA")
	f.Add("\x00\xff\u202e", "PREVIEW", "//", "/\xff", "-1.x")
	kinds := []string{scan.Person, scan.Bot, scan.Preview}
	doors := []string{"", scan.Know, scan.Check, scan.Apply, scan.Ask, scan.Emergency}
	trials := scan.Trials{Key: []byte("a key")}
	f.Fuzz(func(t *testing.T, agent, purpose, from, to, token string) {
		if got := scan.Visitor(agent, purpose); !slices.Contains(kinds, got) {
			t.Errorf("Visitor(%q, %q) = %q", agent, purpose, got)
		}
		if got := scan.Taken(from, to); !slices.Contains(doors, got) {
			t.Errorf("Taken(%q, %q) = %q", from, to, got)
		}
		if trials.Valid("AAAAAAAA", token, time.Unix(1_800_000_000, 0)) {
			t.Errorf("%q passes for a signed token", token)
		}
	})
}
