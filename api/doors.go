package api

import (
	"github.com/gin-gonic/gin"

	"mashang/aid/policy"
	"mashang/api/resident/apply"
	"mashang/api/resident/arrive"
	"mashang/api/resident/ask"
	"mashang/api/resident/change"
	"mashang/api/resident/check"
	"mashang/api/resident/consent"
	"mashang/api/resident/emergency"
	"mashang/api/resident/feedback"
	"mashang/api/resident/frame"
	"mashang/api/resident/know"
	"mashang/api/resident/lead"
	"mashang/api/resident/notify"
	"mashang/api/resident/open"
	"mashang/api/resident/photo"
	"mashang/api/resident/poster"
	"mashang/api/resident/status"
	"mashang/api/web"
	"mashang/platform/problem"
)

// doors are the subjects of the resident pages, each a folder in api/resident.
func (s *Server) doors(f *frame.Frame) []frame.Room {
	photos := &photo.Taker{Web: f.Web, Desk: s.Desk}
	return []frame.Room{
		&arrive.Room{Frame: f, Trials: s.Trials, Staff: s.Staff, Rounds: s.Rounds},
		&poster.Room{Frame: f, Cases: s.Cases, Desk: s.Desk, Rounds: s.Rounds, Photos: photos},
		&know.Room{Frame: f, Assistant: s.Assistant, Screener: s.screen, Recordings: s.recordings, Fonts: s.fonts()},
		&apply.Room{Frame: f, Desk: s.Desk},
		&consent.Room{Frame: f, Desk: s.Desk},
		&emergency.Room{Frame: f, Desk: s.Desk},
		&lead.Room{Frame: f, Leads: s.Leads},
		&status.Room{Frame: f, Cases: s.Cases, Alarms: s.Alarms, Desk: s.Desk, Photos: photos, Texts: s.Texts, Audit: s.Audit, Fonts: s.fonts()},
		&change.Room{Frame: f, Cases: s.Cases, Desk: s.Desk},
		&check.Room{Frame: f, Board: s.Board, Meter: s.Meter, Cases: s.Cases, Photos: photos},
		&open.Room{Frame: f, Book: s.Open},
		&ask.Room{Frame: f, Assistant: s.Assistant, Cases: s.Cases},
		&feedback.Room{Frame: f},
		&notify.Room{Frame: f, Desk: s.Texts},
	}
}

// preview shows staff the resident page of a draft, by the rooms residents come to.
func (s *Server) preview(c *gin.Context, l *policy.Library, v any) error {
	f := &frame.Frame{Web: s.web, Library: s.Library, Counter: s.Counter}
	switch v := v.(type) {
	case policy.Programme:
		return (&know.Room{Frame: f}).Programme(c, l)
	case policy.Document:
		return (&know.Room{Frame: f}).Document(c, l)
	case policy.Entry:
		question := ""
		if len(v.Questions) > 0 {
			question = v.Questions[0].In(web.From(c).Lang)
		}
		return (&ask.Room{Frame: f, Assistant: s.Assistant}).Over(c, l, question)
	}
	return problem.New(problem.Missing, "edit.preview.none")
}
