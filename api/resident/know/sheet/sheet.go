// Package sheet draws a 明白纸 on paper.
package sheet

// Sheet is a 明白纸: what somebody needs to know of one programme at one place, on one sheet of paper to take along.
type Sheet struct {
	ID, Name, Lead, Department string
	Where                      string // "" when no village is known
	Parts                      []Part
	QR, Address, Page          string
	Foot                       []string
	Small                      bool // written smaller to fit
	Smaller                    bool
	Full                       bool
}

// Part is one heading of a sheet with what stands below it.
type Part struct {
	Key, Title string
	Lines      []Line
	Brief      []Line // instead of Lines where they do not fit
}

// Line is a paragraph. Item marks one of a list, Big what is read first, Small what only has to be there.
type Line struct {
	Text             string
	Item, Big, Small bool
}
