package settings

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // an emblem may come as JPEG
	"image/png"
	"io"

	"mashang/platform/problem"
)

const (
	maxUpload = 2 << 20
	maxPixels = 16 << 20
	side      = 512 // of what is kept
)

// Emblem makes an uploaded PNG or JPEG what is kept: a PNG of at most 512 × 512,
// drawn anew, so that nothing but its pixels remains. The size is read before the
// picture is unpacked.
func (b *Book) Emblem(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxUpload+1))
	var cut *problem.Error
	if errors.As(err, &cut) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("settings: emblem: %w", err)
	}
	if len(raw) > maxUpload {
		return nil, &problem.Error{Kind: problem.TooLarge, Key: "settings.emblem.big"}
	}
	conf, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || kind != "png" && kind != "jpeg" || conf.Width < 1 || conf.Height < 1 {
		return nil, problem.Field("emblem", "settings.emblem.kind")
	}
	if conf.Width > maxPixels/conf.Height {
		return nil, problem.Field("emblem", "settings.emblem.pixels")
	}
	b.picture.Lock()
	defer b.picture.Unlock()
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, problem.Field("emblem", "settings.emblem.kind")
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, fitted(img, side)); err != nil {
		return nil, fmt.Errorf("settings: emblem: %w", err)
	}
	return out.Bytes(), nil
}

func mean(img image.Image, box image.Rectangle) color.Color {
	var r, g, b, a, n uint64
	rich, _ := img.(image.RGBA64Image)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			var c color.RGBA64
			if rich != nil {
				c = rich.RGBA64At(x, y)
			} else {
				c, _ = color.RGBA64Model.Convert(img.At(x, y)).(color.RGBA64)
			}
			r, g, b, a, n = r+uint64(c.R), g+uint64(c.G), b+uint64(c.B), a+uint64(c.A), n+1
		}
	}
	return color.RGBA64{uint16(r / n), uint16(g / n), uint16(b / n), uint16(a / n)}
}

// ours reports whether a picture is one that Emblem may have made.
func ours(picture []byte) bool {
	conf, err := png.DecodeConfig(bytes.NewReader(picture))
	return err == nil && conf.Width <= side && conf.Height <= side
}
