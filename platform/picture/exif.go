package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// segments walks the segments of a JPEG up to its image data, while fn wants more.
func segments(raw []byte, fn func(marker byte, body []byte) bool) {
	for i := 2; i+4 <= len(raw) && raw[i] == 0xff; {
		marker := raw[i+1]
		switch {
		case marker == 0xff: // padding
			i++
			continue
		case marker >= 0xd0 && marker <= 0xd8 || marker == 0x01: // no body
			i += 2
			continue
		case marker == 0xda || marker == 0xd9:
			return
		}
		end := i + 2 + int(binary.BigEndian.Uint16(raw[i+2:]))
		if end < i+4 || end > len(raw) || !fn(marker, raw[i+4:end]) {
			return
		}
		i = end
	}
}

// orientation is how a camera was held, 1 to 8, told by the EXIF part of a JPEG; 1 is upright, and unknown is 1.
func orientation(raw []byte) int {
	found := 1
	segments(raw, func(marker byte, body []byte) bool {
		if marker != 0xe1 || !bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return true
		}
		found = tiffOrientation(body[6:])
		return false
	})
	return found
}

func tiffOrientation(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(t[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(t[4:]))
	if at+2 > int64(len(t)) {
		return 1
	}
	n := int64(order.Uint16(t[at:]))
	for i := int64(0); i < n; i++ {
		e := at + 2 + 12*i
		if e+12 > int64(len(t)) {
			return 1
		}
		if order.Uint16(t[e:]) == 0x0112 {
			if o := int(order.Uint16(t[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
	}
	return 1
}

// turn brings a picture upright.
func turn(in *image.RGBA, o int) *image.RGBA {
	if o <= 1 || o > 8 {
		return in
	}
	w, h := in.Rect.Dx(), in.Rect.Dy()
	rect := in.Rect
	if o >= 5 {
		rect = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(rect)
	for y := range h {
		for x := range w {
			var tx, ty int
			switch o {
			case 2:
				tx, ty = w-1-x, y
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				tx, ty = x, h-1-y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			from, to := in.PixOffset(x, y), out.PixOffset(tx, ty)
			copy(out.Pix[to:to+4], in.Pix[from:from+4])
		}
	}
	return out
}
