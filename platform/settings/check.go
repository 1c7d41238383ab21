package settings

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"mashang/platform/problem"
)

const (
	maxName    = 60
	maxDomains = 10
	maxFiles   = 10
	maxSteps   = 30
)

// province is how a filing number (备案号) begins.
const province = `[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]`

// patterns are compiled where they are used, once per save: a few microseconds.
const (
	icpForm     = `^` + province + `ICP[备证]\d{6,10}号(-\d{1,3})?$`
	policeForm  = `^` + province + `公网安备\d{14}号$`
	hotlineForm = `^\+?\d[\d -]{1,18}\d$`
	colourForm  = `^#[0-9a-f]{6}$`
	domainForm  = `^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`
	fileForm    = `^(MP_verify_|WW_verify_)?[A-Za-z0-9]{8,32}\.txt$`
	contentForm = `^[A-Za-z0-9]{8,64}$`
	langForm    = `^[a-z]{2,3}(-[A-Za-z]{2,8})?$`
	stepForm    = `^[a-z][a-z0-9._-]{0,39}$`
)

func fits(form, text string) bool { return regexp.MustCompile(form).MatchString(text) }

// tidy takes away what people paste along, such as spaces and https://. It changes
// no meaning.
func (o Office) tidy() Office {
	o.County, o.Issuer = trimmed(o.County), trimmed(o.Issuer)
	o.Hotline = strings.TrimSpace(o.Hotline)
	o.ICP = filing(o.ICP)
	o.PoliceFiling = filing(o.PoliceFiling)
	o.Colour = strings.ToLower(strings.TrimSpace(o.Colour))
	var domains []string
	for _, d := range o.OtherDomains {
		d = strings.ToLower(strings.TrimSpace(d))
		d = strings.TrimPrefix(strings.TrimPrefix(d, "https://"), "http://")
		if d = strings.TrimRight(d, "/."); d != "" && !slices.Contains(domains, d) {
			domains = append(domains, d)
		}
	}
	o.OtherDomains = domains
	var files []File
	for _, f := range o.VerifyFiles {
		f.Name, f.Content = strings.TrimSpace(f.Name), strings.TrimSpace(strings.TrimPrefix(f.Content, "\ufeff"))
		if f != (File{}) {
			files = append(files, f)
		}
	}
	o.VerifyFiles = files
	o.SetUp = slices.Compact(slices.Sorted(slices.Values(o.SetUp)))
	return o
}

func trimmed(texts map[string]string) map[string]string {
	out := map[string]string{}
	for lang, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			out[lang] = text
		}
	}
	return out
}

// filing is a filing number without the spaces, the small letters and the
// traditional characters people type; it is issued in simplified ones.
func filing(s string) string {
	return strings.NewReplacer("icp", "ICP", "備", "备", "證", "证", "號", "号", "網", "网", "滬", "沪", "遼", "辽", "魯", "鲁", "蘇", "苏",
		"贛", "赣", "晉", "晋", "陝", "陕", "閩", "闽", "貴", "贵", "粵", "粤", "寧", "宁", "瓊", "琼", "雲", "云").Replace(strings.Join(strings.Fields(s), ""))
}

// check says in words what is wrong, field by field.
func (o Office) check() error {
	bad := map[string]string{}
	for field, texts := range map[string]map[string]string{"county": o.County, "issuer": o.Issuer} {
		for lang, text := range texts {
			switch {
			case !fits(langForm, lang):
				bad[field] = "settings.language.unknown"
			case utf8.RuneCountInString(text) > maxName:
				bad[field] = "settings.name.long"
			case !plain(text):
				bad[field] = "settings.name.strange"
			}
		}
	}
	for _, one := range []struct{ field, text, form, key string }{
		{"hotline", o.Hotline, hotlineForm, "settings.hotline.invalid"},
		{"icp", o.ICP, icpForm, "settings.icp.invalid"},
		{"police", o.PoliceFiling, policeForm, "settings.police.invalid"},
		{"colour", o.Colour, colourForm, "settings.colour.invalid"},
	} {
		if one.text != "" && !fits(one.form, one.text) {
			bad[one.field] = one.key
		}
	}
	if len(o.Languages) > maxSteps || slices.ContainsFunc(o.Languages, func(l string) bool { return !fits(langForm, l) }) {
		bad["languages"] = "settings.language.unknown"
	}
	if bad["colour"] == "" && o.Colour != "" && contrast(o.Colour) < 4.5 {
		bad["colour"] = "settings.colour.faint"
	}
	o.Texts.check(bad)
	o.checkDomains(bad)
	o.checkFiles(bad)
	if len(o.SetUp) > maxSteps || slices.ContainsFunc(o.SetUp, func(s string) bool { return !fits(stepForm, s) }) {
		bad["set_up"] = "settings.step.invalid"
	}
	if len(o.Emblem) > 0 && !ours(o.Emblem) {
		bad["emblem"] = "settings.emblem.kind"
	}
	if len(bad) > 0 {
		return &problem.Error{Kind: problem.Invalid, Key: "settings.invalid", Fields: bad}
	}
	return nil
}

func (o Office) checkDomains(bad map[string]string) {
	if len(o.OtherDomains) > maxDomains {
		bad["domains"] = "settings.domains.many"
	}
	for _, d := range o.OtherDomains {
		if len(d) > 253 || !fits(domainForm, d) {
			bad["domains"] = "settings.domain.invalid"
		}
	}
}

// checkFiles lets through only what a verifier could ask for: a name that can hide
// no page of ours, and a content that a browser can make nothing of.
func (o Office) checkFiles(bad map[string]string) {
	if len(o.VerifyFiles) > maxFiles {
		bad["files"] = "settings.files.many"
	}
	seen := map[string]bool{}
	for _, f := range o.VerifyFiles {
		word := strings.TrimSuffix(f.Name, ".txt")
		switch {
		case !fits(fileForm, f.Name) || word == "security":
			bad["files"] = "settings.file.name"
		case !fits(contentForm, f.Content):
			bad["files"] = "settings.file.content"
		case strings.Contains(word, "_verify_") && word[len("MP_verify_"):] != f.Content:
			bad["files"] = "settings.file.content"
		case seen[f.Name]:
			bad["files"] = "settings.file.twice"
		}
		seen[f.Name] = true
	}
}

func plain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) || r == utf8.RuneError })
}

// contrast is WCAG's ratio of white on a colour #rrggbb.
func contrast(colour string) float64 {
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		return 0
	}
	part := func(v uint64) float64 {
		c := float64(v&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	light := 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
	return 1.05 / (light + 0.05)
}
