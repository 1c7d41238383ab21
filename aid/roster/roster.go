// Package roster is the list on the village wall (码上查): what the law lets be published, to whom it may be shown,
// for as long as it may stand, and nothing else.
package roster

import (
	"context"
	"sync/atomic"
	"time"

	"mashang/aid/place"
	"mashang/platform/privacy"
	"mashang/platform/store"
)

// Board holds the publications. Its fields are set once.
type Board struct {
	DB      *store.DB
	Secrets *privacy.Secrets
	Places  *place.Gazetteer
	Now     func() time.Time

	keys atomic.Pointer[nameKeys]
}

// Kind is what a publication is.
type Kind string

// The kinds of publication.
const (
	Notice Kind = "notice" // 公示: the first opinion, for seven days
	List   Kind = "list"   // 公布: who receives it now
	End    Kind = "end"    // 终止: whose aid is about to end, for seven days
)

// Mask says how much of a name is shown.
type Mask string

// The masks: 张建明 is shown as 张建明, 张*明 or 张**.
const (
	Full    Mask = "full"
	Middle  Mask = "middle"
	Surname Mask = "surname"
)

// Publication is one list of one programme in one village. It is shown when it is approved, names the local document
// that allows the web channel, has not been withdrawn, and From ≤ now < To; a zero To means open.
type Publication struct {
	ID         string
	Programme  string
	Village    string
	Kind       Kind
	From, To   time.Time
	Document   string // the local document that allows this channel; "" keeps it off
	Phone      string // for objections and supervision
	Mask       Mask
	By         string // who brought it in
	Made       time.Time
	Approver   string
	Approved   time.Time
	Withdrawn  time.Time
	Households int // entries
	Persons    int // people who receive
	Cents      int64
	Hash       string    // keyed, of its lines
	Forgotten  time.Time // when its lines were destroyed
}

// Entry is one line: closed, typed columns. Name is as published.
type Entry struct {
	ID            string
	Publication   string
	Programme     string
	Kind          Kind
	Name          string
	HouseholdSize int
	Persons       int
	Class         string // A, B, C or ""
	Cents         int64
	Unit          string // month, once
	From, To      time.Time
	Alike         bool // another name than the one that was asked for, which sounds the same
}

// Query asks for the entries of one village. Name, when given, must be whole; what sounds the same comes after it.
type Query struct {
	Village     string
	Programme   string // "" for all
	Kind        Kind   // "" for all
	Publication string // "" for all
	Name        string
	Page        int // from 1
}

// Page is one page of entries, and the publications they stand in.
type Page struct {
	Entries      []Entry
	Publications []Publication
	Total        int
	Alike        int // of them, names that only sound the same
	Page, Pages  int
}

// Meta says what is being imported.
type Meta struct {
	Programme string
	Village   string // or a town or county, when a column names each row's village
	Kind      Kind
	From, To  time.Time // zero From is now; zero To is seven days later for notices and ends, open for lists
	Document  string
	Phone     string
	Mask      Mask   // zero is Middle
	By        string // who brings it in
	Approver  string // who approves it at once; "" leaves that for later
	DryRun    bool

	// Also runs in the transaction that takes the list in; its error undoes it.
	Also func(ctx context.Context, q store.Queryer) error `json:"-"`
}

// Report says what an import did, or why it did nothing.
type Report struct {
	Publications []Publication // one for each village
	Rows         int
	Problems     []CellProblem
	Saved        bool
}

// CellProblem is a cell that cannot be published or understood.
type CellProblem struct {
	Cell   string // "G7"; row 1 is the header
	Column string // the header's words
	Key    string // i18n key
	Args   map[string]string
}
