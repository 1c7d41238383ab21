package privacy_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"mashang/platform/privacy"
	"mashang/platform/problem"
)

// number completes 17 digits with their check character.
func number(body string) string {
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += w * int(body[i]-'0')
	}
	return body + string("10X98765432"[sum%11])
}

func key(err error) string {
	var e *problem.Error
	if errors.As(err, &e) && e.Kind == problem.Invalid {
		return e.Key
	}
	return fmt.Sprint(err)
}

var today = time.Date(2026, 11, 25, 9, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*3600))

func TestCheckID(t *testing.T) {
	const good = "11010519491231002X" // the standard's own example
	if number(good[:17]) != good {
		t.Fatal("the test's own arithmetic is wrong")
	}
	for _, tt := range []struct{ name, in, want, err string }{
		{"the standard's example", good, good, ""},
		{"small x", "11010519491231002x", good, ""},
		{"full-width", "１１０１０５１９４９１２３１００２Ｘ", good, ""},
		{"full-width small x", "11010519491231002ｘ", good, ""},
		{"grouped with spaces", " 110105 19491231 002X ", good, ""},
		{"ideographic spaces and hyphens", "110105　1949-1231-002X", good, ""},
		{"an unseen character from a copy", "\u200b" + good, good, ""},
		{"leap day", number("99012120000229123"), number("99012120000229123"), ""},
		{"born today", number("99012120261125123"), number("99012120261125123"), ""},
		{"two digits swapped", "11010519491213002X", "", "id.checksum"},
		{"neighbours swapped", "11010591491231002X", "", "id.checksum"},
		{"one digit wrong", "11010519491231003X", "", "id.checksum"},
		{"X where a digit belongs", "110105194912310021", "", "id.checksum"},
		{"born tomorrow", number("99012120261126123"), "", "id.date"},
		{"31 February", number("99012119900231123"), "", "id.date"},
		{"29 February of a common year", number("99012119000229123"), "", "id.date"},
		{"month 13", number("99012119901301123"), "", "id.date"},
		{"day 0", number("99012119900100123"), "", "id.date"},
		{"two hundred years old", number("99012118260101123"), "", "id.date"},
		{"year 0", number("99012100000101123"), "", "id.date"},
		{"17 digits", good[:17], "", "id.length"},
		{"19 digits", good[:17] + "11", "", "id.length"},
		{"fifteen digits of the old kind", "110105491231002", "", "id.length"},
		{"nothing", "", "", "id.length"},
		{"X in the middle", "1101051949123X0021", "", "id.char"},
		{"a letter", "11010519491231O02X", "", "id.char"},
		{"Chinese digits", "一一〇一〇五一九四九一二三一〇〇二X", "", "id.char"},
		{"broken bytes", "11010519491231\xff02X", "", "id.char"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := privacy.CheckID(tt.in, today)
			if got.Plain() != tt.want || (tt.err != "" && key(err) != tt.err) || (tt.err == "" && err != nil) {
				t.Errorf("CheckID() = %q, %v, want %q, %q", got.Plain(), err, tt.want, tt.err)
			}
		})
	}
}

func TestCheckIDTellsBirthAndSex(t *testing.T) {
	_, facts, err := privacy.CheckID("11010519491231002X", today)
	if err != nil || facts.Birth.Format(time.DateOnly) != "1949-12-31" || facts.Sex != "female" {
		t.Errorf("facts = %+v, %v", facts, err)
	}
	_, facts, err = privacy.CheckID(number("99012119900307123"), today)
	if err != nil || facts.Sex != "male" {
		t.Errorf("facts = %+v, %v", facts, err)
	}
}

// Every single wrong digit and every swap of unlike neighbours is noticed.
func TestCheckIDNoticesSlips(t *testing.T) {
	good := number("99012119850612347")
	for i := range 18 {
		for c := byte('0'); c <= '9'; c++ {
			bad := []byte(good)
			if bad[i] == c {
				continue
			}
			bad[i] = c
			if _, _, err := privacy.CheckID(string(bad), today); err == nil {
				t.Errorf("%s passes for %s", bad, good)
			}
		}
		if i < 17 && good[i] != good[i+1] {
			bad := []byte(good)
			bad[i], bad[i+1] = bad[i+1], bad[i]
			if _, _, err := privacy.CheckID(string(bad), today); err == nil {
				t.Errorf("%s passes for %s", bad, good)
			}
		}
	}
}

func TestCheckPhone(t *testing.T) {
	for _, tt := range []struct{ name, in, want, err string }{
		{"mobile", "13812345678", "13812345678", ""},
		{"new mobile range", "19912345678", "19912345678", ""},
		{"country code", "+86 138 1234 5678", "13812345678", ""},
		{"country code with zeros", "008613812345678", "13812345678", ""},
		{"full-width and spaced", "１３８ １２３４ ５６７８", "13812345678", ""},
		{"landline", "0500-5550101", "05005550101", ""},
		{"landline with brackets", "（010）88880000", "01088880000", ""},
		{"landline of eight digits", "0531-88880000", "053188880000", ""},
		{"ten digits of a mobile", "1381234567", "", "phone.length"},
		{"twelve digits of a mobile", "138123456789", "", "phone.length"},
		{"short landline", "0500-555", "", "phone.length"},
		{"without area code", "88880000", "", "phone.unknown"},
		{"no such range", "11012345678", "", "phone.unknown"},
		{"a hotline", "12345", "", "phone.length"},
		{"nothing", "", "", "phone.length"},
		{"letters", "1381234567o", "", "phone.char"},
		{"two numbers", "13812345678/13912345678", "", "phone.char"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := privacy.CheckPhone(tt.in)
			if got.Plain() != tt.want || (tt.err != "" && key(err) != tt.err) || (tt.err == "" && err != nil) {
				t.Errorf("CheckPhone() = %q, %v, want %q, %q", got.Plain(), err, tt.want, tt.err)
			}
		})
	}
}
