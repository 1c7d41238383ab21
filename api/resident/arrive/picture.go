package arrive

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/platform/problem"
	"mashang/qr"
)

// codePNG draws the code as a picture of about ?size= pixels.
func (p *Room) codePNG(c *gin.Context) error {
	address, err := p.codeAddress(c)
	if err != nil {
		return err
	}
	size := 600
	if s := c.Query("size"); s != "" {
		if size, err = strconv.Atoi(s); err != nil || size < 64 || size > 4096 {
			return problem.New(problem.Malformed, "landing.qr.size")
		}
	}
	b, err := qr.PNG(address, size)
	if err != nil {
		return fmt.Errorf("resident: code: %w", err)
	}
	return picture(c, "image/png", b)
}

// codeSVG draws the code for print.
func (p *Room) codeSVG(c *gin.Context) error {
	address, err := p.codeAddress(c)
	if err != nil {
		return err
	}
	b, err := qr.SVG(address)
	if err != nil {
		return fmt.Errorf("resident: code: %w", err)
	}
	return picture(c, "image/svg+xml", b)
}

func (p *Room) codeAddress(c *gin.Context) (string, error) {
	id, err := p.Web.Codes.Verify(c.Param("code"))
	if err != nil {
		return "", &problem.Error{Kind: problem.Missing, Key: "landing.altered", Err: err}
	}
	if _, ok := p.Web.Places.Atlas().Location(id); !ok {
		return "", problem.New(problem.Missing, "landing.unknown")
	}
	return strings.TrimRight(p.Web.Base.String(), "/") + "/s/" + qr.Clean(c.Param("code")), nil
}

func picture(c *gin.Context, mime string, b []byte) error {
	c.Header("Cache-Control", "public, max-age=86400")
	c.Data(http.StatusOK, mime, b)
	return nil
}
