// Package settings holds the staff pages about the office's own settings, the wizard of an empty system, and what
// residents say of the service.
package settings

import (
	"mashang/aid/cases"
	"mashang/aid/feedback"
	"mashang/api/console/frame"
	office "mashang/platform/settings"
)

// Room is the part of the console about settings. Its fields are set once.
type Room struct {
	*frame.Frame
	Book     *office.Book
	Feedback *feedback.Box
	Cases    *cases.Registry
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route { return nil }

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item { return nil }
