// Package posters holds the staff pages about posters and cards: making them, and what was printed.
package posters

import "mashang/api/console/frame"

// Room is the part of the console about posters.
type Room struct {
	*frame.Frame
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route { return nil }

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item { return nil }
