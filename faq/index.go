// Package faq is 问: it ranks the library's passages for a question, decides
// whether they answer it, and replies with their words and their source.
package faq

// Doc is one entry of an index: a title, a text, and other ways of asking for
// it, which count as part of the title.
type Doc struct {
	ID       string
	Title    string
	Text     string
	Variants []string
}

// Hit is a document found, best first.
type Hit struct {
	Doc   int // position in the slice given to NewIndex
	ID    string
	Score float64
	Sure  float64 // calibrated chance that this is the right document
}
