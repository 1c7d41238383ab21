// Package settings holds the staff pages about the office's own settings and the wizard of an empty system.
package settings

import "mashang/api/console/frame"

// Room is the part of the console about settings.
type Room struct {
	*frame.Frame
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route { return nil }

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item { return nil }
