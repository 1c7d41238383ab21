package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"testing"

	"mashang/platform/problem"
)

// A list of places whose numbers take no room says the same place without end.
func TestAHEICThatNamesPlacesWithoutEndIsRefused(t *testing.T) {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte{0, 0, 0, 0}, 100), 100)
	list := []byte{0, 0, 0, 0, 0x00, 0, 0x01, 0x00}
	for range 256 {
		list = append(list, 0, 1, 0, 0, 0xff, 0xff)
	}
	raw := bytes.Join([][]byte{aBox("ftyp", []byte("heic\x00\x00\x00\x00mif1heic")), aBox("meta", []byte{0, 0, 0, 0},
		aBox("hdlr", []byte("\x00\x00\x00\x00\x00\x00\x00\x00pict\x00")), aBox("iinf", []byte{0, 0, 0, 0, 0, 1}, infe(1, "hvc1", "")),
		aBox("iprp", aBox("ipco", aBox("ispe", size))), aBox("iloc", list)), aBox("mdat", []byte("CODED"))}, nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := new(Studio).Paper(t.Context(), bytes.NewReader(raw))
	runtime.ReadMemStats(&after)
	var e *problem.Error
	if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; !errors.As(err, &e) || e.Key != words+"broken" || grown > 50 {
		t.Errorf("a file of %d bytes: %v after taking %d MB, want it called broken", len(raw), err, grown)
	}
}
