package apply

import (
	"encoding/json"

	"mashang/aid/apply/form"
)

// Form is the form of a programme. Its slices are shared: read them only.
func (d *Desk) Form(programme string) (form.Def, bool) {
	f, ok := form.Of(programme)
	if !ok {
		return form.Def{}, false
	}
	return f.Def, true
}

// FormAt is the form of a programme in the version something was begun or filed with.
func (d *Desk) FormAt(programme, version string) (form.Def, bool) {
	f, ok := form.At(programme, version)
	if !ok {
		return form.Def{}, false
	}
	return f.Def, true
}

// Schema is the JSON Schema (2020-12) of the answers File takes for a programme.
func (d *Desk) Schema(programme string) (json.RawMessage, bool) {
	f, ok := form.Of(programme)
	if !ok {
		return nil, false
	}
	b, err := json.Marshal(f.Schema())
	return b, err == nil
}
