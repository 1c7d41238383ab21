package hours_test

import (
	"encoding/json"
	"testing"
	"time"

	"mashang/aid/place/hours"
	"mashang/i18n"
	"mashang/platform/calendar"
)

func TestHoursAreReadAsOfficesWriteThem(t *testing.T) {
	const usual = "周一至周五 8:30–12:00、13:30–17:30"
	for _, tt := range []struct{ name, in, want string }{
		{"as it is written here", usual, usual},
		{"with halves of the day", "周一至周五，上午 8:30–12:00，下午 1:30–5:30", usual},
		{"traditional", "週一至週五，上午 8:30–12:00，下午 1:30–5:30", usual},
		{"in English", "Monday to Friday, 8:30–12:00 and 13:30–17:30", usual},
		{"in English with halves", "Mon-Fri 8:30am-12:00pm, 1:30pm-5:30pm", usual},
		{"full width", "周一至周五　８：３０－１２：００，１３：３０－１７：３０", usual},
		{"spoken", "工作日上午8点半到12点，下午1点半到5点半", usual},
		{"no days", "8:30-12:00 13:30-17:30", usual},
		{"public holidays named", "周一至周五 8:30-12:00、13:30-17:30（法定节假日除外）", usual},
		{"weekend apart", "周一至周五 9:00-17:00；周六上午 9:00-12:00", "周一至周五 9:00–17:00；周六 9:00–12:00"},
		{"weekend closed", "星期一至五 9:00-17:00，星期六、星期日休息", "周一至周五 9:00–17:00"},
		{"days one by one", "周一、周三 9:00-11:00", "周一 9:00–11:00；周三 9:00–11:00"},
		{"days in a row", "周一三五 9:00-11:00", "周一 9:00–11:00；周三 9:00–11:00；周五 9:00–11:00"},
		{"round the clock", "每天24小时", "每天 全天"},
		{"over the weekend", "周六至周日 9:00-10:00", "周六、周日 9:00–10:00"},
		{"nothing", "", ""},
		{"words", "逢集开放", ""},
		{"a season", "夏季 周一至周五 8:00-12:00", ""},
		{"ends before it begins", "周一 12:00-8:00", ""},
		{"past midnight", "周一 20:00-25:00", ""},
		{"minutes", "周一 8:61-9:00", ""},
		{"overlap", "周一 8:00-12:00、11:00-13:00", ""},
		{"day twice", "周一 8:00-9:00；周一至周五 9:00-10:00", ""},
		{"days without hours", "周一至周五", ""},
		{"half a span", "周一 8:00-", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, ok := hours.Parse(tt.in)
			if got := w.Text(i18n.Hans); got != tt.want || ok != (tt.want != "") {
				t.Errorf("Parse(%q) = %q, %v, want %q", tt.in, got, ok, tt.want)
			}
		})
	}
}

// What is written is read again as the same week, in every language, so that nobody has to enter it twice.
func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	for _, s := range []string{"周一至周五 8:30-12:00、13:30-17:30", "周一、周二 9:00-17:00；周六 9:00-12:00", "每天 8:00-20:00", "周日 全天", "周五至周六 10:00-11:00"} {
		w, ok := hours.Parse(s)
		if !ok {
			t.Fatalf("%q is not read", s)
		}
		for _, l := range i18n.Langs() {
			again, ok := hours.Parse(w.Text(l))
			if !ok || again.Text(i18n.Hans) != w.Text(i18n.Hans) {
				t.Errorf("%s: %q is read as %q, %v", l, w.Text(l), again.Text(i18n.Hans), ok)
			}
		}
		b, err := json.Marshal(w)
		var kept hours.Week
		if err != nil || json.Unmarshal(b, &kept) != nil || kept.Text(i18n.Hans) != w.Text(i18n.Hans) {
			t.Errorf("JSON %s: %v", b, err)
		}
	}
	for _, bad := range []string{`[["9:00"],[],[],[],[],[],[]]`, `[["12:00-9:00"],[],[],[],[],[],[]]`, `[["09:00-25:00"],[],[],[],[],[],[]]`} {
		if json.Unmarshal([]byte(bad), new(hours.Week)) == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.ParseInLocation("2006-01-02 15:04", s, i18n.Shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestOpenNowAndNext(t *testing.T) {
	week, ok := hours.Parse("周一至周五 8:30-12:00、13:30-17:30；周六 9:00-11:00")
	if !ok {
		t.Fatal("the week is not read")
	}
	always, _ := hours.Parse("每天 24小时")
	away := []hours.Closing{{From: at(t, "2026-11-24 00:00"), To: at(t, "2026-11-25 00:00")}}
	for _, tt := range []struct {
		name   string
		week   hours.Week
		closed []hours.Closing
		at     string
		open   bool
		next   string
	}{
		{"before the day", week, nil, "2026-11-23 07:00", false, "2026-11-23 08:30"},
		{"at the door", week, nil, "2026-11-23 08:30", true, "2026-11-23 12:00"},
		{"noon", week, nil, "2026-11-23 12:00", false, "2026-11-23 13:30"},
		{"afternoon", week, nil, "2026-11-23 17:29", true, "2026-11-23 17:30"},
		{"evening", week, nil, "2026-11-23 18:00", false, "2026-11-24 08:30"},
		{"saturday", week, nil, "2026-11-21 10:00", true, "2026-11-21 11:00"},
		{"over the weekend", week, nil, "2026-11-21 11:00", false, "2026-11-23 08:30"},
		{"closed by the office", week, away, "2026-11-24 09:00", false, "2026-11-26 08:30"},
		{"national day", week, nil, "2026-10-01 09:00", false, "2026-10-08 08:30"},
		{"a weekend of a holiday", week, nil, "2026-10-03 10:00", false, "2026-10-08 08:30"},
		{"a saturday worked in exchange", week, nil, "2026-02-14 16:00", true, "2026-02-14 17:30"},
		{"a holiday of a year without a notice", week, nil, "2027-01-01 09:00", false, "2027-01-04 08:30"},
		{"round the clock", always, nil, "2026-11-23 07:00", true, ""},
		{"round the clock, on a holiday", always, nil, "2026-10-01 07:00", true, ""},
		{"nobody has said", hours.Week{}, nil, "2026-11-23 09:00", false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			open, next := tt.week.Open(at(t, tt.at), calendar.Load(), tt.closed)
			got := ""
			if !next.IsZero() {
				got = next.Format("2006-01-02 15:04")
			}
			if open != tt.open || got != tt.next {
				t.Errorf("Open = %v, %q, want %v, %q", open, got, tt.open, tt.next)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("周一至周五 8:30-12:00、13:30-17:30；周六上午 9:00-12:00")
	f.Add("mon to fri 9am - 5pm, and sat")
	f.Add("周一——周五 8点半到12点")
	f.Fuzz(func(t *testing.T, s string) {
		w, ok := hours.Parse(s)
		if ok != w.Known() {
			t.Fatalf("Parse(%q) = %v, %v", s, w, ok)
		}
		if again, fine := hours.Parse(w.Text(i18n.Hans)); ok && (!fine || again.Text(i18n.Hans) != w.Text(i18n.Hans)) {
			t.Errorf("%q is written %q and read as %q", s, w.Text(i18n.Hans), again.Text(i18n.Hans))
		}
	})
}
