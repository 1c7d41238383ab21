package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"mashang/platform/privacy"
)

// Config is every setting of the portal. The README's table is made from the
// tags of this struct (a test compares them).
type Config struct {
	Addr           string         `env:"PORTAL_ADDR" default:":8080" help:"address the portal listens on"`
	BaseURL        string         `env:"PORTAL_BASE_URL" default:"http://localhost:8080" help:"address printed in codes and links; with https, cookies are __Host- and Secure"`
	Data           string         `env:"PORTAL_DATA" default:"data" help:"folder of the SQLite database"`
	DatabaseURL    string         `env:"PORTAL_DATABASE_URL" secret:"true" help:"postgres://…; empty: SQLite in PORTAL_DATA"`
	RedisURL       string         `env:"PORTAL_REDIS_URL" secret:"true" help:"redis://…; empty: limits and notices inside the process (one instance)"`
	Keys           string         `env:"PORTAL_KEYS" secret:"true" required:"true" help:"sealing keys, newest first: id:base64[,id:base64…]; doctor -new-key prints one"`
	TrustedProxies []netip.Prefix `env:"PORTAL_TRUSTED_PROXIES" help:"networks whose X-Forwarded-For is believed, comma separated; empty: none"`
	PrivateTargets []netip.Prefix `env:"PORTAL_PRIVATE_ENDPOINTS" help:"private networks in which a back office may stand, comma separated; empty: public addresses only"`
	Hotline        string         `env:"PORTAL_HOTLINE" default:"12345" help:"the number at the foot of every page"`
	MetricsAddr    string         `env:"PORTAL_METRICS_ADDR" help:"own address of /metrics, such as 127.0.0.1:9090; empty: none"`
	OIDCIssuer     string         `env:"PORTAL_OIDC_ISSUER" help:"the office's own sign-in for the staff (OpenID Connect), https://… as it names itself; empty: passwords only"`
	OIDCClientID   string         `env:"PORTAL_OIDC_CLIENT_ID" help:"what this portal is called there; its redirect address is PORTAL_BASE_URL/console/sign-in/back"`
	OIDCSecret     string         `env:"PORTAL_OIDC_CLIENT_SECRET" secret:"true" help:"its secret there; empty for a public client"`
	OIDCName       string         `env:"PORTAL_OIDC_NAME" default:"统一身份认证" help:"what the button of that sign-in says"`
	OIDCClaim      string         `env:"PORTAL_OIDC_CLAIM" default:"preferred_username" help:"the claim that is the name of an account here"`
	ModelURL       string         `env:"PORTAL_LLM_URL" help:"a language model that chooses which sentences of a passage answer a question, on any server that speaks the API of OpenAI: https://host/v1; empty: none is asked"`
	ModelKey       string         `env:"PORTAL_LLM_KEY" secret:"true" help:"the key for it; empty when it asks for none"`
	Model          string         `env:"PORTAL_LLM_MODEL" help:"which model is asked there"`
	EmbedModel     string         `env:"PORTAL_LLM_EMBED_MODEL" help:"a model of meaning on the same server; its vectors help to find answers where that shows on the office's own questions, see docs/retrieval.md; empty: none is asked"`
	ScanMonths     int            `env:"PORTAL_SCAN_MONTHS" default:"13" help:"how many months scans are kept hour by hour; day by day they stay"`
	InspectDays    int            `env:"PORTAL_INSPECT_DAYS" default:"90" help:"after how many days without an inspection a poster is overdue"`
	LogLevel       string         `env:"PORTAL_LOG_LEVEL" default:"info" help:"debug, info, warn or error"`
}

// LoadConfig reads the settings through getenv. All that is wrong is told at
// once; a secret's value is never part of the message.
func LoadConfig(getenv func(string) string) (Config, error) {
	var c Config
	var problems []error
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name := f.Tag.Get("env")
		text := strings.TrimSpace(getenv(name))
		if text == "" {
			text = f.Tag.Get("default")
		}
		if text == "" {
			if f.Tag.Get("required") == "true" {
				problems = append(problems, fmt.Errorf("%s is not set: %s", name, f.Tag.Get("help")))
			}
			continue
		}
		switch p := v.Field(i).Addr().Interface().(type) {
		case *string:
			*p = text
		case *int:
			var err error
			if *p, err = strconv.Atoi(text); err != nil || *p < 1 || *p > 3650 {
				problems = append(problems, fmt.Errorf("%s is %q, want a number from 1 to 3650", name, text))
			}
		case *[]netip.Prefix:
			var err error
			if *p, err = prefixes(text); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", name, err))
			}
		default:
			problems = append(problems, fmt.Errorf("%s: a setting of an unknown kind", name))
		}
	}
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" {
		problems = append(problems, fmt.Errorf("PORTAL_BASE_URL is %q, want https://host with nothing behind it", c.BaseURL))
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if u, err := url.Parse(c.OIDCIssuer); c.OIDCIssuer != "" && (err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname()))) {
		problems = append(problems, fmt.Errorf("PORTAL_OIDC_ISSUER is %q, want https://host as the provider names itself", c.OIDCIssuer))
	}
	if (c.OIDCIssuer == "") != (c.OIDCClientID == "") {
		problems = append(problems, errors.New("PORTAL_OIDC_ISSUER and PORTAL_OIDC_CLIENT_ID go together: set both or none"))
	}
	if u, err := url.Parse(c.ModelURL); c.ModelURL != "" && (err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http") {
		problems = append(problems, errors.New("PORTAL_LLM_URL is no address such as https://host/v1; the key goes into PORTAL_LLM_KEY"))
	}
	switch {
	case c.ModelURL == "" && c.Model != "":
		problems = append(problems, errors.New("PORTAL_LLM_MODEL wants PORTAL_LLM_URL, the server on which it is asked"))
	case c.ModelURL != "" && c.Model == "" && c.EmbedModel == "":
		problems = append(problems, errors.New("PORTAL_LLM_URL wants PORTAL_LLM_MODEL, PORTAL_LLM_EMBED_MODEL or both"))
	}
	if c.ModelURL == "" && c.EmbedModel != "" {
		problems = append(problems, errors.New("PORTAL_LLM_EMBED_MODEL wants PORTAL_LLM_URL, the server on which it is asked"))
	}
	if c.Keys != "" {
		if _, err := privacy.ParseKeys(c.Keys); err != nil {
			problems = append(problems, fmt.Errorf("PORTAL_KEYS: %w (doctor -new-key prints a right one)", err))
		}
	}
	for _, listen := range []struct{ name, addr string }{{"PORTAL_ADDR", c.Addr}, {"PORTAL_METRICS_ADDR", c.MetricsAddr}} {
		_, port, err := net.SplitHostPort(listen.addr)
		if _, bad := strconv.ParseUint(port, 10, 16); listen.addr != "" && (err != nil || bad != nil) {
			problems = append(problems, fmt.Errorf("%s is %q, want an address such as 127.0.0.1:8080 or :8080", listen.name, listen.addr))
		}
	}
	var level slog.Level
	if level.UnmarshalText([]byte(strings.ToUpper(c.LogLevel))) != nil {
		problems = append(problems, fmt.Errorf("PORTAL_LOG_LEVEL is %q, want debug, info, warn or error", c.LogLevel))
	}
	return c, errors.Join(problems...)
}

// isLoopback reports whether a host is this machine, where https has nothing to
// protect.
func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

func prefixes(list string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		if a, err := netip.ParseAddr(part); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("%q is no network such as 10.0.0.0/8", part)
		}
		out = append(out, p)
	}
	return out, nil
}

// settingsTable is the README's table of settings, in Markdown.
func settingsTable() string {
	var b strings.Builder
	b.WriteString("| setting | default | what it does |\n| --- | --- | --- |\n")
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		def := "–"
		if d := tag.Get("default"); d != "" {
			def = "`" + d + "`"
		}
		if tag.Get("required") == "true" {
			def = "**must be set**"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", tag.Get("env"), def, tag.Get("help"))
	}
	return b.String()
}
