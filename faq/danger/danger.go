// Package danger recognises that somebody is in danger, before anything else
// is made of what they wrote: dialects, slips of the hand, three languages.
package danger

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"mashang/platform/text"
)

// The classes of danger, in the order in which they win over one another.
const (
	Suicide  = "suicide"
	GasFire  = "gas_fire"
	Medical  = "medical"
	Violence = "dv"
	Assault  = "assault"
	Child    = "child"
	Elder    = "elder"
	Shelter  = "shelter"
	Hunger   = "hunger"
)

// Classes lists all classes, the most pressing first.
func Classes() []string {
	return []string{Suicide, GasFire, Medical, Assault, Violence, Child, Elder, Shelter, Hunger}
}

//go:embed patterns.tsv
var patternsTable string

// script is the form of a question a pattern is matched against.
type script int

const (
	han script = iota
	latin
	pinyin
	scripts
)

type patterns struct {
	danger, denial map[string]*[scripts]*regexp.Regexp
	calm, now      [scripts]*regexp.Regexp // of any class
}

// all are the shipped patterns. A file of the program that does not compile
// is a fault of the build.
var all = sync.OnceValue(func() *patterns {
	p, err := parse(patternsTable)
	if err != nil {
		panic(err)
	}
	return p
})

func parse(table string) (*patterns, error) {
	parts := map[[3]string][]string{}
	for n, line := range strings.Split(table, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("danger: line %d: want four columns, got %d", n+1, len(f))
		}
		key := [3]string(f[:3])
		parts[key] = append(parts[key], f[3])
	}
	p := &patterns{danger: map[string]*[scripts]*regexp.Regexp{}, denial: map[string]*[scripts]*regexp.Regexp{}}
	for key, list := range parts {
		re, err := regexp.Compile(strings.Join(list, "|"))
		if err != nil {
			return nil, fmt.Errorf("danger: %s %s: %w", key[0], key[1], err)
		}
		at, ok := map[string]script{"han": han, "latin": latin, "pinyin": pinyin}[key[1]]
		if !ok {
			return nil, fmt.Errorf("danger: no script is called %q", key[1])
		}
		switch class, sign := key[0], key[2]; {
		case class == "any" && sign == "-":
			p.calm[at] = re
		case class == "any" && sign == "now":
			p.now[at] = re
		case sign == "+":
			put(p.danger, class, at, re)
		case sign == "-":
			put(p.denial, class, at, re)
		default:
			return nil, fmt.Errorf("danger: no sign is written %q", sign)
		}
	}
	return p, nil
}

func put(m map[string]*[scripts]*regexp.Regexp, class string, at script, re *regexp.Regexp) {
	if m[class] == nil {
		m[class] = new([scripts]*regexp.Regexp)
	}
	m[class][at] = re
}

// english is a word that ends as none of pinyin does.
var english = regexp.MustCompile(`[bcdfhjklmpqstvwxyz]\b`)

// around are words before and behind what somebody says has happened.
var around = regexp.MustCompile(`^(请问|请教|想问|问|一下|下|你好|您好|在吗|我跟你说|跟你说|告诉你|哎呀|唉|喂|天哪|老师|同志|领导|，)+|(怎么办|咋办|咋整|咋个办|点算|点算好|该怎么办|怎么弄|帮帮我|帮帮忙|求求你们?|急+|在线等|谢谢|啊|呀|呢|啦|吧)+$`)

// forms returns folded text as each script sees it.
func forms(folded string) [scripts]string {
	var f [scripts]string
	f[han], f[latin] = text.Scripts(folded)
	if f[han] == "" && !english.MatchString(f[latin]) {
		f[pinyin] = strings.ReplaceAll(f[latin], " ", "")
	}
	return f
}

// Recognise returns the class of danger that a question speaks of, "" for
// none. It takes the question as typed. One with the wrong characters of the
// right sound, or in pinyin, is heard as it would sound.
func Recognise(question string) string {
	f := forms(text.Fold(question))
	if class := recognise(&f); class != "" {
		return class
	}
	bare := f[han]
	for trimmed := around.ReplaceAllString(bare, ""); trimmed != bare; trimmed = around.ReplaceAllString(bare, "") {
		bare = trimmed
	}
	for _, again := range []string{bare, corrected(bare), spelt(f[latin])} {
		if again == "" || again == f[han] {
			continue
		}
		if class := recognise(&[scripts]string{han: again}); class != "" {
			return class
		}
	}
	return ""
}

func recognise(f *[scripts]string) string {
	p := all()
	calm, now := match(&p.calm, f), match(&p.now, f)
	for _, class := range Classes() {
		if !match(p.danger[class], f) || match(p.denial[class], f) {
			continue
		}
		// Talk of ending one's life is never taken for talk of the past.
		if class != Suicide && calm && !now {
			continue
		}
		return class
	}
	return ""
}

func match(res *[scripts]*regexp.Regexp, f *[scripts]string) bool {
	if res == nil {
		return false
	}
	for at, re := range res {
		if re != nil && f[at] != "" && re.MatchString(f[at]) {
			return true
		}
	}
	return false
}
