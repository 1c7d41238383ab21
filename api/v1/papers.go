package v1

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply"
	"mashang/platform/problem"
)

// Papers arrive by the tus 1.0 protocol, core and creation: an upload that
// breaks off goes on where it stopped.
const (
	tusVersion   = "1.0.0"
	uploadsInTen = 2000
	patchesInTen = 20_000
	parkedInHour = 4096 // megabytes of one address that may wait to be named by an application
)

// paperKind is the word for what a paper is; the form's own list says which it takes.
var paperKind = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,63}$`)

func (a *API) tusOptions(c *gin.Context) error {
	tusHeaders(c)
	c.Header("Tus-Version", tusVersion)
	c.Header("Tus-Extension", "creation")
	c.Header("Tus-Max-Size", strconv.Itoa(apply.PaperBytes))
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
	return nil
}

func tusHeaders(c *gin.Context) {
	c.Header("Tus-Resumable", tusVersion)
	c.Header("Cache-Control", "no-store")
}

// tus refuses a client that speaks another version (412).
func tus(c *gin.Context) error {
	tusHeaders(c)
	if c.GetHeader("Tus-Resumable") == tusVersion {
		return nil
	}
	c.Header("Tus-Version", tusVersion)
	return problem.New(problem.Precondition, "api.tus.version")
}

// paperStart makes room for a paper of the declared length.
func (a *API) paperStart(c *gin.Context) error {
	if err := a.limit(c, "upload", uploadsInTen, tenMinutes); err != nil {
		return err
	}
	if err := tus(c); err != nil {
		return err
	}
	size, err := strconv.ParseInt(c.GetHeader("Upload-Length"), 10, 64)
	if err != nil || size <= 0 {
		return &problem.Error{Kind: problem.Malformed, Key: "api.tus.length", Fields: map[string]string{"Upload-Length": "api.tus.length"}}
	}
	kind, err := metadata(c.GetHeader("Upload-Metadata"), "kind")
	if err != nil {
		return err
	}
	if kind == "" {
		kind = "other"
	}
	if !paperKind.MatchString(kind) {
		return &problem.Error{Kind: problem.Malformed, Key: "api.tus.metadata", Fields: map[string]string{"Upload-Metadata": "api.tus.metadata"}}
	}
	draft, secret, err := a.draftOf(c)
	if err != nil {
		return err
	}
	for left := size; draft == "" && left > 0 && size <= apply.PaperBytes; left -= 1 << 20 {
		if err := a.limit(c, "parked", parkedInHour, time.Hour); err != nil {
			return err
		}
	}
	p, err := a.Desk.StartUpload(c.Request.Context(), draft, secret, kind, size)
	if err != nil {
		return fmt.Errorf("v1: upload: %w", err)
	}
	c.Header("Location", a.url("api", "v1", "papers", p.ID))
	c.Header("Upload-Offset", "0")
	return reply(c, http.StatusCreated, map[string]any{"id": p.ID, "kind": p.Kind, "size": p.Size})
}

// draftOf is the draft a paper belongs to when its metadata name one: by its tag, its key being the browser's cookie.
func (a *API) draftOf(c *gin.Context) (id, secret string, err error) {
	tag, err := metadata(c.GetHeader("Upload-Metadata"), "draft")
	if err != nil || tag == "" {
		return "", "", err
	}
	id, secret, _ = strings.Cut(a.Web.Cookie(c, "draft"), ".")
	if secret == "" || apply.TagOf(secret) != tag {
		return "", "", problem.New(problem.Conflict, "papers.other")
	}
	return id, secret, nil
}

// metadata reads one value of "key base64,key base64".
func metadata(header, key string) (string, error) {
	for pair := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if name != key {
			continue
		}
		text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		if err != nil {
			return "", &problem.Error{Kind: problem.Malformed, Key: "api.tus.metadata", Fields: map[string]string{"Upload-Metadata": "api.tus.metadata"}}
		}
		return string(text), nil
	}
	return "", nil
}

// paperStands says how much of a paper has arrived.
func (a *API) paperStands(c *gin.Context) error {
	if err := tus(c); err != nil {
		return err
	}
	leave, err := a.Web.Seat(c) // the last piece may have come, and the picture wait to be made
	if err != nil {
		return err
	}
	defer leave()
	p, err := a.Desk.Settle(c.Request.Context(), c.Param("id"))
	if err != nil {
		return fmt.Errorf("v1: upload: %w", err)
	}
	length := p.Size
	if p.State == apply.PaperSaved && p.Sent > 0 {
		length = p.Sent // the paper as it is kept may be smaller
	}
	at := p.Received
	if p.State == apply.PaperSaved {
		at = length
	}
	c.Header("Upload-Offset", strconv.FormatInt(at, 10))
	c.Header("Upload-Length", strconv.FormatInt(length, 10))
	c.Status(http.StatusOK)
	c.Writer.WriteHeaderNow()
	return nil
}

// paperMore takes bytes at an offset. The last one makes the paper, or says what
// is wrong with the picture.
func (a *API) paperMore(c *gin.Context) error {
	if err := a.limit(c, "patch", patchesInTen, tenMinutes); err != nil {
		return err
	}
	if err := tus(c); err != nil {
		return err
	}
	if c.GetHeader("Content-Type") != "application/offset+octet-stream" {
		return &problem.Error{Kind: problem.Unsupported, Key: "api.tus.type"}
	}
	offset, err := strconv.ParseInt(c.GetHeader("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		return &problem.Error{Kind: problem.Malformed, Key: "api.tus.offset", Fields: map[string]string{"Upload-Offset": "api.tus.offset"}}
	}
	leave, err := a.Web.Seat(c)
	if err != nil {
		return err
	}
	defer leave()
	before, err := a.Desk.Upload(c.Request.Context(), c.Param("id"))
	if err != nil {
		return fmt.Errorf("v1: upload: %w", err)
	}
	// A paper may take longer than a page, but only one that is expected.
	ctl := http.NewResponseController(c.Writer)
	until := time.Now().Add(5 * time.Minute)
	if err := errors.Join(ctl.SetReadDeadline(until), ctl.SetWriteDeadline(until.Add(time.Minute))); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("v1: upload: %w", err)
	}
	p, err := a.Desk.AppendUpload(c.Request.Context(), c.Param("id"), offset, c.Request.Body)
	if err != nil {
		return fmt.Errorf("v1: upload: %w", err)
	}
	at := p.Received
	if p.State == apply.PaperSaved {
		at = before.Size // the paper as it is kept may be smaller than what was sent
	}
	c.Header("Upload-Offset", strconv.FormatInt(at, 10))
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
	return nil
}
