// Package scans holds the staff pages about scans: the figures, what is against a poster's habit, trying a poster, and
// the rounds on which posters are looked at.
package scans

import (
	"mashang/aid/cases"
	"mashang/aid/place/round"
	"mashang/aid/place/scan"
	"mashang/api/console/frame"
)

// Room is the part of the console about scans.
type Room struct {
	*frame.Frame
	Scans  *scan.Ledger
	Trials scan.Trials
	Rounds *round.Book
	Cases  *cases.Registry
}

// Routes is every page of the room.
func (p *Room) Routes() []frame.Route { return nil }

// Nav is the room's part of the navigation.
func (p *Room) Nav() []frame.Item { return nil }
