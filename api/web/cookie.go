package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// Secure reports whether the portal is reached over https.
func (w *Web) Secure() bool { return w.Base.Scheme == "https" }

// CookieName is name as the browser holds it: with https it carries __Host-, so
// that no neighbouring host can set it.
func (w *Web) CookieName(name string) string {
	if w.Secure() {
		return "__Host-" + name
	}
	return name
}

// Cookie returns a cookie's value, "" when it is absent.
func (w *Web) Cookie(c *gin.Context, name string) string {
	k, err := c.Request.Cookie(w.CookieName(name))
	if err != nil {
		return ""
	}
	return k.Value
}

// SetCookie sets a cookie that no script can read. maxAge is in seconds: 0 ends
// with the browser, below 0 deletes.
func (w *Web) SetCookie(c *gin.Context, name, value string, maxAge int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: w.CookieName(name), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: w.Secure(), SameSite: http.SameSiteLaxMode,
	})
}
