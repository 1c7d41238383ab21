package scan_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"mashang/aid/place/scan"
	"mashang/platform/store"
	"mashang/platform/store/storetest"
)

func totals(t *testing.T, c *scan.Counter) map[string]int64 {
	t.Helper()
	all, err := c.Totals(context.Background(), time.Unix(0, 0), time.Now().Add(24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int64{}
	for _, x := range all {
		sums[x.Location+" "+x.Kind] += x.N
	}
	return sums
}

func TestVisitsAreStoredWithinASecond(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := scan.NewCounter(db, nil, nil)
		defer c.Close()
		c.Count("AAAAAAAA", scan.Person)
		deadline := time.Now().Add(3 * time.Second) // a second of its own, and two for a machine that is busy with other tests
		for totals(t, c)["AAAAAAAA scan"] != 1 {
			if time.Now().After(deadline) {
				t.Fatal("not stored in time")
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
}

func TestEveryVisitIsCountedOnceAndApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := scan.NewCounter(db, nil, nil)
		other := scan.NewCounter(db, nil, nil) // another instance
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				for range 500 {
					c.Count("AAAAAAAA", scan.Person)
					other.Count("AAAAAAAA", scan.Click)
				}
				c.Count("BBBBBBBB", []string{scan.Bot, scan.Test}[i%2])
			})
		}
		wg.Wait()
		for _, k := range []*scan.Counter{c, other} {
			if err := k.Close(); err != nil {
				t.Fatal(err)
			}
		}
		want := map[string]int64{"AAAAAAAA scan": 8000, "AAAAAAAA click": 8000, "BBBBBBBB bot": 8, "BBBBBBBB test": 8}
		got := totals(t, c)
		for k, n := range want {
			if got[k] != n {
				t.Errorf("%s = %d, want %d", k, got[k], n)
			}
		}
	})
}

func TestVisitsAreKeptByTheHour(t *testing.T) {
	at := time.Date(2026, 11, 21, 8, 59, 59, 0, time.UTC)
	c := scan.NewCounter(storetest.SQLite(t), func() time.Time { return at }, nil)
	c.Count("AAAAAAAA", scan.Person)
	at = at.Add(time.Second)
	c.Count("AAAAAAAA", scan.Person)
	c.Count("AAAAAAAA", scan.Person)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	hours, err := c.Hours(t.Context(), "AAAAAAAA", at.Add(-24*time.Hour), at.Add(24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if len(hours) != 2 || hours[0].N != 1 || hours[1].N != 2 || hours[1].At.UTC().Hour() != 9 {
		t.Errorf("Hours = %v, want one at 8 and two at 9", hours)
	}
}

// While the database is away counting goes on at once, and what was counted is stored when it is back.
func TestCountingSurvivesAFailingDatabase(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	c := scan.NewCounter(db, nil, slog.New(slog.DiscardHandler))
	if _, err := db.ExecContext(t.Context(), `ALTER TABLE scans RENAME TO away`); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for range 10000 {
		c.Count("AAAAAAAA", scan.Person)
	}
	if took := time.Since(start); took > 500*time.Millisecond {
		t.Errorf("counting took %v while the database failed", took)
	}
	if err := c.Flush(t.Context()); err == nil {
		t.Fatal("the failure is not told")
	}
	c.Count("AAAAAAAA", scan.Person)
	if _, err := db.ExecContext(t.Context(), `ALTER TABLE away RENAME TO scans`); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if got := totals(t, c)["AAAAAAAA scan"]; got != 10001 {
		t.Errorf("stored %d visits, want 10001", got)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestVisitor(t *testing.T) {
	const wechat = "Mozilla/5.0 (Linux; Android 12; V2055A Build/SP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/107.0.5304.141 Mobile Safari/537.36 XWEB/5235 MMWEBSDK/20230504 MicroMessenger/8.0.37.2380(0x2800255B) WeChat/arm64 Weixin NetType/4G Language/zh_CN ABI/arm64"
	for _, tt := range []struct{ name, agent, purpose, want string }{
		{"wechat", wechat, "", scan.Person},
		{"wechat on iphone", "Mozilla/5.0 (iPhone; CPU iPhone OS 16_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.33 NetType/WIFI", "", scan.Person},
		{"alipay", "Mozilla/5.0 (Linux; U; Android 11; zh-CN) UCBrowser/11.8 Mobile Safari/537.36 AlipayClient/10.3.20", "", scan.Person},
		{"elder's browser", "Mozilla/5.0 (Linux; Android 7.0; HUAWEI) AppleWebKit/537.36 Chrome/55.0 Mobile Safari/537.36", "", scan.Person},
		{"a phone called cubot", "Mozilla/5.0 (Linux; Android 10; CUBOT_X30) AppleWebKit/537.36 Chrome/96.0 Mobile Safari/537.36", "", scan.Person},
		{"prefetch", wechat, "prefetch;prerender", scan.Preview},
		{"baidu", "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "", scan.Bot},
		{"bing", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/103.0 Safari/537.36", "", scan.Bot},
		{"sogou", "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)", "", scan.Bot},
		{"tencent's address check", "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 Chrome/39.0 Safari/537.36 QQ-URL-Manager", "", scan.Preview},
		{"dingtalk preview", "DingTalkBot-LinkService/1.0 (+https://open-doc.dingtalk.com)", "", scan.Preview},
		{"telegram preview", "TelegramBot (like TwitterBot)", "", scan.Preview},
		{"whatsapp preview", "WhatsApp/2.23.20.0", "", scan.Preview},
		{"curl", "curl/8.5.0", "", scan.Bot},
		{"go", "Go-http-client/1.1", "", scan.Bot},
		{"headless", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36", "", scan.Bot},
		{"nothing", "", "", scan.Bot},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := scan.Visitor(tt.agent, tt.purpose); got != tt.want {
				t.Errorf("Visitor = %q, want %q", got, tt.want)
			}
		})
	}
}

func BenchmarkCount(b *testing.B) {
	c := scan.NewCounter(storetest.SQLite(b), nil, nil)
	defer c.Close()
	ids := make([]string, 3000)
	for i := range ids {
		ids[i] = locationID(i)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			c.Count(ids[i%len(ids)], scan.Person)
		}
	})
}

// locationID is the i-th of many IDs.
func locationID(i int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	id := []byte("LAAAAAAA")
	for j := 7; i > 0; j-- {
		id[j] = letters[i%32]
		i /= 32
	}
	return string(id)
}
