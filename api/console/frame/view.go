package frame

// Field is one question of a form or a filter.
type Field struct {
	Kind                 string // line, select, pick, tick, long, file, note (only words)
	ID, Name, Label      string
	Help, Error, Value   string
	Optional, Many       bool
	Short, Upper, Blank  bool
	Type, Mode, Complete string
	Options              []Option
	Groups               []Group
	Rows                 int      // height of a long one; 0 for the usual
	Accept               string   // of a file
	Fixed                bool     // shown, but not to be changed
	Step, Min, Max       string   // of a number or a date
	Suggest              []string // what one may choose from, besides typing
}

// Option is one choice. Help stands under it.
type Option struct {
	Value, Label string
	On           bool
	Help         string
}

// Group is choices under one heading.
type Group struct {
	Label   string
	Options []Option
}

// Issue is one line of the error summary; ID is the field it leads to.
type Issue struct{ ID, Text string }

// Wrong puts a message at the field and into the summary.
func (f *Field) Wrong(list *[]Issue, text string) {
	f.Error = text
	*list = append(*list, Issue{ID: f.ID, Text: text})
}

// Table is what most staff pages show.
type Table struct {
	Caption string
	Head    []Head
	Rows    []Row
	Empty   string   // said when there is no row
	Next    []Action // what to do then; links
	Pick    bool     // rows with an ID can be chosen for a deed on many
}

// Head is the heading of a column; with Href a click sorts by it.
type Head struct {
	Label, Href string
	Sort        string // ascending or descending when the table is sorted by it
	Num         bool   // figures, set to the right
}

// Row is one line of a table. Mark is "", warn, red or mute.
type Row struct {
	ID      string // for choosing it
	Name    string // says aloud what is chosen; the first cell's text when empty
	Mark    string
	Cells   []Cell
	Actions []Action
}

// Called is what the box that chooses the row is called.
func (r Row) Called() string {
	if r.Name == "" && len(r.Cells) > 0 {
		return r.Cells[0].Text
	}
	return r.Name
}

// Cell is one field of a table.
type Cell struct {
	Lead            string // before the text and no part of it: the depth in a tree
	Text, Sub, Href string
	Tag             string // "", ok, warn, red, mute: how the text is shown
	Code            bool   // figures and codes
	Keep            bool   // on one line, as days are
	Num             bool   // an amount, set to the right
}

// Action is a button, or a link when Get is set.
type Action struct {
	Path, Label, Back string
	Get               bool
	Danger, Quiet     bool
	Name, Value       string            // of the button itself, for forms with several
	Hidden            map[string]string // sent with it
	What              string            // what it is about, for those who hear the label alone
}

// Fact is a name and a value.
type Fact struct {
	Label, Text string
	Href        string
	Tag         string
	Code        bool
}

// FactGroup is facts under one title.
type FactGroup struct {
	Title string
	Intro string
	Facts []Fact
}

// List is a page with a filter, a table and the way to the next page.
type List struct {
	Shell
	Title   string
	Intro   string
	Done    string // what was just done
	Undo    *Action
	Secret  string // shown once
	Trouble string // what cannot be shown now, what is safe, what to do
	Tags    []Cell
	Links   []Cell
	Buttons []Action
	Filter  []Field
	Hidden  map[string]string // what the filter form keeps
	Clear   string            // the address without filters, "" when none is set
	Above   []FactGroup       // a few facts before the table
	Before  []Table           // shorter tables before the filter
	Table   Table
	Bulk    []Action // deeds on the chosen rows; each Path is posted "pick" values
	Pager   Pager
	Export  string // address of the same list as CSV
	More    string // for lists that only know there is more
	First   string

	Heading  string
	Problems []Issue
	Form     *SmallForm
}

// SmallForm is a form below a list.
type SmallForm struct {
	Title, Action, Button string
	Fields                []Field
}

// Pager says which rows of how many are shown. It is empty when all are.
type Pager struct {
	Text                     string
	First, Prev, Next, Final string
}

// Section is the part of a form under one title.
type Section struct {
	Title, Help string
	Fields      []Field
}

// Form is a page that asks.
type Form struct {
	Shell
	Title, Intro string
	Heading      string // over the error summary; the usual one when empty
	Problems     []Issue
	Notes        []string // cautions before the first field
	Sections     []Section
	Action       string
	Submit       string
	Cancel       string // address
	Others       []Action
	Danger       bool
	Hidden       map[string]string
	Multipart    bool
}

// Confirm is a page that says in words what will happen and asks once.
type Confirm struct {
	Shell
	Title    string
	What     []string // consequences
	Facts    []Fact
	Table    Table // what it is done to, when that is more than one thing
	Problems []Issue
	Heading  string
	Why      *Field
	Fields   []Field
	Action   string
	Submit   string
	Cancel   string
	Danger   bool
	Hidden   map[string]string
	Many     map[string][]string // hidden values with one name
}

// Show is a page about one thing.
type Show struct {
	Shell
	Title, Intro string
	Done         string
	Undo         *Action
	Secret       string
	Trouble      string
	Tags         []Cell
	Facts        []Fact
	Groups       []FactGroup
	Tables       []Table
	Pictures     []Picture
	Texts        []Text
	Buttons      []Action
	Progress     *Progress
	History      []Event
}

// Picture is shown on the page of a thing.
type Picture struct{ Href, Alt, Caption string }

// Text is prose on the page of a thing.
type Text struct{ Title, Text string }

// Event is one line of a thing's history.
type Event struct {
	When, Who, What, Why string
	Href                 string
	Tag                  string
}

// Progress is work under way. The page comes again by itself while it runs.
type Progress struct {
	Done, Total int64
	Text        string
	Running     bool
}

// Percent is how far the work is, 0 when that is not known.
func (p Progress) Percent() int {
	if p.Total <= 0 {
		return 0
	}
	return int(min(100, max(0, p.Done*100/p.Total)))
}

// Import is a page that takes a file, shows what it would change, and then takes it in.
type Import struct {
	Shell
	Title, Intro string
	Heading      string
	Problems     []Issue
	Action       string // both steps post here
	Cancel       string
	Accept       string // ".csv,.xlsx" when empty
	Fields       []Field
	Columns      []Fact // which columns the file needs, and what stands in them
	Example      string // address of an example
	Preview      *Preview
}

// Preview is what an import would do.
type Preview struct {
	Name                     string // of the file
	New, Changed, Same, Gone int
	Faults                   []Fault
	More                     int      // faults that are not shown
	Notes                    []string // what one should know before
	Table                    Table    // the first rows
	Staged                   string   // the file, as Stage named it
	Hidden                   map[string]string
	Take                     string // words of the button; the usual ones when empty
	Blocked                  bool   // it cannot be taken in as it is
}

// Fault is what is wrong in a line of a file; line 0 is the whole file.
type Fault struct {
	Line int
	Text string
}

// Stat is one figure of the first page.
type Stat struct {
	Label, Value, Sub string
	Tag               string
	Href              string
}

// Todo is one line of what is to be done: when, what, and where.
type Todo struct {
	Tag, When, Text string
	Href, Label     string
}

// Panel is a card of the first page: facts, or bars with a sentence that says the same.
type Panel struct {
	Title, Sub, Href string
	Facts            []Fact
	Bars             []Bar
	Says             string // what the bars show, in words
	Chart            any    // what the part chart-bars draws, instead of Bars
}

// Bar is one bar of a panel; Height is in hundredths of the highest.
type Bar struct {
	Label  string
	Height int
	Hot    bool
}

// Glance is what a room puts on the first page.
type Glance struct {
	Stats  []Stat
	Todo   []Todo
	Panels []Panel
}

// Compare is two versions side by side.
type Compare struct {
	Shell
	Title, Intro string
	Tags         []Cell
	Facts        []Fact
	Left, Right  Side
	Rows         []CompareRow
	Problems     []Issue
	Heading      string
	Why          *Field
	Action       string // where Buttons with a Name and the reason are posted; "" when they go their own ways
	Buttons      []Action
	Hidden       map[string]string
	History      []Event
}

// Side names one of the versions.
type Side struct{ Title, Sub string }

// CompareRow is one property in both versions. Diff fills the pieces.
type CompareRow struct {
	Label, Old, New string
	Changed         bool
	Gone, Came      []Piece // Old and New in pieces, those that differ marked
}

// Piece is a run of text, marked when the other version does not have it.
type Piece struct {
	Text string
	Mark bool
}
