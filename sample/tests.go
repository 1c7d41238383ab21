package sample

import _ "embed"

//go:embed content/tests.csv
var tests []byte

// Tests is the county's own examination of the assistant, as a file that the console takes.
func Tests() []byte { return tests }
