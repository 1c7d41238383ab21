package settings

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/api/console/frame"
	"mashang/api/web"
	"mashang/i18n"
	"mashang/platform/problem"
	office "mashang/platform/settings"
)

// emblemBody bounds the form with the emblem. A larger body is not read to its end: the page says so after the first two
// megabytes of a picture that is too big.
const emblemBody = 3 << 20

// ownColour is what our pages and posters have when the office has chosen none.
const ownColour = "#17694f"

// namesForm asks for the names and the emblem. The settings page and the wizard show the same one.
func (p *Room) namesForm(c *gin.Context, o office.Office, wrong *problem.Error) ([]frame.Section, []frame.Issue) {
	r := web.From(c)
	var issues []frame.Issue
	line := func(name, key string, l i18n.Lang, value string) frame.Field {
		f := frame.Line(r, name+"."+string(l), key, value)
		f.ID = "f-" + name + "-" + strings.ToLower(string(l))
		f.Label += dotted(r, l)
		f.Optional = l != i18n.Hans
		return f
	}
	names := frame.Section{Title: r.T("setup.names"), Help: r.T("setup.names.help")}
	for _, one := range []struct {
		name, key string
		texts     map[string]string
	}{{"county", "setup.county", o.County}, {"issuer", "setup.issuer", o.Issuer}} {
		for i, l := range i18n.Langs() {
			f := line(one.name, one.key, l, one.texts[string(l)])
			if i == 0 {
				f.Help = r.T(one.key + ".help")
				refuse(r, &f, &issues, wrong, one.name)
			}
			names.Fields = append(names.Fields, f)
		}
	}
	emblem := frame.File(r, "emblem", "setup.emblem", "image/png,image/jpeg")
	emblem.Help, emblem.Optional = r.T("setup.emblem.help"), true
	refuse(r, &emblem, &issues, wrong, "emblem")
	look := frame.Section{Title: r.T("setup.look"), Fields: []frame.Field{emblem}}
	if o.EmblemID != "" {
		look.Fields = append(look.Fields, frame.Tick(r, "no_emblem", "setup.emblem.remove", false))
	}
	colour := frame.Line(r, "colour", "setup.colour", o.Colour)
	colour.Type, colour.Short, colour.Help = "color", true, r.T("setup.colour.help")
	if o.Colour == "" {
		colour.Value = ownColour
	}
	refuse(r, &colour, &issues, wrong, "colour")
	tongues := frame.Field{Kind: "pick", Many: true, ID: "f-languages", Name: "languages", Label: r.T("setup.languages"), Help: r.T("setup.languages.help")}
	for _, l := range i18n.Langs()[1:] {
		tongues.Options = append(tongues.Options, frame.Option{Value: string(l), Label: r.T("setup.lang." + string(l)), On: len(o.Languages) == 0 || slices.Contains(o.Languages, string(l))})
	}
	look.Fields = append(look.Fields, colour, tongues)
	return []frame.Section{names, look}, issues
}

// refuse puts at a field what is wrong with it.
func refuse(r *web.Request, f *frame.Field, issues *[]frame.Issue, wrong *problem.Error, name string) {
	if wrong == nil {
		return
	}
	key := wrong.Fields[name]
	if key == "" {
		return
	}
	f.Wrong(issues, r.T(key))
}

func (p *Room) namesPage(c *gin.Context) error {
	o, err := p.Book.Stored(c.Request.Context())
	if err != nil {
		return err
	}
	return p.namesShow(c, http.StatusOK, o, nil)
}

func (p *Room) namesShow(c *gin.Context, status int, o office.Office, wrong *problem.Error) error {
	r := web.From(c)
	v := frame.Form{Shell: p.Shell(c, here), Title: r.T("setup.edit.names"), Heading: r.T("console.problems"), Action: frame.Root + here + "/names", Submit: r.T("console.save"),
		Cancel: frame.Root + here, Multipart: true, Hidden: version(o)}
	v.Shell.Crumb("", v.Title)
	v.Sections, v.Problems = p.namesForm(c, o, wrong)
	return p.Page(c, status, "console-form", v.Title, v)
}

func (p *Room) names(c *gin.Context) error {
	o, wrong, err := p.readNames(c)
	if err != nil {
		return err
	}
	if wrong == nil {
		err = p.save(c, o, "settings-names", here)
	}
	if e := refused(err); e != nil {
		wrong, err = e, nil
	}
	if wrong != nil {
		return p.namesShow(c, wrong.Kind.Status(), o, wrong)
	}
	return err
}

// refused is the problem in err when it is about what was typed.
func refused(err error) *problem.Error {
	var e *problem.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		return e
	}
	return nil
}

// readNames reads the form as it comes: the names stand before the picture, so that they are kept when the picture is
// one that cannot be taken.
func (p *Room) readNames(c *gin.Context) (office.Office, *problem.Error, error) {
	o, err := p.Book.Stored(c.Request.Context())
	if err != nil {
		return o, nil, err
	}
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return o, nil, &problem.Error{Kind: problem.Malformed, Key: "error.malformed", Err: err}
	}
	form := url.Values{}
	var wrong *problem.Error
	for wrong == nil {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return o, nil, &problem.Error{Kind: problem.Malformed, Key: "error.malformed", Err: err}
		}
		if part.FormName() == "emblem" {
			if part.FileName() != "" {
				wrong, err = p.takeEmblem(&o, part)
			}
		} else {
			var b []byte
			b, err = io.ReadAll(io.LimitReader(part, 4<<10))
			form.Add(part.FormName(), web.Clean(string(b)))
		}
		if err != nil {
			return o, nil, err
		}
	}
	p.fillNames(&o, form)
	return o, wrong, nil
}

// takeEmblem makes what was uploaded the emblem; what is wrong with it comes back as words for the field.
func (p *Room) takeEmblem(o *office.Office, r io.Reader) (*problem.Error, error) {
	picture, err := p.Book.Emblem(r)
	var e *problem.Error
	if errors.As(err, &e) {
		key := e.Key
		if len(e.Fields) > 0 {
			key = e.Fields["emblem"]
		}
		return &problem.Error{Kind: e.Kind, Key: "settings.invalid", Fields: map[string]string{"emblem": key}}, nil
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &problem.Error{Kind: problem.TooLarge, Key: "settings.invalid", Fields: map[string]string{"emblem": "settings.emblem.big"}}, nil
	}
	if err != nil {
		return nil, err
	}
	o.Emblem, o.EmblemID = picture, "new"
	return nil, nil
}

// fillNames puts what was typed into o. Of a form that broke off after the names, the rest stays as it was.
func (p *Room) fillNames(o *office.Office, form url.Values) {
	o.Version = versionOf(form, o.Version)
	o.County, o.Issuer = map[string]string{}, map[string]string{}
	for _, l := range i18n.Langs() {
		o.County[string(l)], o.Issuer[string(l)] = strings.TrimSpace(form.Get("county."+string(l))), strings.TrimSpace(form.Get("issuer."+string(l)))
	}
	if form.Get("no_emblem") != "" && o.EmblemID != "new" {
		o.Emblem = nil
	}
	if !form.Has("colour") {
		return
	}
	if o.Colour = strings.ToLower(form.Get("colour")); o.Colour == ownColour {
		o.Colour = ""
	}
	o.Languages = append([]string{string(i18n.Hans)}, form["languages"]...)
	if len(o.Languages) == len(i18n.Langs()) {
		o.Languages = nil
	}
}
