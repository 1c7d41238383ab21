package policy

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"mashang/aid/place"
	"mashang/i18n"
)

var (
	eventLine  = regexp.MustCompile(`^[（(]?(\d{4})年(\d{1,2})月(\d{1,2})日\s*(.{0,120}?(?:通过|公布|发布|批准|修订|修正|施行|实施|印发))[）)]*$`)
	orderOf    = regexp.MustCompile(`(?:中华人民共和国)?((?:国务院|\p{Han}{2,12}?(?:部|委员会|局|署|人民政府))令第\d+号)`)
	congress   = regexp.MustCompile(`^(\p{Han}{2,12}?)第\p{Han}{1,4}届(人民代表大会(?:常务委员会)?)`)
	nationwide = regexp.MustCompile(`第\p{Han}{1,4}届(全国人民代表大会(?:常务委员会)?)`)
	byTitle    = regexp.MustCompile(`^(国务院办公厅|国务院|\p{Han}{2,20}?(?:办公厅|办公室|人民政府|委员会|局|厅|部))(?:等.{0,8}部门)?关于`)
	repeals    = regexp.MustCompile(`[^。\n]*(?:同时|即行)?(?:废止|停止执行)[^。\n]*`)
	titles     = regexp.MustCompile(`《((?:[^《》〈〉]|〈[^〈〉]*〉)+)》(?:\s*[（(]([^（）()]{1,14}〔\d{4}〕\s*\d{1,5}号)[）)])?`)
	asPrinted  = regexp.MustCompile(`自(?:发布|公布|印发|下发)之日起\p{Han}{0,2}(?:施行|实施|执行)`)
)

// events takes the lines off that tell when a law was passed, published and came into force, and whose it is: they
// stand between title and text and are no part of it.
func (d *draft) events(doc *Document, lines []line, report *place.Report) []line {
	kept := lines[:0:0]
	for i, l := range lines {
		m := eventLine.FindStringSubmatch(l.text)
		if m == nil || i > 16 || len(kept) > 4 {
			kept = append(kept, l)
			continue
		}
		day, err := time.ParseInLocation("2006-1-2", m[1]+"-"+m[2]+"-"+m[3], i18n.Shanghai)
		if err != nil {
			kept = append(kept, l)
			continue
		}
		what := m[4]
		if strings.HasSuffix(what, "施行") || strings.HasSuffix(what, "实施") {
			if doc.From.IsZero() {
				doc.From = day
				report.Notes.Add(0, doc.ID, "policy.import.since", "from", place.FormatDay(day))
			}
			continue
		}
		if day.After(doc.Published) && d.front["published"] == "" {
			doc.Published = day
		}
		if o := orderOf.FindStringSubmatch(what); o != nil && d.front["number"] == "" {
			doc.Number = o[1]
		}
		if doc.Issuer == "" {
			doc.Issuer = issuerIn(what)
		}
	}
	if m := byTitle.FindStringSubmatch(doc.Title); m != nil && doc.Issuer == "" {
		doc.Issuer = m[1]
	}
	if len(kept) < len(lines) {
		report.Notes.Add(0, doc.ID, "policy.import.about", "published", place.FormatDay(doc.Published), "number", doc.Number, "issuer", doc.Issuer)
	}
	return kept
}

// issuerIn is whose deed a line tells of.
func issuerIn(what string) string {
	if m := nationwide.FindStringSubmatch(what); m != nil {
		return m[1]
	}
	if m := congress.FindStringSubmatch(what); m != nil {
		return m[1] + m[2]
	}
	if strings.Contains(what, "国务院") {
		return "国务院"
	}
	return ""
}

// repealed lists the titles and numbers of what a document puts out of force.
func (d Document) repealed() []Cited {
	var all []Cited
	for _, a := range d.Articles[max(0, len(d.Articles)-4):] {
		for _, sentence := range repeals.FindAllString(a.Text, -1) {
			for _, m := range titles.FindAllStringSubmatch(sentence, -1) {
				all = append(all, Cited{Title: m[1], Number: m[2]})
			}
		}
	}
	return all
}

// Cited is a document as another one names it.
type Cited struct{ Title, Number string }

// names tells whether c names d. Two with one title are told apart by their days: nothing repeals itself.
func (c Cited) names(d Document) bool {
	if c.Number != "" && d.Number != "" {
		return plainNumber(c.Number) == plainNumber(d.Number)
	}
	return plainTitle(c.Title) == plainTitle(d.Title)
}

// plainNumber writes 〔2021〕57 号 and [2021]57号 alike.
func plainNumber(s string) string {
	return strings.NewReplacer("[", "〔", "]", "〕", "（", "〔", "）", "〕", "(", "〔", ")", "〕", " ", "", "第", "").Replace(s)
}

func plainTitle(s string) string {
	return strings.NewReplacer("（", "(", "）", ")", "〈", "", "〉", "", " ", "", "中华人民共和国", "").Replace(s)
}

// connect tells how a document that is read stands to those of the shelf: what it replaces, what replaces it, and
// which are the same. One that is replaced by a document in force is entered as expired on the day before.
func (s *Shelf) connect(d *Document, stated bool, now time.Time, report *place.Report) {
	for _, c := range d.repealed() {
		for _, old := range s.documents {
			if old.ID != d.ID && c.names(old) && !slices.Contains(d.Replaces, old.ID) && !(d.From.IsZero() || old.From.After(d.From)) {
				d.Replaces = append(d.Replaces, old.ID)
				if old.Citable(now) {
					report.Notes.Add(0, d.ID, "policy.import.replaces", "title", old.Title, "id", old.ID)
				}
			}
		}
	}
	for _, other := range s.documents {
		if other.ID == d.ID {
			continue
		}
		for _, c := range other.repealed() {
			if !c.names(*d) || other.State == Expired || other.From.IsZero() || !d.From.Before(other.From) {
				continue
			}
			if !stated && !now.Before(other.From) {
				d.State = Expired
				if d.To.IsZero() {
					d.To = other.From.AddDate(0, 0, -1)
				}
			}
			report.Notes.Add(0, d.ID, "policy.import.replaced", "title", other.Title, "id", other.ID)
			break
		}
	}
	for _, same := range s.like(*d) {
		report.Notes.Add(0, d.ID, "policy.import.same", "title", same.Title, "id", same.ID)
	}
}
