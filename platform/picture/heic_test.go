package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"mashang/platform/problem"
)

func aBox(kind string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))
	return append(append(out, kind...), body...)
}

func infe(id byte, kind, called string) []byte {
	return aBox("infe", []byte{2, 0, 0, 0, 0, id, 0, 0}, []byte(kind), []byte(called+"\x00"))
}

// heic is a file as phones make it: one coded picture, its EXIF, and more that is none of our business.
func heic(width, height uint32) []byte {
	picture, exif, xmp := []byte("CODED PICTURE DATA"), []byte("Exif GPS 36.0912N 117.1301E"), []byte("<x:xmp>Zhang</x:xmp>")
	build := func(at uint32) []byte {
		place := func(id byte, at uint32, n int) []byte {
			out := []byte{0, id, 0, 0, 0, 1}
			return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(out, at), uint32(n))
		}
		size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte{0, 0, 0, 0}, width), height)
		return aBox("meta", []byte{0, 0, 0, 0},
			aBox("hdlr", []byte("\x00\x00\x00\x00\x00\x00\x00\x00pict\x00")), aBox("pitm", []byte{0, 0, 0, 0, 0, 1}),
			aBox("iinf", []byte{0, 0, 0, 0, 0, 3}, infe(1, "hvc1", "my garden"), infe(2, "Exif", ""), infe(3, "mime", "application/rdf+xml")),
			aBox("iprp", aBox("ipco", aBox("ispe", size), aBox("hvcC", []byte("config")), aBox("udes", []byte("who and where"))), aBox("ipma", []byte{0, 0, 0, 0, 0, 0, 0, 0})),
			aBox("iloc", []byte{0, 0, 0, 0, 0x44, 0, 0, 3}, place(1, at, len(picture)), place(2, at+uint32(len(picture)), len(exif)), place(3, at+uint32(len(picture)+len(exif)), len(xmp))),
			aBox("uuid", []byte("a maker's notes")))
	}
	head := aBox("ftyp", []byte("heic\x00\x00\x00\x00mif1heic"))
	meta := build(uint32(len(head) + len(build(0)) + 8))
	return bytes.Join([][]byte{head, meta, aBox("mdat", picture, exif, xmp, []byte("a hidden file")), aBox("mpvd", []byte("a film"))}, nil)
}

func TestAHEICKeepsItsPictureOnly(t *testing.T) {
	raw := heic(4032, 3024)
	p, err := new(Studio).Paper(t.Context(), bytes.NewReader(raw))
	if err != nil || p.MIME != "image/heic" || p.Width != 4032 || p.Height != 3024 || len(p.Data) != len(raw) {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, kept := range []string{"CODED PICTURE DATA", "config", "ispe", "hvc1", "ftyp"} {
		if !bytes.Contains(p.Data, []byte(kept)) {
			t.Errorf("%q is gone", kept)
		}
	}
	for _, gone := range []string{"GPS", "36.09", "xmp", "Zhang", "garden", "who and where", "maker", "hidden", "film"} {
		if bytes.Contains(p.Data, []byte(gone)) {
			t.Errorf("%q is still in it", gone)
		}
		if !bytes.Contains(raw, []byte(gone)) {
			t.Errorf("control: %q was never in it", gone)
		}
	}
}

func TestAHEICThatIsNoneIsRefused(t *testing.T) {
	whole := heic(4032, 3024)
	for _, tt := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"too many dots", heic(30000, 30000), words + "dots"},
		{"no size", heic(0, 0), words + "dots"},
		{"cut off", whole[:len(whole)/2], words + "broken"},
		{"only a head", whole[:24], words + "broken"},
		{"a film", append(bytes.Clone(whole), aBox("moov", []byte("x"))...), words + "video"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := new(Studio).Paper(t.Context(), bytes.NewReader(tt.raw))
			var e *problem.Error
			if !errors.As(err, &e) || e.Key != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
	if _, err := new(Studio).Clean(t.Context(), bytes.NewReader(whole)); err == nil {
		t.Error("where only pictures to be shown are taken, a HEIC was")
	}
}

func FuzzStrip(f *testing.F) {
	f.Add(heic(100, 100))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if p, err := strip(raw); err == nil && len(p.Data) != len(raw) {
			t.Errorf("%d bytes became %d", len(raw), len(p.Data))
		}
	})
}
