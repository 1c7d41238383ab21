package posters

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	"mashang/platform/store"
	"mashang/qr/poster"
)

// toldWarnings is how many warnings stand on the page; the rest are counted.
const toldWarnings = 60

// order reads what is wanted, with usable values for what is not said.
func (p *Room) order(c *gin.Context, get func(string) string) Order {
	o := Order{Pick: p.read(c, get), Host: get("host"), Zip: get("zip") == "yes"}
	var ok bool
	if o.Choice.Size, ok = poster.ParseSize(get("size")); !ok {
		o.Choice.Size = poster.A4
	}
	if o.Choice.Layout, ok = poster.ParseLayout(get("layout")); !ok {
		o.Choice.Layout = poster.Standard
	}
	if l := i18n.Lang(get("second")); l == i18n.En || l == i18n.Hant {
		o.Choice.Second = l
	}
	o.Choice.Bleed, o.Choice.Anyway = get("bleed") == "yes", get("anyway") == "yes"
	if o.Host = p.Works.host(o.Host); o.Host == p.Works.Base.Host {
		o.Host = ""
	}
	return o
}

// values is an order as the fields of a form.
func (o Order) values() url.Values {
	q := o.query()
	q.Set("size", string(o.Choice.Size))
	q.Set("layout", string(o.Choice.Layout))
	for name, v := range map[string]string{"second": string(o.Choice.Second), "host": o.Host} {
		if v != "" {
			q.Set(name, v)
		}
	}
	for name, on := range map[string]bool{"bleed": o.Choice.Bleed, "zip": o.Zip} {
		if on {
			q.Set(name, "yes")
		}
	}
	return q
}

// orderView is the page on which one chooses how to print.
type orderView struct {
	frame.Shell
	Title, Intro string
	Problems     []frame.Issue
	Heading      string
	Pick         map[string]string // which locations, kept while the rest is chosen
	Fields       []frame.Field
	Preview      string // address of the picture
	PreviewAlt   string
	Caption      string
	Facts        []frame.Fact
	Warnings     []string
	More         string // warnings that are not shown
	Blocked      *frame.Field
	Submit       string
	Cancel       string
	Later        string // said when it is a job
}

func (p *Room) makePage(c *gin.Context) error {
	return p.orderPage(c, http.StatusOK, p.order(c, func(k string) string { return web.Query(c, k) }), "")
}

func (p *Room) orderPage(c *gin.Context, status int, o Order, refused string) error {
	r := web.From(c)
	places, err := p.Works.Places(c.Request.Context(), o)
	if err != nil {
		return err
	}
	if len(places) == 0 {
		p.Flash(c, "posters.none")
		return p.Web.Redirect(c, frame.Root+here)
	}
	office := p.Works.Office(o.Choice.Second, o.Host)
	warns := p.Works.Press.Check(office, o.Choice, places)
	first, shown, caption := o, places[0], r.T("posters.preview")
	for _, w := range warns {
		if i := slices.IndexFunc(places, func(p poster.Place) bool { return p.ID == w.Place }); i >= 0 {
			shown, caption = places[i], r.T("posters.preview.warned", "number", places[i].Number)
			break
		}
	}
	first.Pick = Pick{Division: o.Division, IDs: []string{shown.ID}}
	q := first.values()
	q.Del("zip")
	v := orderView{
		Shell: p.Shell(c, here), Title: r.T("posters.make"), Intro: r.T("posters.make.intro", "n", len(places), "first", places[0].Name, "last", places[len(places)-1].Name),
		Heading: r.T("posters.refused"), Pick: flat(o.query()), Preview: frame.Root + here + "/preview?" + q.Encode(), PreviewAlt: r.T("posters.preview.alt", "name", shown.Name), Caption: caption,
		Fields: p.orderFields(r, o), Submit: r.T("posters.make.go", "n", len(places)), Cancel: frame.Root + here,
	}
	if len(places) > atOnce {
		v.Later = r.T("posters.make.later")
	}
	for i, w := range warns {
		if i == toldWarnings {
			v.More = r.T("posters.warning.more", "n", len(warns)-i)
			break
		}
		v.Warnings = append(v.Warnings, p.Works.Tell(r.Lang, w))
	}
	if poster.Blocking(warns) {
		f := frame.Tick(r, "anyway", "posters.anyway", o.Choice.Anyway)
		f.Help = r.T("posters.anyway.help")
		v.Blocked = &f
	}
	if refused != "" {
		v.Problems = []frame.Issue{{ID: "f-anyway", Text: refused}}
	}
	v.Crumb("", v.Title)
	return p.Page(c, status, "console-posters-make", v.Title, v)
}

func flat(q url.Values) map[string]string {
	out := map[string]string{}
	for k := range q {
		out[k] = q.Get(k)
	}
	return out
}

func (p *Room) orderFields(r *web.Request, o Order) []frame.Field {
	choice := func(name, chosen string, words []string) frame.Field {
		f := frame.Field{Kind: "pick", ID: "f-" + name, Name: name, Label: r.T("posters." + name)}
		for _, w := range words {
			one := frame.Option{Value: w, Label: r.T("posters." + name + "." + w), On: w == chosen}
			if key := "posters." + name + "." + w + ".help"; p.Web.Words.Has(key) {
				one.Help = r.T(key)
			}
			f.Options = append(f.Options, one)
		}
		return f
	}
	var sizes, layouts []string
	for _, s := range poster.Sizes() {
		sizes = append(sizes, string(s))
	}
	for _, l := range poster.Layouts() {
		layouts = append(layouts, string(l))
	}
	second := string(o.Choice.Second)
	if second == "" {
		second = "none"
	}
	fields := []frame.Field{choice("size", string(o.Choice.Size), sizes), choice("layout", string(o.Choice.Layout), layouts), choice("second", second, []string{"none", string(i18n.En), string(i18n.Hant)})}
	if hosts := p.Works.Hosts(); len(hosts) > 1 {
		var options []frame.Option
		for _, h := range hosts {
			options = append(options, frame.Option{Value: h, Label: h})
		}
		fields = append(fields, frame.Select(r, "host", "posters.host", p.Works.host(o.Host), false, options))
	}
	bleed := frame.Tick(r, "bleed", "posters.bleed", o.Choice.Bleed)
	bleed.Help = r.T("posters.bleed.help")
	zip := frame.Tick(r, "zip", "posters.zip", o.Zip)
	zip.Help = r.T("posters.zip.help")
	return append(fields, bleed, zip)
}

// make prints, at once or as a job, and leads to the page of the run.
func (p *Room) make(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	o := p.order(c, form.Get)
	places, err := p.Works.Places(ctx, o)
	if err != nil {
		return err
	}
	if len(places) == 0 {
		p.Flash(c, "posters.none")
		return p.Web.Redirect(c, frame.Root+here)
	}
	if !o.Choice.Anyway && poster.Blocking(p.Works.Press.Check(p.Works.Office(o.Choice.Second, o.Host), o.Choice, places)) {
		return p.orderPage(c, http.StatusUnprocessableEntity, o, web.From(c).T("posters.refused.tick"))
	}
	run, err := p.Works.Make(ctx, o, frame.Account(c).Name, places, func(q store.Queryer, run poster.Run) error {
		return p.Note(c, q, "posters.printed", run.ID, strconv.Itoa(len(places))+" × "+string(o.Choice.Size)+" "+string(o.Choice.Layout))
	})
	if err != nil {
		return err
	}
	return p.Web.Redirect(c, frame.Root+here+"/runs/"+run.ID)
}

// preview is the first sheet as a picture.
func (p *Room) preview(c *gin.Context) error {
	o := p.order(c, func(k string) string { return web.Query(c, k) })
	places, err := p.Works.Places(c.Request.Context(), o)
	if err != nil {
		return err
	}
	if len(places) == 0 {
		return problem.New(problem.Missing, "posters.none")
	}
	svg, _ := p.Works.Press.SVG(p.Works.Office(o.Choice.Second, o.Host), o.Choice, places[0])
	return picture(c, svg)
}

// picture answers with an SVG of ours; shown as a page of its own it may run and
// fetch nothing.
func picture(c *gin.Context, svg []byte) error {
	c.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox")
	c.Data(http.StatusOK, "image/svg+xml", svg)
	return nil
}
