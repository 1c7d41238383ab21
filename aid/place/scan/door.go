package scan

import "strings"

// doors says behind which door a page lies, by the first part of its address.
var doors = map[string]string{
	"policies": Know, "documents": Know, "screener": Know,
	"roster": Check, "apply": Apply, "ask": Ask, "emergency": Emergency,
}

// Door is the door behind which a page's path lies, "" for none.
func Door(path string) string {
	path, ok := strings.CutPrefix(path, "/")
	if !ok {
		return ""
	}
	first, _, _ := strings.Cut(path, "/")
	return doors[first]
}

// Taken is the door that a person went through who came to path from the page at from: "" when that page lies behind
// the same door, so that walking about inside counts once.
func Taken(from, path string) string {
	door := Door(path)
	if door == "" || Door(from) == door {
		return ""
	}
	return door
}
