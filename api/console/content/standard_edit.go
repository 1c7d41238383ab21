package content

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/review"
)

// standardPage asks for a standard: a new series, the next amount of one, or a
// correction of one row.
func (p *Room) standardPage(c *gin.Context) error {
	form := url.Values{}
	if of, ok := policy.ParseSeries(web.Query(c, "of")); ok {
		rows := p.Library.Shelf().Series(of)
		form = url.Values{"of": {of.Key()}, "programme": {of.Programme}, "variant": {of.Variant}, "place": {of.Place}, "seen": {seen(rows)}}
		if len(rows) > 0 {
			fill(form, rows[len(rows)-1])
		}
		id := web.Query(c, "id")
		i := slices.IndexFunc(rows, func(s policy.Standard) bool { return s.ID == id })
		switch {
		case i >= 0:
			s := rows[i]
			form.Set("id", s.ID)
			fill(form, s)
			form.Set("from", frame.ISO(s.From))
			form.Set("to", frame.ISO(s.To))
			form.Set("document", s.Document)
			form.Set("note", s.Note.Hans)
			switch {
			case s.None:
				form.Set("none", "yes")
			case s.Formula != (policy.Formula{}):
			default:
				form.Set("amount", policy.Yuan(s.Cents))
			}
		case id != "":
			return problem.New(problem.Missing, "content.standard.unknown")
		}
	}
	return p.standardForm(c, http.StatusOK, form, nil)
}

// fill takes over what a new row has in common with the one before it.
func fill(form url.Values, s policy.Standard) {
	form.Set("label", s.Label.Hans)
	form.Set("unit", s.Unit)
	form.Set("formula_of", s.Formula.Key())
	form.Set("formula_times", s.Formula.Times)
	form.Set("formula_round", s.Formula.Round)
}

// seen is a mark of the rows an editor had before his eyes.
func seen(rows []policy.Standard) string {
	b, err := json.Marshal(rows)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

func (p *Room) standardForm(c *gin.Context, status int, form url.Values, fields map[string]string) error {
	r := web.From(c)
	of, fixed := policy.ParseSeries(form.Get("of"))
	v := frame.Form{Shell: p.Shell(c, "/standards"), Title: r.T("content.standard.new"), Intro: r.T("content.standard.new.intro"), Action: frame.Root + "/standards/new",
		Submit: r.T("content.review.propose"), Cancel: frame.Root + "/standards"}
	var what []frame.Field
	if fixed {
		v.Title = r.T("content.standard.next.title", "what", p.seriesTitle(r, of))
		v.Cancel = seriesHref(of)
		v.Hidden = map[string]string{"of": of.Key(), "programme": of.Programme, "variant": of.Variant, "place": of.Place, "seen": form.Get("seen"), "id": form.Get("id")}
		v.Shell.Crumb(v.Cancel, p.seriesTitle(r, of))
	} else {
		v.Intro = r.T("content.standard.begin.intro")
		variant := frame.Line(r, "variant", "content.standard.variant", form.Get("variant"))
		variant.Help, variant.Optional, variant.Short = r.T("content.standard.variant.help"), true, true
		what = []frame.Field{frame.Select(r, "programme", "console.cases.programme", form.Get("programme"), true, p.Programmes(r)), variant, p.placeField(r, form.Get("place"))}
	}
	if form.Get("id") != "" {
		v.Title = r.T("content.standard.edit.title", "what", p.seriesTitle(r, of))
		v.Intro = r.T("content.standard.edit.intro")
	}
	label := frame.Line(r, "label", "content.standard.label", form.Get("label"))
	label.Help, label.Optional = r.T("content.standard.label.help"), true
	amount := frame.Line(r, "amount", "console.head.amount", form.Get("amount"))
	amount.Mode, amount.Short, amount.Help, amount.Optional = "decimal", true, r.T("content.standard.amount.help"), true
	base := frame.Select(r, "formula_of", "content.standard.of", form.Get("formula_of"), true, p.bases(r))
	base.Help, base.Optional = r.T("content.standard.of.help"), true
	factor := frame.Line(r, "formula_times", "content.standard.times", form.Get("formula_times"))
	factor.Mode, factor.Short, factor.Optional = "decimal", true, true
	var rounds []frame.Option
	for _, k := range policy.Rounds() {
		rounds = append(rounds, frame.Option{Value: k, Label: r.T("policy.round." + k)})
	}
	round := frame.Select(r, "formula_round", "content.standard.round", form.Get("formula_round"), true, rounds)
	round.Optional = true
	none := frame.Tick(r, "none", "content.standard.none", form.Get("none") != "")
	none.Help = r.T("content.standard.none.help")
	var units []frame.Option
	for _, u := range policy.Units() {
		units = append(units, frame.Option{Value: u, Label: r.T("policy.unit." + u)})
	}
	if u := form.Get("unit"); u != "" && !slices.Contains(policy.Units(), u) {
		units = append(units, frame.Option{Value: u, Label: u})
	}
	from := frame.Date(r, "from", "content.standard.begins", form.Get("from"))
	from.Help = r.T("content.standard.begins.help")
	to := frame.Date(r, "to", "content.standard.ends", form.Get("to"))
	to.Help, to.Optional = r.T("content.standard.ends.help"), true
	document := frame.Select(r, "document", "console.head.document", form.Get("document"), true, p.documentOptions())
	document.Help = r.T("content.standard.document.help")
	note := frame.Line(r, "note", "content.standard.note", form.Get("note"))
	note.Optional = true
	why := frame.Long(r, "why", "content.review.why", form.Get("why"))
	why.Help, why.Optional = r.T("content.review.why.help"), true
	due := frame.Date(r, "due", "content.review.due", form.Get("due"))
	due.Help, due.Optional = r.T("content.review.due.help"), true
	sections := []frame.Section{{Title: r.T("content.standard.what"), Fields: append(what, label)},
		{Title: r.T("console.head.amount"), Fields: []frame.Field{amount, frame.Select(r, "unit", "content.standard.unit", form.Get("unit"), true, units), none}},
		{Title: r.T("content.standard.formula"), Help: r.T("content.standard.formula.help"), Fields: []frame.Field{base, factor, round}},
		{Title: r.T("content.standard.when"), Fields: []frame.Field{from, to, document, note}},
		{Title: r.T("content.review"), Help: r.T("content.review.second"), Fields: []frame.Field{why, due}}}
	if said := fields[""]; said != "" {
		v.Problems = append(v.Problems, frame.Issue{Text: said})
	}
	for i := range sections {
		for j := range sections[i].Fields {
			if f := &sections[i].Fields[j]; fields[f.Name] != "" {
				f.Wrong(&v.Problems, fields[f.Name])
			}
		}
	}
	v.Sections = sections
	return p.Page(c, status, "console-form", v.Title, v)
}

// placeField chooses a division, those of a town under its name.
func (p *Room) placeField(r *web.Request, chosen string) frame.Field {
	atlas := p.Web.Places.Atlas()
	f := frame.Field{Kind: "select", ID: "f-place", Name: "place", Label: r.T("console.head.place"), Blank: true}
	option := func(d place.Division) frame.Option {
		return frame.Option{Value: d.Code, Label: d.Name.In(r.Lang), On: d.Code == chosen}
	}
	root := atlas.Root()
	top := frame.Group{Label: root.Name.In(r.Lang), Options: []frame.Option{option(root)}}
	var groups []frame.Group
	var below func(d place.Division)
	below = func(d place.Division) {
		g := frame.Group{Label: d.Name.In(r.Lang)}
		for _, child := range atlas.Children(d.Code) {
			if len(atlas.Children(child.Code)) > 0 {
				top.Options = append(top.Options, option(child))
				below(child)
			} else {
				g.Options = append(g.Options, option(child))
			}
		}
		if len(g.Options) > 0 {
			groups = append(groups, g)
		}
	}
	below(root)
	f.Groups = append([]frame.Group{top}, groups...)
	return f
}

// documentOptions are the documents that may be cited, those of the county first.
func (p *Room) documentOptions() []frame.Option {
	var local, national []frame.Option
	for _, d := range p.Library.Shelf().Documents() {
		if d.State == policy.Expired {
			continue
		}
		o := frame.Option{Value: d.ID, Label: strings.TrimSpace(d.Title + " " + d.Number)}
		if d.Place != "" {
			local = append(local, o)
		} else {
			national = append(national, o)
		}
	}
	return append(local, national...)
}

// standardPropose files what was typed as a change for a second person.
func (p *Room) standardPropose(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r, ctx := web.From(c), c.Request.Context()
	row, due, fields := p.readStandard(r, form)
	if len(fields) > 0 {
		return p.standardForm(c, http.StatusUnprocessableEntity, form, fields)
	}
	of := row.Of()
	stands := p.Library.Shelf().Series(of)
	if old := form.Get("seen"); old != "" && old != seen(stands) {
		form.Set("seen", seen(stands))
		return p.standardForm(c, http.StatusConflict, form, map[string]string{"": r.T("content.standard.changed")})
	}
	next := policy.Enter(stands, row)
	if err := p.Library.TrySeries(ctx, of, next); err != nil {
		return p.standardFail(c, form, err)
	}
	if !p.Library.Shelf().Has(policy.FileStandards) && due.IsZero() {
		return p.firstStandard(c, next)
	}
	raw, err := json.Marshal(next)
	if err != nil {
		return err
	}
	one, err := p.Review.Propose(ctx, review.Change{Kind: policy.KindStandard, Object: of.Key(), Title: p.seriesTitle(r, of), After: raw,
		Why: strings.TrimSpace(form.Get("why")), By: frame.Account(c).Name, Due: due})
	if err != nil {
		return p.standardFail(c, form, err)
	}
	p.Flash(c, "content.review.proposed")
	return p.Web.Redirect(c, frame.Root+"/review/"+one.ID)
}

// standardFail keeps what was typed and says what is wrong with it.
func (p *Room) standardFail(c *gin.Context, form url.Values, err error) error {
	var told *problem.Error
	if !errors.As(err, &told) || told.Kind.Status() >= http.StatusInternalServerError {
		return err
	}
	return p.standardForm(c, told.Kind.Status(), form, map[string]string{"": p.Web.Tell(c, told).What})
}

// readStandard reads a form; fields say in words what is wrong with it.
func (p *Room) readStandard(r *web.Request, form url.Values) (s policy.Standard, due time.Time, fields map[string]string) {
	fields = map[string]string{}
	need := func(name, key string) string {
		v := strings.TrimSpace(form.Get(name))
		if v == "" {
			fields[name] = r.T(key)
		}
		return v
	}
	s = policy.Standard{ID: form.Get("id"), Programme: need("programme", "content.standard.programme.missing"), Variant: strings.TrimSpace(form.Get("variant")),
		Place: need("place", "content.standard.place.missing"), Unit: strings.TrimSpace(form.Get("unit")), Document: form.Get("document"), None: form.Get("none") != ""}
	if strings.ContainsAny(s.Variant, "/ ") || len(s.Variant) > 40 {
		fields["variant"] = r.T("content.standard.variant.wrong")
	}
	before := p.Library.Shelf().Series(s.Of())
	s.Label, s.Note = words(form.Get("label"), before, func(s policy.Standard) i18n.Text { return s.Label }), words(form.Get("note"), before, func(s policy.Standard) i18n.Text { return s.Note })
	amount := strings.TrimSpace(form.Get("amount"))
	s.Formula = policy.Formula{Times: strings.TrimSpace(form.Get("formula_times")), Round: form.Get("formula_round")}
	s.Formula.Programme, s.Formula.Variant, _ = strings.Cut(form.Get("formula_of"), "/")
	switch {
	case s.Formula.Programme == "":
		s.Formula = policy.Formula{}
	case amount != "" || s.None:
		fields["amount"] = r.T("policy.formula.amount")
	case s.Formula.Times == "":
		fields["formula_times"] = r.T("policy.formula.times", "times", "")
	case s.Unit == "":
		fields["unit"] = r.T("policy.import.unit")
	}
	switch {
	case s.Formula.Programme != "":
	case s.None && amount != "":
		fields["amount"] = r.T("policy.import.none")
	case s.None:
		s.Unit = ""
	case amount == "":
		fields["amount"] = r.T("content.standard.amount.missing")
	default:
		var err error
		if s.Cents, err = policy.ParseYuan(amount); err != nil {
			fields["amount"] = r.T("policy.import.amount", "amount", amount)
		}
		if s.Unit == "" {
			fields["unit"] = r.T("policy.import.unit")
		}
	}
	s.UnitText = p.unitText(s.Unit, before)
	var ok bool
	if s.From, ok = frame.ParseDay(form.Get("from")); !ok {
		fields["from"] = r.T("ops.day.invalid")
	}
	if day := form.Get("to"); day != "" {
		if s.To, ok = frame.ParseDay(day); !ok {
			fields["to"] = r.T("ops.day.invalid")
		} else if s.To.Before(s.From) {
			fields["to"] = r.T("ops.day.order")
		}
	}
	if s.Document == "" && !s.None {
		fields["document"] = r.T("content.standard.document.missing")
	}
	if day := form.Get("due"); day != "" {
		if due, ok = frame.ParseDay(day); !ok {
			fields["due"] = r.T("ops.day.invalid")
		}
	}
	if s.ID == "" {
		s.ID = strings.Join([]string{s.Programme, s.Variant, s.Place, frame.ISO(s.From)}, "-")
	}
	return s, due, fields
}

// words keeps the translations of a text that did not change.
func words(hans string, before []policy.Standard, of func(policy.Standard) i18n.Text) i18n.Text {
	hans = strings.TrimSpace(hans)
	for _, s := range slices.Backward(before) {
		if t := of(s); t.Hans == hans {
			return t
		}
	}
	return i18n.Text{Hans: hans}
}

// unitText is a unit's words in every language: those of the catalog, else those a row of the series had.
func (p *Room) unitText(unit string, before []policy.Standard) i18n.Text {
	if unit == "" {
		return i18n.Text{}
	}
	if key := "policy.unit." + unit; p.Web.Words.Has(key) {
		return i18n.Text{Hans: p.Web.Words.T(i18n.Hans, key), Hant: p.Web.Words.T(i18n.Hant, key), En: p.Web.Words.T(i18n.En, key)}
	}
	for _, s := range slices.Backward(before) {
		if s.Unit == unit {
			return s.UnitText
		}
	}
	return i18n.Text{Hans: unit}
}
