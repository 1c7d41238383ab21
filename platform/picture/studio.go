// Package picture makes clean pictures of what strangers send: drawn anew, with nothing but the picture in them.
package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	stddraw "image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/image/draw"

	"mashang/platform/pdf"
	"mashang/platform/problem"
)

// Bounds of a picture.
const (
	MaxBytes  = 15 << 20   // as it is sent
	maxPixels = 40_000_000 // told by its header, before anything is decoded
	maxMemory = 130 << 20  // what decoding it may take
	longSide  = 2400       // as it is kept
	quality   = 82
)

// Studio makes clean pictures: what was sent is decoded and drawn anew, so nothing but the picture itself is kept,
// no place, no camera, no second file inside. Few at a time, and only one large one, so that memory stays bounded:
// the rooms of a program share one.
type Studio struct {
	once  sync.Once
	slots chan struct{}
	large chan struct{}
}

// Picture is a cleaned picture.
type Picture struct {
	Data          []byte
	MIME          string // image/jpeg; of a paper also image/heic or application/pdf
	Width, Height int
}

// words is the area of the messages that say what is wrong with a picture. Their names are part of the JSON API and
// stay those of the papers, where they were first told.
const words = "apply.paper."

// enter waits for a place at one of the studio's tables.
func enter(ctx context.Context, table chan struct{}) (leave func(), err error) {
	select {
	case table <- struct{}{}:
		return func() { <-table }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Clean reads a picture and draws it anew. What a person can put right comes as a problem.Error. A place is taken
// before anything is read, so r must not be somebody's slow line.
func (s *Studio) Clean(ctx context.Context, r io.Reader) (Picture, error) {
	return s.clean(ctx, r, true)
}

// Paper is Clean for what a person hands in: a HEIC and a PDF too, each without what does not belong to its pages.
func (s *Studio) Paper(ctx context.Context, r io.Reader) (Picture, error) {
	return s.clean(ctx, r, false)
}

// document writes the pages of a PDF anew. A reader that panics on a crafted file has found a broken one.
func document(raw []byte) (p Picture, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &problem.Error{Kind: problem.Invalid, Key: words + "broken", Err: fmt.Errorf("pdf: %v", v)}
		}
	}()
	clean, err := pdf.Clean(raw)
	return Picture{Data: clean, MIME: "application/pdf"}, err
}

func (s *Studio) clean(ctx context.Context, r io.Reader, only bool) (Picture, error) {
	s.once.Do(func() { s.slots, s.large = make(chan struct{}, 2), make(chan struct{}, 1) })
	leave, err := enter(ctx, s.slots)
	if err != nil {
		return Picture{}, err
	}
	defer leave()
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Picture{}, fmt.Errorf("picture: read: %w", err)
	}
	if len(raw) > MaxBytes {
		return Picture{}, TooLarge()
	}
	format, err := Sniff(raw)
	if err != nil {
		return Picture{}, err
	}
	switch {
	case only && format != "jpeg" && format != "png":
		return Picture{}, problem.New(problem.Unsupported, words+map[string]string{"heic": "heic", "pdf": "pdf"}[format])
	case format == "heic":
		return strip(raw)
	case format == "pdf":
		return document(raw)
	}
	memory, err := cost(raw, format)
	if err != nil {
		return Picture{}, err
	}
	if memory >= maxMemory/3 {
		leave, err := enter(ctx, s.large)
		if err != nil {
			return Picture{}, err
		}
		defer leave()
	}
	img, err := decode(raw, format)
	if err != nil {
		return Picture{}, &problem.Error{Kind: problem.Invalid, Key: words + "broken", Err: err}
	}
	out := turn(shrink(img), orientation(raw))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: quality}); err != nil {
		return Picture{}, fmt.Errorf("picture: write: %w", err)
	}
	return Picture{Data: b.Bytes(), MIME: "image/jpeg", Width: out.Rect.Dx(), Height: out.Rect.Dy()}, nil
}

// TooLarge is what is said of more than MaxBytes.
func TooLarge() *problem.Error {
	return &problem.Error{Kind: problem.TooLarge, Key: words + "large", Args: map[string]string{"max": strconv.Itoa(MaxBytes >> 20)}}
}

// Sniff tells by its content what was sent, whatever its name says.
func Sniff(raw []byte) (string, error) {
	if len(raw) == 0 {
		return "", problem.New(problem.Invalid, words+"empty")
	}
	kind := mimetype.Detect(raw)
	switch {
	case kind.Is("image/jpeg"):
		return "jpeg", nil
	case kind.Is("image/png"), kind.Is("image/vnd.mozilla.apng"):
		return "png", nil
	case kind.Is("image/heic"), kind.Is("image/heif"):
		return "heic", nil
	case strings.HasPrefix(kind.String(), "image/hei"), kind.Is("image/avif"):
		return "", problem.New(problem.Unsupported, words+"heic")
	case bytes.HasPrefix(raw, []byte("%PDF-")):
		return "pdf", nil
	case kind.Is("application/pdf"):
		return "", problem.New(problem.Unsupported, words+"pdf")
	case strings.HasPrefix(kind.String(), "video/"):
		return "", problem.New(problem.Unsupported, words+"video")
	}
	return "", problem.New(problem.Unsupported, words+"kind")
}

// cost is the memory that decoding takes, told by the header alone.
func cost(raw []byte, format string) (int64, error) {
	var cfg image.Config
	var err error
	if format == "png" {
		cfg, err = png.DecodeConfig(bytes.NewReader(raw))
	} else {
		cfg, err = jpeg.DecodeConfig(bytes.NewReader(raw))
	}
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 {
		return 0, &problem.Error{Kind: problem.Invalid, Key: words + "broken", Err: err}
	}
	pixels := int64(cfg.Width) * int64(cfg.Height)
	each := int64(3)
	switch {
	case format == "png" && (cfg.ColorModel == color.RGBA64Model || cfg.ColorModel == color.NRGBA64Model):
		each = 8
	case format == "png":
		each = 4
	case progressive(raw):
		each = 3 + 3*4 // the coefficients are kept until the last scan
	}
	if pixels > maxPixels || pixels*each > maxMemory {
		return 0, problem.New(problem.TooLarge, words+"dots")
	}
	return pixels * each, nil
}

// progressive reports whether a JPEG comes in several scans (SOF2).
func progressive(raw []byte) bool {
	found := false
	segments(raw, func(marker byte, _ []byte) bool {
		if marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc {
			found = marker == 0xc2
			return false
		}
		return true
	})
	return found
}

// decode is bounded by cost. A decoder that panics on a crafted file is a broken picture, not a broken server.
func decode(raw []byte, format string) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decoder: %v", p)
		}
	}()
	if format == "png" {
		return png.Decode(bytes.NewReader(raw))
	}
	return jpeg.Decode(bytes.NewReader(raw))
}

// shrink draws the picture on white, its long side at most longSide.
func shrink(img image.Image) *image.RGBA {
	from := img.Bounds()
	w, h := from.Dx(), from.Dy()
	long := max(w, h)
	if long > longSide {
		w, h = max(1, w*longSide/long), max(1, h*longSide/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	stddraw.Draw(out, out.Rect, image.White, image.Point{}, stddraw.Src)
	switch {
	case long <= longSide:
		stddraw.Draw(out, out.Rect, img, from.Min, stddraw.Over)
	case long < 2*longSide:
		draw.ApproxBiLinear.Scale(out, out.Rect, img, from, draw.Over, nil)
	default:
		average(out, img)
	}
	return out
}

// average makes each dot of out the mean of the dots of img that it covers, a strip at a time: a general scaler would
// hold several hundred megabytes for a large photo.
func average(out *image.RGBA, img image.Image) {
	from := img.Bounds()
	W, H := from.Dx(), from.Dy()
	w, h := out.Rect.Dx(), out.Rect.Dy()
	strip := image.NewRGBA(image.Rect(0, 0, W, H/h+1))
	for y := range h {
		top, end := y*H/h, max(y*H/h+1, (y+1)*H/h)
		part := strip.Rect
		part.Max.Y = end - top
		stddraw.Draw(strip, part, image.White, image.Point{}, stddraw.Src)
		stddraw.Draw(strip, part, img, image.Pt(from.Min.X, from.Min.Y+top), stddraw.Over)
		for x := range w {
			left, right := x*W/w, max(x*W/w+1, (x+1)*W/w)
			var sum [4]int
			for sy := range part.Max.Y {
				for i := strip.PixOffset(left, sy); i < strip.PixOffset(right, sy); i += 4 {
					for c := range sum {
						sum[c] += int(strip.Pix[i+c])
					}
				}
			}
			n := (right - left) * part.Max.Y
			at := out.PixOffset(x, y)
			for c := range sum {
				out.Pix[at+c] = uint8(sum[c] / n)
			}
		}
	}
}
