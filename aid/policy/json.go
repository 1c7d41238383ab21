package policy

import (
	"encoding/json"

	"mashang/aid/place"
)

// The JSON forms carry days as "YYYY-MM-DD" and money as a decimal string in yuan; an outer field wins over the one
// of the embedded type with the same name.

type programmeFields Programme

type programmeJSON struct {
	programmeFields
	Updated place.Day `json:"updated,omitzero"`
}

// MarshalJSON writes p with its day of update as a date.
func (p Programme) MarshalJSON() ([]byte, error) {
	return json.Marshal(programmeJSON{programmeFields(p), place.Day{Time: p.Updated}})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Programme) UnmarshalJSON(b []byte) error {
	var j programmeJSON
	if err := strict(b, &j); err != nil {
		return err
	}
	*p = Programme(j.programmeFields)
	p.Updated = j.Updated.Time
	return nil
}

type standardFields Standard

type standardJSON struct {
	standardFields
	Amount string    `json:"amount,omitempty"`
	From   place.Day `json:"from,omitzero"`
	To     place.Day `json:"to,omitzero"`
}

// MarshalJSON writes s with its amount in yuan and its days as dates.
func (s Standard) MarshalJSON() ([]byte, error) {
	j := standardJSON{standardFields: standardFields(s), From: place.Day{Time: s.From}, To: place.Day{Time: s.To}}
	if !s.None && s.Formula == (Formula{}) {
		j.Amount = Yuan(s.Cents)
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Standard) UnmarshalJSON(b []byte) error {
	var j standardJSON
	if err := strict(b, &j); err != nil {
		return err
	}
	*s = Standard(j.standardFields)
	s.From, s.To = j.From.Time, j.To.Time
	if j.Amount == "" {
		return nil
	}
	var err error
	s.Cents, err = ParseYuan(j.Amount)
	return err
}

type documentFields Document

type documentJSON struct {
	documentFields
	Published place.Day `json:"published,omitzero"`
	From      place.Day `json:"effective_from,omitzero"`
	To        place.Day `json:"effective_to,omitzero"`
}

// MarshalJSON writes d with its days as dates.
func (d Document) MarshalJSON() ([]byte, error) {
	return json.Marshal(documentJSON{documentFields(d), place.Day{Time: d.Published}, place.Day{Time: d.From}, place.Day{Time: d.To}})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Document) UnmarshalJSON(b []byte) error {
	var j documentJSON
	if err := strict(b, &j); err != nil {
		return err
	}
	*d = Document(j.documentFields)
	d.Published, d.From, d.To = j.Published.Time, j.From.Time, j.To.Time
	return nil
}

type entryFields Entry

type entryJSON struct {
	entryFields
	Updated place.Day `json:"updated,omitzero"`
}

// MarshalJSON writes e with its day of update as a date.
func (e Entry) MarshalJSON() ([]byte, error) {
	return json.Marshal(entryJSON{entryFields(e), place.Day{Time: e.Updated}})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Entry) UnmarshalJSON(b []byte) error {
	var j entryJSON
	if err := strict(b, &j); err != nil {
		return err
	}
	*e = Entry(j.entryFields)
	e.Updated = j.Updated.Time
	return nil
}
