package roster

import (
	"context"
	"fmt"
	"strconv"

	"mashang/i18n"
)

// differ compares a list with what stands in its villages now. People are told by the keyed hash of their name; of
// several with one name, those with the same figures are taken together first.
func (b *Board) differ(ctx context.Context, l *looker) error {
	for _, village := range l.order {
		list := l.lists[village]
		standing, err := selectStanding(ctx, b.DB, village, list.Programme, list.Kind, b.Now())
		if err != nil {
			return err
		}
		before := map[string][]lineOf{}
		for _, one := range standing {
			before[one.hash] = append(before[one.hash], one)
		}
		var open []int
		for i, e := range list.entries {
			if at := sameLine(before[list.hashes[i]], e); at >= 0 {
				before[list.hashes[i]] = drop(before[list.hashes[i]], at)
				l.out.Same++
				continue
			}
			open = append(open, i)
		}
		for _, i := range open {
			e := list.entries[i]
			if was := before[list.hashes[i]]; len(was) > 0 {
				before[list.hashes[i]] = drop(was, 0)
				l.out.Changed++
				l.change(Change{Village: village, Name: e.Name, What: "changed", Old: figures(was[0].Entry), New: figures(e)})
				continue
			}
			l.out.New++
			l.change(Change{Village: village, Name: e.Name, What: "new", New: figures(e)})
		}
		for _, one := range standing {
			if len(before[one.hash]) > 0 {
				before[one.hash] = drop(before[one.hash], 0)
				l.out.Gone++
				l.change(Change{Village: village, Name: one.Name, What: "gone", Old: figures(one.Entry)})
			}
		}
	}
	return nil
}

func (l *looker) change(c Change) {
	if len(l.out.Changes) < mostChanges {
		l.out.Changes = append(l.out.Changes, c)
	}
}

// lineOf is an entry that stands, with the hash of its name.
type lineOf struct {
	Entry
	hash string
}

func sameLine(all []lineOf, e Entry) int {
	for i, one := range all {
		if one.HouseholdSize == e.HouseholdSize && one.Persons == e.Persons && one.Class == e.Class && one.Cents == e.Cents {
			return i
		}
	}
	return -1
}

func drop(all []lineOf, at int) []lineOf { return append(all[:at:at], all[at+1:]...) }

func figures(e Entry) string {
	return fmt.Sprintf("%s/%s %s %s", headcount(e.HouseholdSize), headcount(e.Persons), e.Class, i18n.Money(i18n.Hans, e.Cents))
}

// headcount writes a number of people, with a dash for one the list does not say.
func headcount(n int) string {
	if n == 0 {
		return "—"
	}
	return strconv.Itoa(n)
}
