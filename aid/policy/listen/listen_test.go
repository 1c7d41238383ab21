package listen_test

import (
	"strings"
	"testing"

	"mashang/aid/policy/listen"
)

func TestSoundIsKnownByItsContent(t *testing.T) {
	rest := strings.Repeat("\x00", 20)
	for content, want := range map[string]string{
		"ID3\x04\x00\x00\x00\x00\x01\x00" + rest: "audio/mpeg", "\xff\xfb\x90\x64" + rest: "audio/mpeg", "\xff\xf3\x40\x00" + rest: "audio/mpeg",
		"OggS\x00\x02" + rest: "audio/ogg", "\x00\x00\x00\x20ftypM4A " + rest: "audio/mp4", "\x00\x00\x00\x20ftypmp42" + rest: "audio/mp4",
		"<html><body>" + rest: "", "\xff\xd8\xff\xe0" + rest: "", "%PDF-1.7" + rest: "", "PK\x03\x04" + rest: "", "MZ" + rest: "", "\x00\x00\x00\x20ftypheic" + rest: "",
		"\xff\xfb\xf0\x64" + rest: "", "\xff\xff\xff\xff" + rest: "", "ID3": "", "": "", "RIFF\x00\x00\x00\x00WAVE" + rest: "",
	} {
		if got := listen.Sound([]byte(content)); got != want {
			t.Errorf("%q is %q, want %q", content[:min(len(content), 12)], got, want)
		}
	}
}

func FuzzSound(f *testing.F) {
	f.Add([]byte("ID3\x04\x00\x00\x00\x00\x01\x00........"))
	f.Add([]byte("\x00\x00\x00\x20ftypM4A ......"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s := listen.Sound(b); s != "" && !strings.HasPrefix(s, "audio/") {
			t.Errorf("%q", s)
		}
	})
}
