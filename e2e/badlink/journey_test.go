package badlink_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// apply goes from the poster to the receipt.
func (p *person) apply() error {
	if err := p.open("/apply/gaoling"); err != nil {
		return err
	}
	for try := 0; !strings.HasPrefix(p.where(), "/apply/gaoling/"); try++ {
		if try > 10 {
			return errors.New("the application never began")
		}
		p.reads()
		if _, err := ask[bool](p, `(b=>{ if (b) b.click(); return !!b })(document.querySelector('form[action*="/start"] button'))`); err != nil {
			return err
		}
		p.until(20*time.Second, `location.pathname.startsWith("/apply/gaoling/")`)
		if !p.stands(20 * time.Second) {
			if err := p.open("/apply/gaoling"); err != nil {
				return err
			}
		}
	}
	for range 60 {
		if !p.stands(25 * time.Second) {
			if err := p.open(p.path()); err != nil {
				return err
			}
		}
		at := p.where()
		p.note("at %s", at)
		switch {
		case strings.HasPrefix(at, "/status/"):
			return nil
		case strings.HasSuffix(at, "/papers"):
			if err := p.photograph(); err != nil {
				return err
			}
		case strings.HasSuffix(at, "/check"):
			if err := p.on("submit"); err != nil {
				return err
			}
			continue
		case at == "/apply" || at == "/apply/gaoling" || at == "/apply/later" || at == "/apply/resume":
			if err := p.open("/apply"); err != nil {
				return err
			}
			if _, err := ask[bool](p, `(a=>{ if (a) a.click(); return !!a })(document.querySelector('main .mz-note--warn a.mz-btn'))`); err != nil {
				return err
			}
			p.until(20*time.Second, `location.pathname != "/apply"`)
			continue
		default:
			if err := p.answer(); err != nil {
				return err
			}
		}
		if err := p.on("next"); err != nil {
			return err
		}
	}
	return errors.New("the application never came to its end")
}

func (p *person) where() string {
	s, _ := ask[string](p, `location.pathname`)
	return s
}

// on presses a button and waits for what comes of it; on an error page it goes back and tries again.
func (p *person) on(button string) error {
	from := p.where()
	p.note("press %s", button)
	if err := p.press(button); err != nil {
		return err
	}
	p.until(30*time.Second, fmt.Sprintf(`location.pathname != %q || !!document.querySelector(".is-bad,.mz-note--warn[role=alert],[data-sent]") && document.readyState=="complete"`, from))
	if p.stands(20 * time.Second) {
		if p.meets(back, .25) {
			return p.goBack()
		}
		return nil
	}
	p.note("no page after %s at %s", button, from)
	return p.open(from)
}

// goBack presses back, changes an answer there and goes on.
func (p *person) goBack() error {
	if n, _ := ask[int](p, `history.length`); n < 3 {
		p.note("nothing to go back to")
		return nil
	}
	_, _ = ask[bool](p, `(history.back(), true)`)
	time.Sleep(time.Second)
	if !p.stands(25 * time.Second) {
		return p.open("/apply")
	}
	for name, v := range p.due() {
		if strings.HasSuffix(name, ".address") || name == "bank.name" {
			p.answers[name] = v + "改"
			if err := p.type_(map[string]string{name: p.answers[name]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// answer fills a page, and something happens meanwhile.
func (p *person) answer() error {
	typed := p.due()
	p.reads()
	if err := p.type_(typed); err != nil {
		return err
	}
	if len(typed) == 0 {
		return nil
	}
	script := p.script()
	switch {
	case p.meets(killed, .4):
		if script || p.bare {
			p.settle()
		}
		if err := p.kill(); err != nil {
			return err
		}
		return p.still(typed)
	case p.meets(offline, .4):
		p.off(time.Duration(3+p.rnd.IntN(6)) * time.Second)
		return p.still(typed)
	case script && p.faults[offline] > 0 && p.faults[killed] > 0 && p.rnd.IntN(2) == 0: // both: typed without a network, and killed
		p.faults[offline]--
		p.faults[killed]--
		p.met[offline]++
		p.met[killed]++
		p.note("! killed while offline")
		p.link.offline(true)
		for name := range typed {
			if strings.HasSuffix(name, ".address") || strings.HasSuffix(name, ".relation") {
				p.answers[name] += "补"
				typed[name] = p.answers[name]
			}
		}
		if err := p.type_(typed); err != nil {
			return err
		}
		p.settle()
		p.link.offline(false)
		if err := p.kill(); err != nil {
			return err
		}
		return p.still(typed)
	case len(typed) > 1 && p.meets(twoTabs, .5):
		return p.inTwoTabs(typed)
	}
	return nil
}

// inTwoTabs changes one answer here and another in a second window, and sends both.
func (p *person) inTwoTabs(typed map[string]string) error {
	path := p.where()
	first, endFirst := p.tab, p.endTab
	if p.script() {
		p.settle()
	} else if err := p.saveHere(); err != nil {
		return err
	}
	if err := p.newTab(path); err != nil {
		return err
	}
	second, endSecond := p.tab, p.endTab
	p.reads()
	var names []string
	for name := range typed {
		if strings.HasSuffix(name, ".address") || strings.HasSuffix(name, ".phone") || name == "bank.name" || name == "applicant.name" || name == "bank.holder" || name == "for.relation" || name == "for.name" {
			names = append(names, name)
		}
	}
	if len(names) < 2 {
		endSecond()
		p.tab, p.endTab = first, endFirst
		return nil
	}
	change := func(name string) map[string]string {
		v := p.answers[name]
		if strings.HasSuffix(name, ".phone") {
			v = v[:10] + string('0'+(v[10]-'0'+1)%10)
		} else {
			v += "二"
		}
		p.answers[name] = v
		return map[string]string{name: v}
	}
	if err := p.type_(change(names[0])); err != nil {
		return err
	}
	p.tab = first
	if err := p.type_(change(names[1])); err != nil {
		return err
	}
	if err := p.saveHere(); err != nil {
		return err
	}
	p.tab = second
	if err := p.saveHere(); err != nil {
		return err
	}
	endFirst()
	p.tab, p.endTab = second, endSecond
	return p.open(path)
}

// saveHere sends the page as it stands, and waits until that was heard.
func (p *person) saveHere() error {
	from := p.where()
	if p.script() {
		p.settle()
		p.until(45*time.Second, `(()=>{ try { return !localStorage.getItem("mz-box") } catch (e) { return true } })()`)
		return nil
	}
	for range 4 {
		if err := p.press("next"); err != nil {
			return err
		}
		if p.until(25*time.Second, fmt.Sprintf(`location.pathname != %q`, from)) && p.stands(20*time.Second) {
			return p.open(from)
		}
		if !p.stands(time.Second) {
			_, _ = ask[bool](p, `(history.back(), true)`)
			p.stands(20 * time.Second)
		}
	}
	return nil
}

// kept is how many photos of a kind the page shows as saved or on their way.
func (p *person) kept(kind string) int {
	n, _ := ask[int](p, `(c=>c ? c.querySelectorAll(".mz-doc").length + c.querySelectorAll(".mz-job").length : -1)(document.querySelector('[data-kind=%q]'))`, kind)
	return n
}

// photograph takes each photo, and something happens when the picker opens, or while it is sent.
func (p *person) photograph() error {
	script := p.script()
	p.reads()
	for _, kind := range []string{"id_front", "id_back", "bankcard"} {
		for i, file := range p.photos[kind] {
			if p.chosen[kind] > i {
				continue
			}
			if p.meets(picker, .4) { // the picker never gives anything back: the page is gone
				_, _ = ask[bool](p, `(e=>{ if (e) e.dispatchEvent(new Event("touchstart",{bubbles:true})); return true })(document.querySelector('[data-kind=%q] input[type=file]'))`, kind)
				if err := p.kill(); err != nil {
					return err
				}
			}
			if err := p.take(kind, file, script); err != nil {
				return err
			}
			p.chosen[kind] = i + 1
		}
	}
	if !script || p.rnd.IntN(3) > 0 {
		return nil
	}
	p.until(60*time.Second, `!document.querySelector(".mz-job")`) // some wait, some go on at once
	return nil
}

// take chooses one photo, and looks after it until it is kept.
func (p *person) take(kind, file string, script bool) error {
	gave := false
	for range 8 {
		ctx, cancel := context.WithTimeout(p.tab, 20*time.Second)
		err := chromedp.Do(ctx, chromedp.SetUploadFiles(chromedp.CSS(fmt.Sprintf(`[data-kind=%q] input[type=file]`, kind)), []string{file}))
		cancel()
		if err != nil {
			if err := p.open("/apply/gaoling/papers"); err != nil {
				return err
			}
			continue
		}
		if gave {
			p.again()
		}
		gave = true
		if !script {
			if p.send(kind) {
				return nil
			}
			continue
		}
		shown := p.until(20*time.Second, fmt.Sprintf(`(c=>!!c && c.querySelectorAll(".mz-doc,.mz-job").length > 0)(document.querySelector('[data-kind=%q]'))`, kind))
		switch {
		case !shown:
			p.note("the script never took %s", kind)
			if err := p.open("/apply/gaoling/papers"); err != nil {
				return err
			}
			if p.kept(kind) > 0 {
				return nil
			}
			continue
		case p.meets(killed, .5):
			p.settle()
			time.Sleep(time.Duration(p.rnd.IntN(3000)) * time.Millisecond)
			if err := p.kill(); err != nil {
				return err
			}
		case p.meets(offline, .5):
			time.Sleep(time.Duration(p.rnd.IntN(2500)) * time.Millisecond)
			p.off(time.Duration(3+p.rnd.IntN(5)) * time.Second)
		default:
			return nil
		}
		if p.until(30*time.Second, fmt.Sprintf(`(c=>!!c && c.querySelectorAll(".mz-doc,.mz-job").length > 0)(document.querySelector('[data-kind=%q]'))`, kind)) {
			return nil
		}
	}
	return errors.New("no photo could be sent")
}

// send posts the plain form, as without script, and tells whether the page says that the photo is kept.
func (p *person) send(kind string) bool {
	_, _ = p.within(10*time.Second, chromedp.Click(chromedp.CSS(fmt.Sprintf(`[data-kind=%q] form[enctype] button`, kind))))
	time.Sleep(500 * time.Millisecond)
	if p.meets(offline, .5) {
		p.off(time.Duration(2+p.rnd.IntN(4)) * time.Second)
	} else if p.meets(killed, .5) {
		time.Sleep(time.Duration(p.rnd.IntN(4000)) * time.Millisecond)
		if p.kill() != nil {
			return false
		}
	}
	saved := fmt.Sprintf(`location.protocol=="http:" && (c=>!!c && c.querySelectorAll(".mz-doc").length > 0)(document.querySelector('[data-kind=%q]'))`, kind)
	if p.until(30*time.Second, saved) {
		return true
	}
	return p.open("/apply/gaoling/papers") == nil && p.kept(kind) > 0
}
