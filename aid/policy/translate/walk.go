// Package translate knows of each translated text what it was translated from, and
// what in a translation a program can see to be wrong. It walks whatever it is
// given and knows no type of the catalogue.
package translate

import (
	"reflect"
	"strconv"
	"strings"

	"mashang/i18n"
)

// Field is one translated text of an object. Path names it within the object:
// sections.who.text, papers.idcard.name, questions.0. Items with a key or an id go
// by that, so that a path holds when items change places; others by their position.
type Field struct {
	Path string
	Text *i18n.Text
	form string // the path without positions: questions.*
}

// Fields lists the translated texts of the object v points to, in the order they
// stand, empty ones too. What is written to a Text is written to the object.
func Fields(v any) []Field {
	var all []Field
	walk(reflect.ValueOf(v), "", "", &all)
	return all
}

var textType = reflect.TypeFor[i18n.Text]()

func walk(v reflect.Value, path, form string, all *[]Field) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), path, form, all)
		}
	case reflect.Struct:
		if v.Type() == textType {
			if t, ok := v.Addr().Interface().(*i18n.Text); ok {
				*all = append(*all, Field{Path: path, Text: t, form: form})
			}
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			name := called(f)
			walk(v.Field(i), join(path, name), join(form, name), all)
		}
	case reflect.Slice:
		names := itemNames(v)
		for i := range v.Len() {
			if names != nil {
				walk(v.Index(i), join(path, names[i]), join(form, names[i]), all)
			} else {
				walk(v.Index(i), join(path, strconv.Itoa(i)), join(form, "*"), all)
			}
		}
	default: // numbers, words and days are not translated
	}
}

// called is what a field is called in the office's files.
func called(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" || name == "-" {
		return strings.ToLower(f.Name)
	}
	return name
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// itemNames are the keys or ids of a list's items, nil unless each has one of its own.
func itemNames(list reflect.Value) []string {
	if list.Type().Elem().Kind() != reflect.Struct {
		return nil
	}
	for _, field := range []string{"Key", "ID"} {
		if f, ok := list.Type().Elem().FieldByName(field); !ok || f.Type.Kind() != reflect.String {
			continue
		}
		seen := map[string]bool{}
		var names []string
		for i := range list.Len() {
			name := list.Index(i).FieldByName(field).String()
			if name == "" || seen[name] {
				return nil
			}
			seen[name] = true
			names = append(names, name)
		}
		return names
	}
	return nil
}

// Langs are the languages that the office's own is translated into.
func Langs() []i18n.Lang { return []i18n.Lang{i18n.Hant, i18n.En} }

// In is the text in exactly that language, "" when there is none.
func In(t i18n.Text, l i18n.Lang) string {
	switch l {
	case i18n.Hant:
		return t.Hant
	case i18n.En:
		return t.En
	}
	return t.Hans
}

// Set writes the text in that language.
func Set(t *i18n.Text, l i18n.Lang, s string) {
	switch l {
	case i18n.Hant:
		t.Hant = s
	case i18n.En:
		t.En = s
	default:
		t.Hans = s
	}
}
