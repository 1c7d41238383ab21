package apply

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/aid/apply/consent"
	"mashang/aid/apply/form"
	"mashang/aid/cases"
	"mashang/platform/problem"
)

func consentPath(i int) string { return "consents." + strconv.Itoa(i) }

func paperPath(i int) string { return "papers." + strconv.Itoa(i) }

// whole checks an application that comes in one piece, with all its problems at once.
func (d *Desk) whole(f *form.Form, a Application) (Document, error) {
	var problems []form.Problem
	spot, err := d.placed(a.Place)
	if err != nil {
		var told *problem.Error
		if !errors.As(err, &told) {
			return Document{}, err
		}
		problems = append(problems, form.Problem{Field: "place", Key: told.Fields["place"]})
	}
	x := f.Flatten(a.Answers)
	problems = append(problems, x.Problems...)
	setFor(x.Values, a.For)
	c := d.checker()
	more := signed(f, x.Values, c, a)
	problems = append(problems, more...)

	r := f.Read(x.Values, c, true)
	for _, p := range r.Problems {
		if !slices.ContainsFunc(problems, func(known form.Problem) bool { return covers(known.Field, p.Field) }) {
			problems = append(problems, outward(p, a, r.Persons))
		}
	}
	if err := told(problems, ""); err != nil {
		return Document{}, err
	}
	doc := documentOf(f, r)
	doc.Place, doc.Division = placeOf(spot), spot.Division.Code
	doc.Consents = r.Consents(f.Version, nil, d.Now())
	for i := range doc.Consents { // the case keeps when it came; the same application again must be the same
		doc.Consents[i].At = givenAt(a.Consents, r.Persons, doc.Consents[i].Member)
	}
	if f.PageOf("consents") != "" {
		doc.given = given{typed: doc.Consents, signers: signers(r), way: consent.ByAPI}
		doc.consents(nil)
	}
	return doc, nil
}

// covers reports whether a known problem already says what is wrong at path.
func covers(known, path string) bool { return known == path || strings.HasPrefix(path, known+".") }

func setFor(v url.Values, who For) {
	set := func(key, s string) {
		if s != "" {
			v.Set("for."+key, s)
		}
	}
	set("kind", who.Kind)
	set("name", who.Name)
	set("phone", who.Phone)
	set("relation", who.Relation)
	set("unit", who.Unit)
	if who.Entrust {
		set("entrusted", "yes")
	}
}

// signed turns the consents of an application into what the signing page would hold. The reader then finds who has
// not signed; only what a page cannot get wrong is checked here.
func signed(f *form.Form, v url.Values, c form.Checker, a Application) []form.Problem {
	var problems []form.Problem
	persons := f.Read(v, c, true).Persons
	page := f.PageOf("consents")
	for i, given := range a.Consents {
		at := memberIndex(persons, given.Member)
		switch {
		case at < 0:
			problems = append(problems, form.Problem{Page: page, Field: consentPath(i) + ".member", Key: "form.error.who"})
			continue
		case given.Version != f.Version:
			problems = append(problems, form.Problem{Page: page, Field: consentPath(i) + ".version", Key: "form.error.consent.version"})
		}
		p := persons[at]
		name := given.Name
		if name == "" { // a program that does not say who signed: an adult does so alone, a child through the applicant
			name = p.Name
			if p.Minor || given.Guardian {
				name = guardian(persons, a.For, at)
			}
		}
		path := consentPath(at) + "."
		v.Set(path+"who", p.Key)
		v.Set(path+"name", name)
		v.Set(path+"agree", "yes")
		if given.Guardian {
			v.Set(path+"guardian", "yes")
		}
	}
	return problems
}

func memberIndex(persons []form.Person, member string) int {
	return slices.IndexFunc(persons, func(p form.Person) bool {
		return member != "" && (p.Path == member || p.Key == member || form.SameName(p.Name, member) || member == "self" && p.Path == "applicant")
	})
}

// guardian is who signs for the person at i when nobody is named: the first adult of the household, or who fills it in.
func guardian(persons []form.Person, who For, i int) string {
	for j, p := range persons {
		if j != i && !p.Minor {
			return p.Name
		}
	}
	return who.Name
}

// outward gives a problem of the signing page the path under which the application has it: consents in the order they
// were sent, and a person who did not sign as a place that is missing.
func outward(p form.Problem, a Application, persons []form.Person) form.Problem {
	rest, ok := strings.CutPrefix(p.Field, "consents.")
	if !ok {
		return p
	}
	number, sub, _ := strings.Cut(rest, ".")
	at, err := strconv.Atoi(number)
	if err != nil {
		return p
	}
	for i, given := range a.Consents {
		if memberIndex(persons, given.Member) == at {
			p.Field = consentPath(i) + "." + sub
			return p
		}
	}
	p.Field = "consents"
	p.Key = "form.error.consent.missing"
	return p
}

func givenAt(given []form.Consent, persons []form.Person, path string) (at time.Time) {
	for _, c := range given {
		if i := memberIndex(persons, c.Member); i >= 0 && persons[i].Path == path {
			return c.At.UTC()
		}
	}
	return at
}

// fileCall takes an emergency that comes by the way of applications.
func (d *Desk) fileCall(ctx context.Context, a Application) (cases.Filed, error) {
	text := func(key string) string { return form.TextAt(a.Answers, key) }
	return d.Emergency(ctx, Emergency{Place: a.Place, Who: text("who"), Where: text("where"), What: text("what"), Phone: text("phone"), IdempotencyKey: a.IdempotencyKey})
}
