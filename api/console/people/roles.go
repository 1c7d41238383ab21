package people

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/staff"
	"mashang/platform/store"
)

// roles says in plain words what each role may do, made from the table the guard
// itself goes by, and which roles must have one-time codes.
func (p *Room) roles(c *gin.Context) error {
	r := web.From(c)
	must, err := p.Staff.CodeRoles(c.Request.Context())
	if err != nil {
		return err
	}
	v := frame.List{Shell: p.Shell(c, "/users"), Title: r.T("staff.roles"), Intro: r.T("staff.roles.intro")}
	v.Shell.Crumb("", v.Title)
	v.Table = frame.Table{Caption: v.Title, Head: frame.Heads(r, ".staff.may")}
	group := frame.FactGroup{}
	for _, role := range staff.Roles() {
		name := r.T("console.role." + string(role))
		v.Table.Head = append(v.Table.Head, frame.Head{Label: name})
		group.Facts = append(group.Facts, frame.Fact{Label: name, Text: r.T("staff.role." + string(role))})
	}
	v.Above = []frame.FactGroup{group}
	for _, need := range staff.Permissions() {
		row := frame.Row{Cells: []frame.Cell{{Text: r.T("staff.may." + string(need))}}}
		for _, role := range staff.Roles() {
			cell := frame.Cell{Text: "–"}
			if staff.Can(role, need) {
				cell.Text = r.T("staff.may.yes")
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	if frame.May(c, staff.EditStaff) {
		ask := frame.Field{Kind: "pick", Many: true, ID: "f-roles", Name: "roles", Label: r.T("staff.roles.code"), Help: r.T("staff.roles.code.help")}
		for _, role := range staff.Roles() {
			ask.Options = append(ask.Options, frame.Option{Value: string(role), Label: r.T("console.role." + string(role)), On: slices.Contains(must, role)})
		}
		v.Form = &frame.SmallForm{Title: r.T("staff.code"), Action: frame.Root + "/roles", Button: r.T("staff.user.save"), Fields: []frame.Field{ask}}
	}
	return p.Page(c, http.StatusOK, "console-list", v.Title, v)
}

// codeRoles says which roles must have one-time codes.
func (p *Room) codeRoles(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	var roles []staff.Role
	said := ""
	for _, role := range staff.Roles() {
		if slices.Contains(form["roles"], string(role)) {
			roles = append(roles, role)
			said += string(role) + " "
		}
	}
	ctx := c.Request.Context()
	err = p.DB.Tx(ctx, func(q store.Queryer) error {
		if err := p.Staff.SetCodeRoles(ctx, q, roles); err != nil {
			return err
		}
		return p.Note(c, q, "code-roles", "", said)
	})
	if err != nil {
		return err
	}
	p.Flash(c, "staff.roles.saved")
	return p.Web.Redirect(c, frame.Root+"/roles")
}
