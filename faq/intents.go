package faq

import _ "embed"

// The tables of patterns that ship with the program.
var (
	//go:embed intents.tsv
	intentsTable string
	//go:embed cues.tsv
	cuesTable string
	//go:embed elsewhere.tsv
	elsewhereTable string
	//go:embed topics.tsv
	topicsTable string
)
