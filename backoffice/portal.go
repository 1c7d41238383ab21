package backoffice

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"mashang/platform/webhook"
)

// said is what the portal answered to an event.
type said struct {
	ID     string          `json:"id"`
	Status int             `json:"status"`
	Answer json.RawMessage `json:"answer,omitempty"`
}

// send signs {type, data} and posts it to the portal. With an id of an earlier
// event it is the same event again. The portal's status is the answer's status.
func (s *Server) send(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Type string          `json:"type"`
		Data json.RawMessage `json:"data"`
		ID   string          `json:"id"`
	}
	if !read(w, r, &in) {
		return
	}
	if in.Type == "" || len(in.Data) == 0 {
		refuse(w, http.StatusUnprocessableEntity, "an event has a type and data")
		return
	}
	out, err := s.tell(r.Context(), in.ID, in.Type, in.Data)
	if err != nil {
		answer(w, http.StatusBadGateway, map[string]string{"id": out.ID, "error": "the portal did not answer"})
		return
	}
	answer(w, out.Status, out)
}

// tell posts one signed event and notes what came of it.
func (s *Server) tell(ctx context.Context, id, kind string, data json.RawMessage) (said, error) {
	if id == "" {
		id = "evt_" + rand.Text()
	}
	out := said{ID: id}
	now := s.now()
	body, err := json.Marshal(webhook.Envelope{Type: kind, Timestamp: now.UTC(), Data: data})
	if err != nil {
		return out, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.portal.JoinPath("api", "v1", "backoffice", "events").String(), bytes.NewReader(body))
	if err != nil {
		return out, err
	}
	req.Header = webhook.Headers([][]byte{s.inbound}, id, now, body)
	req.Header.Set("Content-Type", "application/json")
	res, err := s.client.Do(req)
	if err == nil {
		defer res.Body.Close()
		out.Status = res.StatusCode
		var b []byte
		if b, err = io.ReadAll(io.LimitReader(res.Body, maxBody)); err == nil {
			out.Answer = asJSON(b)
		}
	}
	if kept := s.shelf.Keep(record{Kind: "sent", At: now.UTC(), ID: id, Type: kind, Data: data, Status: out.Status}); kept != nil {
		s.log.Error("event not noted", "message_id", id, "err", kept)
	}
	return out, err
}

// asJSON is b when it is JSON, else b as a JSON text.
func asJSON(b []byte) json.RawMessage {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || json.Valid(b) {
		return b
	}
	text, err := json.Marshal(strings.ToValidUTF8(string(b), "?"))
	if err != nil {
		return nil
	}
	return text
}

// fetch asks the portal with the bearer key.
func (s *Server) fetch(ctx context.Context, path ...string) (*http.Response, error) {
	if s.bearer == "" {
		return nil, fmt.Errorf("no key to fetch with")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.portal.JoinPath(append([]string{"api", "v1", "backoffice"}, path...)...).String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.bearer)
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("the portal answered %d", res.StatusCode)
	}
	return res, nil
}

// paper passes a picture on from the portal. Anything that is no picture is not
// shown on a page of ours.
func (s *Server) paper(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !plainName(id) {
		http.NotFound(w, r)
		return
	}
	res, err := s.fetch(r.Context(), "papers", id)
	if err != nil {
		http.Error(w, "取不到这张材料", http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	kind := res.Header.Get("Content-Type")
	if kind != "image/jpeg" && kind != "image/png" {
		http.Error(w, "这不是图片", http.StatusUnsupportedMediaType)
		return
	}
	w.Header().Set("Content-Type", kind)
	if _, err := io.Copy(w, io.LimitReader(res.Body, 32<<20)); err != nil {
		s.log.Warn("paper broke off", "err", err)
	}
}

// plainName reports whether s can stand in a path as it is.
func plainName(s string) bool {
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return s != "" && len(s) <= 100
}
