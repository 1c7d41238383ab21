package main

import "mashang/aid/cases"

// limits joins two vocabularies: the key of a programme's deadline (aid/policy)
// and the clock it drives in a case (aid/cases).
var limits = map[string]string{
	"decision":  "decide",
	"extended":  "special",
	"survey":    "visit",
	"check":     "check",
	"publicity": "publicity",
	"refusal":   "notice",
}

// clocks gives a case the time limits its programme has at this moment; they
// are the office's dated data, not the program's.
func (p *portal) clocks(programme string) cases.Clocks {
	found, ok := p.library.Shelf().Ever(programme)
	if !ok {
		return nil
	}
	c := cases.Clocks{}
	for _, d := range found.Deadlines {
		if name, ok := limits[d.Key]; ok {
			c[name] = cases.Span{Days: d.Days, Unit: d.Unit}
		}
	}
	return c
}
