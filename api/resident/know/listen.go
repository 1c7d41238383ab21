package know

import (
	"bytes"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
)

// soundsAMinute is for one address, which a whole village may share. Each part of a sound, however small, costs opening all of it.
const soundsAMinute = 300

// sounds puts what the office has read out beside its sections.
func (p *Room) sounds(c *gin.Context, r *web.Request, b *programmeBody) error {
	if p.Recordings == nil {
		return nil
	}
	all, err := p.Recordings.Of(c.Request.Context(), b.ID, r.Lang)
	if err != nil {
		return err
	}
	g, ok := p.Library.Shelf().Programme(b.ID)
	if !ok {
		return nil
	}
	for _, list := range [][]sectionView{b.Main, b.Folds} {
		for i := range list {
			if one, ok := all[list[i].Key]; ok && one.Says(g) { // the phone reads a section that reads otherwise by now
				list[i].Sound = "/policies/" + b.ID + "/listen/" + one.Section + "?in=" + one.Lang + "&v=" + one.File
			}
		}
	}
	return nil
}

// listen plays a section as somebody of the office read it out. The address has the file's name in it, so that a
// browser may keep it for good; parts are sent for those who jump.
func (p *Room) listen(c *gin.Context) error {
	lang, ok := i18n.Parse(web.Query(c, "in"))
	if !ok {
		return problem.New(problem.Missing, "listen.missing")
	}
	if err := p.Web.Allow(c, "listen:"+web.ClientAddress(c), soundsAMinute, time.Minute); err != nil {
		return err
	}
	leave, err := p.Web.Seat(c)
	if err != nil {
		return err
	}
	defer leave()
	r, sound, err := p.Recordings.Open(c.Request.Context(), c.Param("id"), c.Param("section"), lang)
	if err != nil {
		return err
	}
	if v := web.Query(c, "v"); v != r.File { // replaced since: the old address must not be kept for the new sound
		c.Header("Cache-Control", "no-cache")
	} else {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	c.Header("ETag", `"`+r.File+`"`)
	c.Header("Content-Type", r.Mime)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(sound))
	return nil
}
