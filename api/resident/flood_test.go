package resident_test

import (
	"strings"
	"testing"
	"time"

	"mashang/aid/apply/applytest"
	"mashang/aid/cases"
)

// A form may bring a dozen photos, so photos are what is counted: a program that sends reports does not fill the disk.
// The report itself is not refused, and nothing that was typed is lost.
func TestPhotosOfReportsAreCounted(t *testing.T) {
	p := newPortal(t)
	b := p.scan(p.hall).get("/report?what=damaged").want(200)
	photo := applytest.Photo(40, 30)
	b.upload("/report", "a.jpg", photo).want(200)
	for range 6000 {
		if _, _, err := p.Places.KV.Allow(t.Context(), "paper:127.0.0.1", 6000, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	b.get("/report?what=gone").want(200).upload("/report", "b.jpg", photo).want(429)
	if all, err := p.Cases.List(t.Context(), cases.Filter{Kind: cases.Poster}); err != nil || len(all) != 1 {
		t.Errorf("%d reports, %v, want 1", len(all), err)
	}
	b.submit("/report", nil, "").want(200) // without the photo
	if !strings.HasPrefix(b.At, "/status/") {
		t.Errorf("the report led to %s", b.At)
	}
}
