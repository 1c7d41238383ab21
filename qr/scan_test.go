package qr_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/draw"

	"mashang/qr"
)

// scan is what zbar reads in a picture, "" when it reads nothing.
func scan(t *testing.T, img image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return scanPNG(t, b.Bytes())
}

func scanPNG(t *testing.T, b []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "code.png")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", name).Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 4) { // 4: nothing found
		t.Fatalf("zbarimg (Debian: zbar-tools): %v", err)
	}
	return strings.TrimSpace(string(out))
}

// pixels draws a code with that many pixels a module.
func pixels(t *testing.T, text string, each int) *image.Gray {
	t.Helper()
	m, err := qr.Matrix(text)
	if err != nil {
		t.Fatal(err)
	}
	b, err := qr.PNG(text, (len(m)+8)*each)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewGray(img.Bounds())
	draw.Draw(out, out.Bounds(), img, image.Point{}, draw.Src)
	return out
}

// covered sticks a grey square over a share of the code, in its middle.
func covered(img *image.Gray, share float64) *image.Gray {
	edge := float64(img.Bounds().Dx())
	code := edge * 37 / 45
	side := int(code * math.Sqrt(share))
	from := (int(edge) - side) / 2
	draw.Draw(img, image.Rect(from, from, from+side, from+side), image.NewUniform(color.Gray{128}), image.Point{}, draw.Src)
	return img
}

// tilted shows the code as a camera does that stands at its side: turned around
// its upright by the angle and seen from twice its width away.
func tilted(img *image.Gray, degrees float64) *image.Gray {
	n := float64(img.Bounds().Dx())
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	out := image.NewGray(img.Bounds())
	const away = 2
	for y := range int(n) {
		for x := range int(n) {
			// The ray through the pixel meets the turned plane at u, v.
			px, py := (float64(x)+.5)/n-.5, (float64(y)+.5)/n-.5
			u := px * away / (away*cos - px*sin)
			v := py * (1 + u*sin/away)
			out.SetGray(x, y, color.Gray{sample(img, (u+.5)*n-.5, (v+.5)*n-.5)})
		}
	}
	return out
}

func sample(img *image.Gray, x, y float64) uint8 {
	x0, y0 := math.Floor(x), math.Floor(y)
	at := func(x, y float64) float64 {
		p := image.Pt(int(x), int(y))
		if !p.In(img.Bounds()) {
			return 255
		}
		return float64(img.GrayAt(p.X, p.Y).Y)
	}
	fx, fy := x-x0, y-y0
	return uint8((at(x0, y0)*(1-fx)+at(x0+1, y0)*fx)*(1-fy) + (at(x0, y0+1)*(1-fx)+at(x0+1, y0+1)*fx)*fy)
}

// blurred spreads each pixel over its neighbours within the radius.
func blurred(img *image.Gray, radius int) *image.Gray {
	out := image.NewGray(img.Bounds())
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			sum, n := 0, 0
			for dy := -radius; dy <= radius; dy++ {
				for dx := -radius; dx <= radius; dx++ {
					if p := image.Pt(x+dx, y+dy); p.In(img.Bounds()) {
						sum += int(img.GrayAt(p.X, p.Y).Y)
						n++
					}
				}
			}
			out.SetGray(x, y, color.Gray{uint8(sum / n)})
		}
	}
	return out
}

// A code must be read although it is dirty, far away or seen from the side. The
// last rows are the control: what is too much is not read.
func TestCodesAreRead(t *testing.T) {
	signer := qr.NewSigner([]byte("a key for tests"))
	for _, tt := range []struct {
		name   string
		module int
		spoil  func(*image.Gray) *image.Gray
		want   int // of 16
	}{
		{"as it is", 8, func(i *image.Gray) *image.Gray { return i }, 16},
		{"a tenth covered", 8, func(i *image.Gray) *image.Gray { return covered(i, .10) }, 16},
		{"two pixels a module", 2, func(i *image.Gray) *image.Gray { return i }, 16},
		{"tilted by 30° and a little blurred", 8, func(i *image.Gray) *image.Gray { return blurred(tilted(i, 30), 1) }, 16},
		{"control: two fifths covered", 8, func(i *image.Gray) *image.Gray { return covered(i, .40) }, 0},
		{"control: blurred over a module and more", 8, func(i *image.Gray) *image.Gray { return blurred(i, 12) }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			read := 0
			for i := range 16 {
				text := "https://ms.yunxi.example/s/" + signer.Code(strings.Repeat("ABCDEFGHIJKLMNOP"[i:i+1], 8))
				if got := scan(t, tt.spoil(pixels(t, text, tt.module))); got == text {
					read++
				} else if got != "" {
					t.Errorf("read %q, want %q", got, text)
				}
			}
			if read != tt.want {
				t.Errorf("%d of 16 were read, want %d", read, tt.want)
			}
		})
	}
}

// What image/png reads zbar must read, at sizes from a stamp to a wall.
func TestPNGIsReadByOthers(t *testing.T) {
	for _, px := range []int{90, 256, 1024, 4096} {
		b, err := qr.PNG(address, px)
		if err != nil {
			t.Fatal(err)
		}
		if got := scanPNG(t, b); got != address {
			t.Errorf("PNG(%d) reads as %q, want %q", px, got, address)
		}
	}
}
