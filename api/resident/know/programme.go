package know

import (
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/aid/apply/form"
	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/api/web"
	"mashang/frontend"
	"mashang/i18n"
	"mashang/platform/problem"
)

// programmeBody is one programme as it is at the reader's place.
type programmeBody struct {
	policy.Programme
	Alias      string // "" when it adds nothing to the name
	Department i18n.Text
	Amounts    []amountGroup
	NoPlace    bool // no village is known: ask for it instead of showing an amount
	NoFigure   bool // this place has registered none
	Where      string
	Bring      []policy.Paper
	LookedUp   []policy.Paper
	Steps      []stepLine
	Main       []sectionView    // shown
	Folds      []sectionView    // folded
	Asks       []policy.Unknown // what nobody has found out and no section is about
	Legal      []legalDocument
	Quotes     []quoteCard
	Office     *place.Office
	ApplyTo    string // address of the button
	ApplyKey   string
	Next       string
}

// sectionView is a section with what is not known of it: the page says to ask the office, with its phone.
type sectionView struct {
	policy.Section
	Sound string // address of the section read out, "" when nobody has
	Asks  []policy.Unknown
	Phone string
}

type stepLine struct {
	policy.Step
	Within i18n.Text
}

// legalDocument gathers the articles a programme rests on.
type legalDocument struct {
	policy.Document
	Since, Until string
	Articles     []policy.Article
}

type quoteCard struct {
	Document policy.Document
	Article  policy.Article
	Quote    string
	Since    string
}

// programme shows one programme with what holds where the reader stands.
func (p *Room) programme(c *gin.Context) error {
	r, shelf := web.From(c), p.Library.Shelf()
	g, ok := shelf.Programme(c.Param("id"))
	if !ok {
		return missing(shelf, c.Param("id"))
	}
	return p.Web.RenderReady(c, "programme", p.Version(), func() (frontend.Page, error) {
		b := p.programmeBody(r, shelf, g)
		if err := p.sounds(c, r, &b); err != nil {
			return frontend.Page{}, err
		}
		f := p.knowFrame(r, g.Name.In(r.Lang), b)
		f.Wide = true
		return f, nil
	})
}

// missing tells a programme that is no longer offered from one that never was.
func missing(shelf *policy.Shelf, id string) error {
	if _, was := shelf.Ever(id); was {
		return problem.New(problem.Gone, "know.retired")
	}
	return problem.New(problem.Missing, "know.missing")
}

func (p *Room) programmeBody(r *web.Request, shelf *policy.Shelf, g policy.Programme) programmeBody {
	b := programmeBody{Programme: g, Amounts: bySource(p.amounts(r, shelf, g)), NoPlace: r.Spot == nil, Next: choosePath(r.Path)}
	if s := g.Alias.In(r.Lang); s != g.Name.In(r.Lang) {
		b.Alias = s
	}
	for _, d := range shelf.Departments() {
		if d.ID == g.Department {
			b.Department = d.Name
		}
	}
	if r.Spot != nil {
		b.Where = p.Web.Places.Atlas().Names(r.Lang, r.Spot.Division.Code)
		none := len(b.Amounts) > 0 && !slices.ContainsFunc(b.Amounts, func(a amountGroup) bool { return !a.None })
		b.NoFigure = none || len(b.Amounts) == 0 && hasFigures(shelf, g.ID)
	}
	if o, ok := r.Office(g.Office); ok {
		b.Office = &o
	}
	for _, paper := range g.Papers {
		if paper.LookedUp {
			b.LookedUp = append(b.LookedUp, paper)
		} else {
			b.Bring = append(b.Bring, paper)
		}
	}
	for _, s := range g.Steps {
		b.Steps = append(b.Steps, stepLine{Step: s, Within: within(g, s.Within)})
	}
	asks := map[string][]policy.Unknown{}
	for _, u := range g.Unknown {
		asks[u.About] = append(asks[u.About], u)
	}
	for _, s := range g.Sections {
		v := sectionView{Section: s, Asks: asks[s.Key], Phone: b.Phone()}
		switch s.Key {
		case "who", "what":
			b.Main = append(b.Main, v)
		case "papers":
			// The list of papers says it.
			if len(g.Papers) > 0 {
				continue
			}
			b.Main = append(b.Main, v)
		default:
			b.Folds = append(b.Folds, v)
		}
		delete(asks, s.Key)
	}
	for _, u := range g.Unknown {
		if asks[u.About] != nil && u.About != "source" { // what it rests on says so itself
			b.Asks = append(b.Asks, u)
		}
	}
	b.ApplyTo, b.ApplyKey = applyDoor(g)
	b.Legal, b.Quotes = p.legal(r, shelf, g)
	return b
}

// Phone is whom to ask, "" when no office is on record.
func (b programmeBody) Phone() string {
	if b.Office == nil {
		return ""
	}
	return b.Office.Phone
}

func within(g policy.Programme, key string) i18n.Text {
	for _, d := range g.Deadlines {
		if d.Key == key && key != "" {
			return d.Text
		}
	}
	return i18n.Text{}
}

// applyDoor is where the button of a programme leads: a form of ours, or the
// office card on the same page.
func applyDoor(g policy.Programme) (to, key string) {
	if f, ok := form.Of(g.ID); ok && g.Apply != "emergency" {
		if f.Kind == form.Referral {
			return "/apply/" + g.ID, "form.index.ask"
		}
		return "/apply/" + g.ID, "know.apply"
	}
	switch g.Apply {
	case "form":
		return "/apply/" + g.ID, "know.apply"
	case "emergency":
		return "/emergency", "know.apply.emergency"
	case "school", "hospital", "station", "phone":
		return "#office", "know.apply." + g.Apply
	case "auto":
		return "", "know.apply.auto"
	}
	return "#office", "know.apply.office"
}

// legal lists what the programme rests on, by document, leaving out what has
// expired; and quotes the passage that says who may have it and how soon.
func (p *Room) legal(r *web.Request, shelf *policy.Shelf, g policy.Programme) ([]legalDocument, []quoteCard) {
	now := p.Web.Now()
	var out []legalDocument
	at := map[string]int{}
	for _, c := range g.Legal {
		d, article, ok := shelf.Cited(c, now)
		if !ok {
			continue
		}
		i, seen := at[d.ID]
		if !seen {
			i = len(out)
			at[d.ID] = i
			out = append(out, legalDocument{Document: d, Since: i18n.Date(r.Lang, d.From), Until: i18n.Date(r.Lang, d.To)})
		}
		if article.No != "" {
			out[i].Articles = append(out[i].Articles, article)
		}
	}
	var quotes []quoteCard
	quote := func(c policy.Cite) {
		d, article, ok := shelf.Cited(c, now)
		if ok && c.Quote != "" {
			quotes = append(quotes, quoteCard{Document: d, Article: article, Quote: c.Quote, Since: i18n.Date(r.Lang, d.From)})
		}
	}
	for _, s := range g.Sections {
		if s.Key == "who" && len(s.Cites) > 0 {
			quote(s.Cites[0])
		}
	}
	for _, d := range g.Deadlines {
		if d.Key == "decision" {
			quote(d.Cite)
		}
	}
	return out, quotes
}
