// Package scans holds the staff pages about scans, their alerts, inspection rounds and what residents say.
package scans

import "mashang/api/console/frame"

// Room is the part of the console about scans.
type Room struct {
	*frame.Frame
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route { return nil }

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item { return nil }
