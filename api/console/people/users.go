package people

import (
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/staff"
)

// users lists the accounts, found by name or place, role and state.
func (p *Room) users(c *gin.Context) error {
	r := web.From(c)
	every, err := p.Staff.List(c.Request.Context())
	if err != nil {
		return err
	}
	text, role, state := strings.ToLower(web.Query(c, "q")), c.Query("role"), c.Query("state")
	var all []staff.Account
	for _, a := range every {
		if (role == "" || string(a.Role) == role) && is(a, state) && (strings.Contains(a.Name, text) || strings.Contains(strings.ToLower(p.scope(r, a).Text), text) || a.Scope == text) {
			all = append(all, a)
		}
	}
	by, down := frame.Sorted(c, "name", "name", "role", "signed")
	slices.SortStableFunc(all, func(a, b staff.Account) int {
		n := strings.Compare(a.Name, b.Name)
		switch by {
		case "role":
			n = strings.Compare(string(a.Role), string(b.Role))
		case "signed":
			n = a.Signed.Compare(b.Signed)
		}
		if down {
			return -n
		}
		return n
	})
	if frame.Exporting(c) {
		return p.usersFile(c, all)
	}
	v := frame.List{Shell: p.Shell(c, "/users"), Title: r.T("console.nav.users"), Intro: r.T("staff.users.intro"), Pager: frame.Pages(c, len(all)), Export: frame.Export(c)}
	v.Filter = []frame.Field{frame.Search(r, "q", "staff.users.search", web.Query(c, "q")),
		frame.Pick(r, "role", "console.head.role", "console.all", role, roleOptions(r)),
		frame.Pick(r, "state", "console.head.state", "console.all", state, stateOptions(r))}
	v.Clear = frame.Cleared(c, "q", "role", "state")
	v.Links = []frame.Cell{{Text: r.T("staff.roles"), Href: frame.Root + "/roles"}}
	if frame.May(c, staff.EditStaff) {
		v.Buttons = []frame.Action{{Path: frame.Root + "/new-user", Label: r.T("console.users.new"), Get: true}}
	}
	v.Table = p.usersTable(c, r, frame.Slice(c, all), by, down)
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

func (p *Room) usersTable(c *gin.Context, r *web.Request, all []staff.Account, by string, down bool) frame.Table {
	t := frame.Table{Caption: r.T("console.nav.users"), Empty: r.T("staff.users.none"), Head: frame.Heads(r, "name", "role", "scope", "state", ".staff.code", "signed", "sessions")}
	for i, name := range map[int]string{0: "name", 1: "role", 5: "signed"} {
		t.Head[i] = frame.Sortable(c, t.Head[i], name, by, down)
	}
	t.Head[6].Num = true
	for _, a := range all {
		codes := frame.Cell{Text: r.T("staff.code.no")}
		switch {
		case a.ProviderOnly:
			codes.Text = r.T("staff.provider.only")
		case !a.Coded.IsZero():
			codes.Text = r.T("staff.code.yes")
		case a.Owes:
			codes = frame.Cell{Text: r.T("staff.code.owes"), Tag: "warn"}
		}
		signed := frame.When(r, a.Signed)
		if signed == "" {
			signed = r.T("staff.never")
		}
		row := frame.Row{Cells: []frame.Cell{{Text: a.Name, Href: frame.Root + "/users/" + a.Name}, {Text: r.T("console.role." + string(a.Role))}, p.scope(r, a), p.state(r, a), codes,
			{Text: signed}, {Text: strconv.Itoa(a.Sessions), Num: true}}}
		if a.Disabled {
			row.Mark = "mute"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// usersFile is the list as a file.
func (p *Room) usersFile(c *gin.Context, all []staff.Account) error {
	r := web.From(c)
	head := []string{r.T("console.signin.name"), r.T("console.head.role"), r.T("console.head.code"), r.T("console.head.scope"), r.T("console.head.state"), r.T("staff.code"), r.T("console.head.signed")}
	var rows iter.Seq[[]string] = func(yield func([]string) bool) {
		for _, a := range all {
			codes := r.T("staff.code.no")
			if !a.Coded.IsZero() {
				codes = r.T("staff.code.yes")
			}
			if !yield([]string{a.Name, r.T("console.role." + string(a.Role)), a.Scope, p.scope(r, a).Text, p.state(r, a).Text, codes, frame.When(r, a.Signed)}) {
				return
			}
		}
	}
	return frame.CSV(c, r.T("console.nav.users")+".csv", head, rows)
}

// scope says for which place an account is.
func (p *Room) scope(r *web.Request, a staff.Account) frame.Cell {
	switch name := p.Web.Places.Atlas().Names(r.Lang, a.Scope); {
	case a.Scope == "" && a.Role.Bound():
		return frame.Cell{Text: r.T("console.users.unbound"), Tag: "warn"}
	case a.Scope == "":
		return frame.Cell{Text: r.T("console.county")}
	case name == "":
		return frame.Cell{Text: a.Scope, Tag: "warn"}
	default:
		return frame.Cell{Text: name}
	}
}

func (p *Room) state(r *web.Request, a staff.Account) frame.Cell {
	switch {
	case a.Disabled:
		return frame.Cell{Text: r.T("console.disabled"), Tag: "mute"}
	case a.Renew:
		return frame.Cell{Text: r.T("console.users.renew"), Tag: "warn"}
	}
	return frame.Cell{Text: r.T("console.active"), Tag: "ok"}
}

// is reports whether an account is in a state one can filter by.
func is(a staff.Account, state string) bool {
	switch state {
	case "active":
		return !a.Disabled
	case "disabled":
		return a.Disabled
	case "never":
		return a.Signed.IsZero()
	case "open":
		return a.Sessions > 0
	case "bare":
		return !a.Disabled && a.Coded.IsZero() && !a.ProviderOnly
	}
	return state == ""
}

func stateOptions(r *web.Request) []frame.Option {
	var all []frame.Option
	for _, one := range []string{"active", "disabled", "never", "open", "bare"} {
		all = append(all, frame.Option{Value: one, Label: r.T("staff.state." + one)})
	}
	return all
}

func roleOptions(r *web.Request) []frame.Option {
	var all []frame.Option
	for _, one := range staff.Roles() {
		all = append(all, frame.Option{Value: string(one), Label: r.T("console.role." + string(one)), Help: r.T("staff.role." + string(one))})
	}
	return all
}

// placeHints are the places one may name, the towns first; a long list would cost
// the page more than it helps.
func (p *Room) placeHints(l i18n.Lang) []string {
	const most = 300
	var hints []string
	atlas := p.Web.Places.Atlas()
	level := atlas.Children(atlas.Root().Code)
	for len(level) > 0 && len(hints) < most {
		var below []string
		for _, d := range level {
			hints = append(hints, d.Code+" "+atlas.Names(l, d.Code))
			below = append(below, d.Code)
		}
		level = level[:0:0]
		for _, code := range below {
			level = append(level, atlas.Children(code)...)
		}
	}
	return hints[:min(most, len(hints))]
}

// place reads a division as its code, with or without its name behind it, or as
// a name only one division has. It says what is wrong, "" when nothing is.
func (p *Room) place(r *web.Request, text string) (code, wrong string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", ""
	}
	atlas := p.Web.Places.Atlas()
	if code := frame.Digits(text); len(code) == 12 {
		if _, ok := atlas.Division(code); ok {
			return code, ""
		}
		return "", "staff.scope.unknown"
	}
	var found []string
	level := []string{atlas.Root().Code}
	for len(level) > 0 {
		var below []string
		for _, at := range level {
			for _, d := range atlas.Children(at) {
				if d.Name.In(r.Lang) == text || d.Name.Hans == text || atlas.Names(r.Lang, d.Code) == text {
					found = append(found, d.Code)
				}
				below = append(below, d.Code)
			}
		}
		level = below
	}
	switch len(found) {
	case 0:
		return "", "staff.scope.unknown"
	case 1:
		return found[0], ""
	}
	return "", "staff.scope.several"
}
