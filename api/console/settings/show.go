package settings

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	office "mashang/platform/settings"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// shownVersions is how many changes the page lists.
const shownVersions = 12

// show is what the office says of itself, and who changed it.
func (p *Room) show(c *gin.Context) error {
	r := web.From(c)
	o, err := p.Book.Stored(c.Request.Context())
	if err != nil {
		return err
	}
	v := frame.Show{Shell: p.Shell(c, here), Title: r.T("setup.settings"), Intro: r.T("setup.settings.intro")}
	may := frame.May(c, staff.EditSettings)
	if may {
		v.Buttons = []frame.Action{
			{Path: frame.Root + here + "/names", Label: r.T("setup.edit.names"), Get: true}, {Path: frame.Root + here + "/contact", Label: r.T("setup.edit.contact"), Get: true},
			{Path: frame.Root + here + "/files", Label: r.T("setup.edit.files"), Get: true, Quiet: true}, {Path: frame.Root + wizard, Label: r.T("setup.again"), Get: true, Quiet: true},
		}
	}
	none := func(s string) frame.Fact {
		if s == "" {
			return frame.Fact{Text: r.T("setup.none"), Tag: "mute"}
		}
		return frame.Fact{Text: s}
	}
	fact := func(key, value string) frame.Fact {
		f := none(value)
		f.Label = r.T(key)
		return f
	}
	names := frame.FactGroup{Title: r.T("setup.names")}
	for _, l := range i18n.Langs() {
		names.Facts = append(names.Facts, frame.Fact{Label: r.T("setup.county") + dotted(r, l), Text: none(o.County[string(l)]).Text})
	}
	for _, l := range i18n.Langs() {
		names.Facts = append(names.Facts, frame.Fact{Label: r.T("setup.issuer") + dotted(r, l), Text: none(o.Issuer[string(l)]).Text})
	}
	names.Facts = append(names.Facts, fact("setup.colour", o.Colour), frame.Fact{Label: r.T("setup.languages"), Text: p.languages(r)})
	reach := frame.FactGroup{Title: r.T("setup.contact")}
	hotline := fact("setup.hotline", o.Hotline)
	if o.Hotline == "" {
		hotline.Text = r.T("setup.hotline.default", "number", p.Web.Dial())
	}
	reach.Facts = append(reach.Facts, hotline, frame.Fact{Label: r.T("setup.domain.printed"), Text: p.Web.Base.Host, Code: true},
		fact("setup.domains", strings.Join(o.OtherDomains, r.T("console.comma"))), fact("setup.icp", o.ICP), fact("setup.police", o.PoliceFiling))
	for _, f := range o.VerifyFiles {
		reach.Facts = append(reach.Facts, frame.Fact{Label: r.T("setup.file"), Text: "/" + f.Name, Href: "/" + f.Name, Code: true})
	}
	v.Groups = []frame.FactGroup{names, reach}
	if o.EmblemID != "" {
		v.Pictures = []frame.Picture{{Href: frame.Root + here + "/emblem.png?v=" + o.EmblemID, Alt: r.T("setup.emblem"), Caption: r.T("setup.emblem")}}
	}
	versions, err := p.Book.Versions(c.Request.Context(), shownVersions+1)
	if err != nil {
		return err
	}
	for i, one := range versions {
		if i == shownVersions {
			break
		}
		was := office.Office{}
		if i+1 < len(versions) {
			was = versions[i+1]
		}
		v.History = append(v.History, frame.Event{When: frame.When(r, one.At), Who: one.By, What: p.difference(r, was, one)})
	}
	return p.Page(c, http.StatusOK, "console-show", v.Title, v)
}

func dotted(r *web.Request, l i18n.Lang) string { return frame.Dot(r) + r.T("setup.lang."+string(l)) }

func (p *Room) languages(r *web.Request) string {
	var all []string
	for _, l := range p.Web.Languages() {
		all = append(all, r.T("setup.lang."+l))
	}
	return strings.Join(all, r.T("console.comma"))
}

// difference names what a version changed.
func (p *Room) difference(r *web.Request, was, now office.Office) string {
	var all []string
	for _, one := range []struct {
		key     string
		changed bool
	}{
		{"setup.county", !same(was.County, now.County)}, {"setup.issuer", !same(was.Issuer, now.Issuer)}, {"setup.emblem", was.EmblemID != now.EmblemID},
		{"setup.colour", was.Colour != now.Colour}, {"setup.languages", strings.Join(was.Languages, " ") != strings.Join(now.Languages, " ")},
		{"setup.hotline", was.Hotline != now.Hotline}, {"setup.domains", strings.Join(was.OtherDomains, " ") != strings.Join(now.OtherDomains, " ")},
		{"setup.icp", was.ICP != now.ICP}, {"setup.police", was.PoliceFiling != now.PoliceFiling}, {"setup.file", files(was) != files(now)},
		{"setup.title", strings.Join(was.SetUp, " ") != strings.Join(now.SetUp, " ")},
	} {
		if one.changed {
			all = append(all, r.T(one.key))
		}
	}
	if len(all) == 0 {
		return r.T("setup.nothing")
	}
	return strings.Join(all, r.T("console.comma"))
}

func same(a, b map[string]string) bool {
	for _, l := range i18n.Langs() {
		if a[string(l)] != b[string(l)] {
			return false
		}
	}
	return true
}

func files(o office.Office) string {
	var b strings.Builder
	for _, f := range o.VerifyFiles {
		b.WriteString(f.Name + "=" + f.Content + "\n")
	}
	return b.String()
}

// emblem shows the emblem as it is kept and printed.
func (p *Room) emblem(c *gin.Context) error {
	o := p.Book.Office()
	c.Data(http.StatusOK, "image/png", o.Emblem)
	return nil
}

// save keeps o with the record of who did it, and offers the way back on the next page.
func (p *Room) save(c *gin.Context, o office.Office, action, to string) error {
	ctx := c.Request.Context()
	err := p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Book.Save(ctx, q, o, frame.Account(c).Name); err != nil {
			return err
		}
		return p.Note(c, q, action, "office", "version "+strconv.FormatInt(o.Version+1, 10))
	})
	if err != nil {
		return err
	}
	if err := p.Book.Changed(ctx); err != nil {
		return err
	}
	p.FlashUndo(c, "setup.saved", here+"/undo", map[string]string{"version": strconv.FormatInt(o.Version+1, 10), "next": to})
	return p.Web.Redirect(c, frame.Root+to)
}

// undo takes the newest change back.
func (p *Room) undo(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	version, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Book.Restore(ctx, q, version, frame.Account(c).Name); err != nil {
			return err
		}
		return p.Note(c, q, "settings-undo", "office", "version "+form.Get("version"))
	})
	if err != nil {
		return err
	}
	if err := p.Book.Changed(ctx); err != nil {
		return err
	}
	p.Flash(c, "setup.undone")
	return p.Web.Redirect(c, frame.Back(frame.Root+form.Get("next"), frame.Root+here))
}
