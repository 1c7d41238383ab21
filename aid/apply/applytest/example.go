// Package applytest makes whole, valid applications for tests: of this room, of the API and of the journeys.
package applytest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"mashang/aid/apply"
	"mashang/aid/apply/form"
)

// ID is a well-formed identity number (GB 11643) of nobody: its district, 990121, is in no province.
func ID(birth time.Time, n int) string {
	s := fmt.Sprintf("990121%s%03d", birth.Format("20060102"), n%1000)
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += w * int(s[i]-'0')
	}
	return s + string("10X98765432"[sum%11])
}

const given = "建明秀兰国强玉英志远春花大山小梅文斌丽华"

// name is an invented name.
func name(n int) string {
	surnames, letters := []rune("张王李赵刘陈杨黄周吴"), []rune(given)
	return string([]rune{surnames[n%len(surnames)], letters[(n/10)%len(letters)], letters[(n*7+3)%len(letters)]})
}

func born(year, n int) time.Time {
	return time.Date(year, time.Month(1+n%12), 1+n%28, 0, 0, 0, 0, time.UTC)
}

// Example is application number n of a programme at a place: a household of four with everything filled in. It can
// be filed as it is; village is the 12-digit code of the hukou.
func Example(programme, place, village string, n int) apply.Application {
	a := apply.Application{Programme: programme, Place: place, For: apply.For{Kind: "self"}, IdempotencyKey: "example-" + strconv.Itoa(n)}
	if programme != "dibao" {
		a.Answers = map[string]any{"who": name(n), "where": "杏林村便民服务点", "what": "家里没有吃的了", "phone": "13855550012"}
		return a
	}
	self, spouse, child, parent := name(n), name(n+1), name(n+2), name(n+3)
	a.Answers = map[string]any{
		"kin": "no",
		"applicant": map[string]any{
			"name": self, "id": ID(born(1971, n), n), "phone": fmt.Sprintf("138%08d", 55550000+n), "hukou": village,
			"address": "杏林村三组 12 号", "health": []any{"chronic"}, "work": "casual",
		},
		"causes":    []any{"illness", "labour"},
		"type":      "family",
		"story":     "去年冬天起干不了重活。",
		"household": map[string]any{"alone": "no", "supporters": "yes"},
		"members": []any{
			map[string]any{"name": spouse, "relation": "spouse", "id": ID(born(1973, n), n+1), "health": []any{"well"}, "work": "farm"},
			map[string]any{"name": child, "relation": "child", "id": ID(born(2014, n), n+2), "health": []any{"well"}, "work": "school"},
			map[string]any{"name": parent, "relation": "parent", "id": ID(born(1944, n), n+3), "health": []any{"serious", "disabled"}, "work": "unable"},
		},
		"supporters": []any{
			map[string]any{"name": name(n + 4), "relation": "sibling", "phone": "13955550034", "pays_month": "200"},
		},
		"incomes": []any{
			map[string]any{"who": self, "has": []any{"wages", "transfers"}, "wages": "9600", "transfers": "300.50"},
			map[string]any{"who": spouse, "has": []any{"business"}, "business": "4200"},
			map[string]any{"who": child, "has": []any{"none"}},
			map[string]any{"who": parent, "has": []any{"transfers"}, "transfers": "2160"},
		},
		"savings":  map[string]any{"has": []any{"deposits", "insurance"}, "deposits": "3500", "insurance": "0"},
		"things":   map[string]any{"vehicles": "yes", "houses": "yes"},
		"vehicles": []any{map[string]any{"owner": self, "kind": "electric", "price": "2300"}},
		"houses":   []any{map[string]any{"owner": parent, "address": "杏林村三组 12 号", "area": 96, "kind": "own"}},
		"expenses": map[string]any{"has": []any{"medical", "education"}, "medical": "7400", "education": "1250", "note": "老人住院一次。"},
		"bank":     map[string]any{"holder": self, "name": "云溪农村信用社柳河分社", "account": fmt.Sprintf("62284800%011d", n)},
	}
	d := apply.Desk{}
	asked, _ := d.Form(programme)
	for i, who := range []string{"applicant", "members.0", "members.1", "members.2"} {
		c := form.Consent{Member: who, Version: asked.Version, Name: []string{self, spouse, self, parent}[i]}
		a.Consents = append(a.Consents, c)
	}
	return a
}

// Pages gives the application as a browser posts it, page by page in the form's order.
func Pages(a apply.Application) (keys []string, posted map[string]url.Values) {
	all := url.Values{}
	spread(all, "", a.Answers)
	for key, s := range map[string]string{"kind": a.For.Kind, "name": a.For.Name, "phone": a.For.Phone, "relation": a.For.Relation, "unit": a.For.Unit} {
		if s != "" {
			all.Set("for."+key, s)
		}
	}
	if a.For.Entrust {
		all.Set("for.entrusted", "yes")
	}
	people := []string{textOf(a.Answers, "applicant")}
	if members, ok := a.Answers["members"].([]any); ok {
		for _, m := range members {
			people = append(people, m.(map[string]any)["name"].(string))
		}
	}
	for i, c := range a.Consents {
		path := fmt.Sprintf("consents.%d.", i)
		all.Set(path+"who", people[i])
		all.Set(path+"name", c.Name)
		all.Set(path+"agree", "yes")
	}
	posted = map[string]url.Values{}
	d := apply.Desk{}
	asked, _ := d.Form(a.Programme)
	for _, p := range asked.Pages {
		keys = append(keys, p.Key)
		posted[p.Key] = url.Values{}
		for _, f := range p.Fields {
			for path, typed := range all {
				if path == f.Key || f.Kind == form.Rows && len(path) > len(f.Key) && path[:len(f.Key)+1] == f.Key+"." {
					posted[p.Key][path] = slices.Clone(typed)
				}
			}
		}
	}
	return keys, posted
}

func textOf(answers map[string]any, group string) string {
	m, _ := answers[group].(map[string]any)
	s, _ := m["name"].(string)
	return s
}

func spread(out url.Values, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			next := key
			if path != "" {
				next = path + "." + key
			}
			spread(out, next, v[key])
		}
	case []any:
		for i, one := range v {
			if _, row := one.(map[string]any); row {
				spread(out, path+"."+strconv.Itoa(i), one)
			} else {
				out.Add(path, fmt.Sprint(one))
			}
		}
	default:
		out.Set(path, fmt.Sprint(v))
	}
}

// Photo is a JPEG of that size in which the upper left corner is red, so that a test sees which way is up.
func Photo(width, height int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{240, 236, 224, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, 0, width/4, height/4), image.NewUniform(color.RGBA{200, 30, 30, 255}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}
