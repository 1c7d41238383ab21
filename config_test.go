package main

import (
	"os"
	"strings"
	"testing"
)

func TestLoadConfig(t *testing.T) {
	const key = "k1:c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ="
	for _, tt := range []struct {
		name string
		env  map[string]string
		want string // part of the error; empty: none
	}{
		{"enough", map[string]string{"PORTAL_KEYS": key}, ""},
		{"no keys", nil, "PORTAL_KEYS is not set"},
		{"networks", map[string]string{"PORTAL_KEYS": key, "PORTAL_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.7"}, ""},
		{"keys without an id", map[string]string{"PORTAL_KEYS": "c2VjcmV0"}, "PORTAL_KEYS: "},
		{"no port", map[string]string{"PORTAL_KEYS": key, "PORTAL_ADDR": "localhost"}, "PORTAL_ADDR"},
		{"a port too high", map[string]string{"PORTAL_KEYS": key, "PORTAL_METRICS_ADDR": "127.0.0.1:99999"}, "PORTAL_METRICS_ADDR"},
		{"unknown level", map[string]string{"PORTAL_KEYS": key, "PORTAL_LOG_LEVEL": "loud"}, "PORTAL_LOG_LEVEL"},
		{"bad network", map[string]string{"PORTAL_KEYS": key, "PORTAL_TRUSTED_PROXIES": "all"}, "PORTAL_TRUSTED_PROXIES"},
		{"base URL without host", map[string]string{"PORTAL_KEYS": key, "PORTAL_BASE_URL": "ms.yunxi.example"}, "PORTAL_BASE_URL"},
		{"base URL with a path", map[string]string{"PORTAL_KEYS": key, "PORTAL_BASE_URL": "https://a.example/portal"}, "PORTAL_BASE_URL"},
		{"a provider", map[string]string{"PORTAL_KEYS": key, "PORTAL_OIDC_ISSUER": "https://id.example/realms/office", "PORTAL_OIDC_CLIENT_ID": "mashang"}, ""},
		{"a provider on this machine", map[string]string{"PORTAL_KEYS": key, "PORTAL_OIDC_ISSUER": "http://127.0.0.1:9000", "PORTAL_OIDC_CLIENT_ID": "mashang"}, ""},
		{"a provider without https", map[string]string{"PORTAL_KEYS": key, "PORTAL_OIDC_ISSUER": "http://id.example", "PORTAL_OIDC_CLIENT_ID": "mashang"}, "PORTAL_OIDC_ISSUER"},
		{"a provider that does not know us", map[string]string{"PORTAL_KEYS": key, "PORTAL_OIDC_ISSUER": "https://id.example"}, "PORTAL_OIDC_CLIENT_ID"},
		{"a model", map[string]string{"PORTAL_KEYS": key, "PORTAL_LLM_URL": "http://10.0.0.9:8000/v1", "PORTAL_LLM_MODEL": "qwen"}, ""},
		{"a model without a name", map[string]string{"PORTAL_KEYS": key, "PORTAL_LLM_URL": "https://llm.example/v1"}, "PORTAL_LLM_MODEL"},
		{"a model of meaning alone", map[string]string{"PORTAL_KEYS": key, "PORTAL_LLM_URL": "http://10.0.0.9:8000/v1", "PORTAL_LLM_EMBED_MODEL": "bge"}, ""},
		{"a model of meaning without a server", map[string]string{"PORTAL_KEYS": key, "PORTAL_LLM_EMBED_MODEL": "bge"}, "PORTAL_LLM_EMBED_MODEL wants PORTAL_LLM_URL"},
		{"a model without a server", map[string]string{"PORTAL_KEYS": key, "PORTAL_LLM_MODEL": "qwen"}, "PORTAL_LLM_MODEL wants PORTAL_LLM_URL"},
		{"a model's key in its address", map[string]string{"PORTAL_KEYS": key, "PORTAL_LLM_URL": "https://me:secret@llm.example/v1", "PORTAL_LLM_MODEL": "m"}, "PORTAL_LLM_KEY"},
		{"slash at the end is fine", map[string]string{"PORTAL_KEYS": key, "PORTAL_BASE_URL": "https://a.example/"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := LoadConfig(func(k string) string { return tt.env[k] })
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("LoadConfig = %v, want none", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("LoadConfig = %v, want %q named", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), key) {
				t.Error("the message shows a secret")
			}
		})
	}
}

func TestReadmeShowsTheSettings(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), settingsTable()) {
		t.Errorf("README.md lacks the table of settings as it is:\n%s", settingsTable())
	}
}
