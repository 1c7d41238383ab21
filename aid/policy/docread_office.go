package policy

import (
	"bytes"

	"mashang/platform/doc"
)

// office reads a Word or PDF file, known by its first bytes, since names lie.
func (d *draft) office(raw []byte) (was bool, err error) {
	var lines []doc.Line
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		lines, err = doc.Word(raw)
	case bytes.Contains(raw[:min(len(raw), 1024)], []byte("%PDF-")):
		lines, err = doc.PDF(raw)
	default:
		return false, nil
	}
	for _, l := range lines {
		d.push(l.Text, l.Heading)
	}
	return true, err
}
