package badlink_test

import (
	"strings"
	"testing"
	"time"

	"mashang/api/apitest"
	"mashang/platform/store/storetest"
)

// What could not be sent of an application that was thrown away leaves the phone with it. What waits of another stays:
// the control.
func TestNothingOfAnApplicationStaysOnThePhone(t *testing.T) {
	p := apitest.New(t, storetest.SQLite(t))
	const seed = 4 // of somebody with script
	l := newLink(t, strings.TrimPrefix(p.URL, "http://"), quality{rate: 10_000_000}, seed)
	who, err := newPerson(t, openBrowser(t), l, p.Poster(t), seed, false)
	if err == nil {
		clear(who.faults)
		err = who.open("/apply/gaoling")
	}
	if err != nil {
		t.Fatal(err)
	}
	must := func(js, until string) {
		t.Helper()
		if _, err := ask[bool](who, "(%s, true)", js); err != nil || !who.until(time.Minute, until) {
			t.Fatalf("%s never led to %s (%v)", js, until, err)
		}
	}
	must(`document.querySelector('form[action*="/start"] button').click()`, `!!document.querySelector("[data-keep]") && document.readyState == "complete"`)
	// box laid in by the page's own script, and one thing of this draft and one of another that wait in it.
	must(`document.dispatchEvent(new Event("touchstart"))`, `!!window.mzBox`)
	must(`(()=>{ var tag = document.querySelector("[data-keep]").dataset.keep.slice(0,6), at = Date.now();
		localStorage.setItem("mz-box", tag);
		window.box = fn => { var r = indexedDB.open("mz-box", 1); r.onsuccess = () => { var t = r.result.transaction("box", "readwrite"); fn(t.objectStore("box")); t.oncomplete = () => { r.result.close(); window.boxed = 1; } } };
		box(s => { s.put({id: tag + "photo", tag: tag, at: at, n: 0, head: {raw: new TextEncoder().encode("{}")}}); s.put({id: "another", tag: "anothe", at: at, n: 0, head: {raw: new TextEncoder().encode("{}")}}); }) })()`, `!!window.boxed`)
	if err := who.open("/apply/discard"); err != nil {
		t.Fatal(err)
	}
	must(`document.querySelector('form[action="/apply/discard"] button').click()`, `location.search == "?gone=1" && document.readyState == "complete"`)
	const waits = `(()=>{ var r = indexedDB.open("mz-box", 1); r.onsuccess = () => { var g = r.result.transaction("box").objectStore("box").getAllKeys(); g.onsuccess = () => { window.left = g.result.join(); r.result.close(); } } })()`
	must(waits, `(`+waits+`, window.left === "another") && !localStorage.getItem("mz-box")`)
	if err := who.open("/apply"); err != nil {
		t.Fatal(err)
	}
	if again, _ := ask[bool](who, `!!document.querySelector("script[data-tag]")`); again {
		t.Error("the phone is emptied at every page")
	}
}
