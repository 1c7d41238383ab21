package settings

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/platform/problem"
	office "mashang/platform/settings"
)

// version goes with a form, so that two people who edit at once do not overwrite each other.
func version(o office.Office) map[string]string {
	return map[string]string{"version": strconv.FormatInt(o.Version, 10)}
}

func versionOf(form url.Values, now int64) int64 {
	if v, err := strconv.ParseInt(form.Get("version"), 10, 64); err == nil {
		return v
	}
	return now
}

// contactForm asks how the office is reached and under which numbers it is filed.
func (p *Room) contactForm(c *gin.Context, o office.Office, wrong *problem.Error) ([]frame.Section, []frame.Issue) {
	r := web.From(c)
	var issues []frame.Issue
	line := func(name, key, value string) frame.Field {
		f := frame.Line(r, name, key, value)
		f.Help, f.Optional = r.T(key+".help"), true
		refuse(r, &f, &issues, wrong, name)
		return f
	}
	hotline := line("hotline", "setup.hotline", o.Hotline)
	hotline.Type, hotline.Short = "tel", true
	printed := frame.Field{Kind: "line", ID: "f-printed", Label: r.T("setup.domain.printed"), Help: r.T("setup.domain.printed.help"), Value: p.Web.Base.Host, Fixed: true}
	domains := frame.Long(r, "domains", "setup.domains", strings.Join(o.OtherDomains, "\n"))
	domains.Help, domains.Optional = r.T("setup.domains.help"), true
	refuse(r, &domains, &issues, wrong, "domains")
	return []frame.Section{
		{Title: r.T("setup.hotline"), Fields: []frame.Field{hotline}},
		{Title: r.T("setup.domain"), Help: r.T("setup.domain.help"), Fields: []frame.Field{printed, domains}},
		{Title: r.T("setup.filing"), Help: r.T("setup.filing.help"), Fields: []frame.Field{line("icp", "setup.icp", o.ICP), line("police", "setup.police", o.PoliceFiling)}},
	}, issues
}

func (p *Room) contactPage(c *gin.Context) error {
	o, err := p.Book.Stored(c.Request.Context())
	if err != nil {
		return err
	}
	return p.contactShow(c, http.StatusOK, o, nil)
}

func (p *Room) contactShow(c *gin.Context, status int, o office.Office, wrong *problem.Error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, here), Title: r.T("setup.edit.contact"), Heading: r.T("console.problems"), Action: frame.Root + here + "/contact", Submit: r.T("console.save"),
		Cancel: frame.Root + here, Hidden: version(o)}
	v.Shell.Crumb("", v.Title)
	v.Sections, v.Problems = p.contactForm(c, o, wrong)
	return p.Page(c, status, "console-form", v.Title, v)
}

func (p *Room) contact(c *gin.Context) error {
	o, err := p.readContact(c)
	if err != nil {
		return err
	}
	err = p.save(c, o, "settings-contact", here)
	if e := refused(err); e != nil {
		return p.contactShow(c, e.Kind.Status(), o, e)
	}
	return err
}

func (p *Room) readContact(c *gin.Context) (office.Office, error) {
	form, err := web.Form(c)
	if err != nil {
		return office.Office{}, err
	}
	o, err := p.Book.Stored(c.Request.Context())
	if err != nil {
		return o, err
	}
	o.Version = versionOf(form, o.Version)
	o.Hotline, o.ICP, o.PoliceFiling = strings.TrimSpace(form.Get("hotline")), form.Get("icp"), form.Get("police")
	o.OtherDomains = slices.DeleteFunc(strings.Fields(strings.NewReplacer(",", " ", "，", " ", "、", " ", ";", " ", "；", " ").Replace(form.Get("domains"))),
		func(d string) bool { return strings.EqualFold(strings.TrimPrefix(d, "https://"), p.Web.Base.Host) })
	return o, nil
}

// filesPage lists the files by which WeChat and others see whose the address is, and takes a new one.
func (p *Room) filesPage(c *gin.Context) error {
	o, err := p.Book.Stored(c.Request.Context())
	if err != nil {
		return err
	}
	return p.filesShow(c, http.StatusOK, o, "")
}

type filesView struct {
	frame.Shell
	Title, Intro, Heading string
	Problems              []frame.Issue
	Table                 frame.Table
	Field                 frame.Field
	Hidden                map[string]string
	Action                string
}

func (p *Room) filesShow(c *gin.Context, status int, o office.Office, said string) error {
	r := web.From(c)
	v := filesView{Shell: p.Shell(c, here), Title: r.T("setup.edit.files"), Intro: r.T("setup.files.intro", "host", p.Web.Base.Host), Heading: r.T("console.problems"),
		Action: frame.Root + here + "/files", Hidden: version(o)}
	v.Shell.Crumb("", v.Title)
	v.Table = frame.Table{Caption: r.T("setup.files.there"), Empty: r.T("setup.files.none"), Head: frame.Heads(r, ".setup.file", ".setup.file.content")}
	for _, f := range o.VerifyFiles {
		hidden := version(o)
		hidden["name"] = f.Name
		v.Table.Rows = append(v.Table.Rows, frame.Row{Cells: []frame.Cell{{Text: "/" + f.Name, Href: "/" + f.Name, Code: true}, {Text: f.Content, Code: true}},
			Actions: []frame.Action{{Path: frame.Root + here + "/files/remove", Label: r.T("setup.file.remove"), Quiet: true, Hidden: hidden, What: f.Name}}})
	}
	v.Field = frame.File(r, "file", "setup.file.new", ".txt,text/plain")
	v.Field.Help = r.T("setup.file.help")
	if said != "" {
		v.Field.Wrong(&v.Problems, said)
	}
	return p.Page(c, status, "console-setup-files", v.Title, v)
}

// filesAdd takes a verification file as it was downloaded: its name is its address and its content is served as it is.
func (p *Room) filesAdd(c *gin.Context) error {
	r := web.From(c)
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	o, err := p.Book.Stored(c.Request.Context())
	if err != nil {
		return err
	}
	o.Version = versionOf(form, o.Version)
	name, content, err := upload(c)
	if err != nil {
		return p.filesShow(c, http.StatusUnprocessableEntity, o, r.T("setup.file.none"))
	}
	o.VerifyFiles = append(slices.DeleteFunc(slices.Clone(o.VerifyFiles), func(f office.File) bool { return f.Name == name }), office.File{Name: name, Content: content})
	err = p.save(c, o, "settings-file", here+"/files")
	if e := refused(err); e != nil {
		kept, err := p.Book.Stored(c.Request.Context())
		if err != nil {
			return err
		}
		return p.filesShow(c, e.Kind.Status(), kept, r.T(e.Fields["files"]))
	}
	return err
}

var errNoFile = errors.New("settings: no file")

func upload(c *gin.Context) (name, content string, err error) {
	h, err := c.FormFile("file")
	if err != nil {
		return "", "", err
	}
	if h.Size == 0 || h.Size > 4<<10 {
		return path.Base(h.Filename), "", errNoFile
	}
	f, err := h.Open()
	if err != nil {
		return "", "", err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	return path.Base(strings.ReplaceAll(h.Filename, `\`, "/")), string(b), err
}

func (p *Room) filesRemove(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	o, err := p.Book.Stored(c.Request.Context())
	if err != nil {
		return err
	}
	o.Version = versionOf(form, o.Version)
	o.VerifyFiles = slices.DeleteFunc(slices.Clone(o.VerifyFiles), func(f office.File) bool { return f.Name == form.Get("name") })
	return p.save(c, o, "settings-file-remove", here+"/files")
}
