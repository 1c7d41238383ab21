package settings

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
)

// smallBytes is what the small emblem may weigh: it stands on the page a scan opens, which has 10 KB for everything.
const smallBytes = 1000

// Small draws an emblem so small and in so few colours that a page can afford it. picture is what Book.Emblem made.
func Small(picture []byte) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, fmt.Errorf("settings: small emblem: %w", err)
	}
	var out bytes.Buffer
	for _, try := range []struct{ side, colours int }{{48, 15}, {40, 7}, {32, 7}, {32, 3}, {24, 3}, {16, 3}} {
		out.Reset()
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, few(fitted(img, try.side), try.colours)); err != nil {
			return nil, fmt.Errorf("settings: small emblem: %w", err)
		}
		if out.Len() <= smallBytes {
			break
		}
	}
	return out.Bytes(), nil
}

// fitted is img in a box of that side, every pixel the mean of those it stands for.
func fitted(img image.Image, side int) image.Image {
	from := img.Bounds()
	w, h := from.Dx(), from.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.Set(x, y, mean(img, image.Rect(
				from.Min.X+x*from.Dx()/w, from.Min.Y+y*from.Dy()/h,
				from.Min.X+(x+1)*from.Dx()/w, from.Min.Y+(y+1)*from.Dy()/h)))
		}
	}
	return out
}

// few is img in its n most frequent colours and transparent.
func few(img image.Image, n int) image.Image {
	b := img.Bounds()
	count := map[color.NRGBA]int{}
	rough := func(x, y int) (color.NRGBA, bool) {
		c, _ := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
		return color.NRGBA{c.R &^ 0x1f, c.G &^ 0x1f, c.B &^ 0x1f, 0xff}, c.A >= 0x80
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if c, seen := rough(x, y); seen {
				count[c]++
			}
		}
	}
	all := make([]color.NRGBA, 0, len(count))
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.NRGBA) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return (int(a.R)<<16 | int(a.G)<<8 | int(a.B)) - (int(b.R)<<16 | int(b.G)<<8 | int(b.B))
	})
	palette := color.Palette{color.NRGBA{}}
	for _, c := range all[:min(n, len(all))] {
		palette = append(palette, color.NRGBA{c.R | 0x10, c.G | 0x10, c.B | 0x10, 0xff})
	}
	out := image.NewPaletted(image.Rect(0, 0, b.Dx(), b.Dy()), palette)
	for y := range b.Dy() {
		for x := range b.Dx() {
			if c, seen := rough(b.Min.X+x, b.Min.Y+y); seen && len(palette) > 1 {
				out.SetColorIndex(x, y, uint8(palette[1:].Index(c))+1)
			}
		}
	}
	return out
}
