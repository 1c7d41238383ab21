package api

import (
	"mashang/api/resident/apply"
	"mashang/api/resident/arrive"
	"mashang/api/resident/ask"
	"mashang/api/resident/check"
	"mashang/api/resident/emergency"
	"mashang/api/resident/feedback"
	"mashang/api/resident/frame"
	"mashang/api/resident/know"
	"mashang/api/resident/notify"
	"mashang/api/resident/open"
	"mashang/api/resident/photo"
	"mashang/api/resident/poster"
	"mashang/api/resident/status"
)

// doors are the subjects of the resident pages, each a folder in api/resident.
func (s *Server) doors(f *frame.Frame) []frame.Room {
	photos := &photo.Taker{Web: f.Web, Desk: s.Desk}
	return []frame.Room{
		&arrive.Room{Frame: f, Trials: s.Trials, Staff: s.Staff, Rounds: s.Rounds},
		&poster.Room{Frame: f, Cases: s.Cases, Desk: s.Desk, Rounds: s.Rounds, Photos: photos},
		&know.Room{Frame: f, Assistant: s.Assistant, Screener: s.screen, Fonts: s.fonts()},
		&apply.Room{Frame: f, Desk: s.Desk},
		&emergency.Room{Frame: f, Desk: s.Desk},
		&status.Room{Frame: f, Cases: s.Cases, Desk: s.Desk, Photos: photos},
		&check.Room{Frame: f, Board: s.Board, Meter: s.Meter, Cases: s.Cases, Photos: photos},
		&open.Room{Frame: f, Book: s.Open},
		&ask.Room{Frame: f, Assistant: s.Assistant},
		&feedback.Room{Frame: f},
		&notify.Room{Frame: f, Desk: s.Texts},
	}
}
