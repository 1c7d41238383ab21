// Package sample is 云溪县 (Yunxi), a county that does not exist, in the shape of a real one: places, programmes, figures
// and rosters are invented, and every page that shows them says so. The demo and the tests use the same county.
package sample

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"mashang/aid/place"
	"mashang/aid/policy"
	"mashang/i18n"
)

//go:embed county content
var files embed.FS

// Codes of the sample county that tests and the demo name.
const (
	County  = "990121000000" // 云溪县; 99 is no province
	Zone    = "990121990000" // 云溪经济开发区, which sets figures of its own
	Liuhe   = "990121100000" // 柳河镇, managed by the county
	Beiyuan = "990121400000" // 北原镇, managed by the zone
	Shimen  = "990121102000" // 石门镇, taken over on 2026-07-01, no figures registered
	Xinglin = "990121100201" // 杏林村, where poster 0137 hangs
)

// Permission is the sample county's document that lets lists be shown to who scans a code of the village. It covers
// 柳河镇 and 北原镇; 石门镇 has none.
const Permission = "yunxi-minfa-2026-23"

// written is the day on which the content was put together: what it cites held then.
var written = time.Date(2026, 11, 21, 0, 0, 0, 0, i18n.Shanghai)

func one[T any](name string) (v T, err error) {
	b, err := files.ReadFile(name)
	if err != nil {
		return v, fmt.Errorf("sample: read: %w", err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return v, fmt.Errorf("sample: read %s: %w", name, err)
	}
	return v, nil
}

// many reads every file that matches, each a list of T or a single one, in the order of their names.
func many[T any](pattern string) (all []T, err error) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, fmt.Errorf("sample: read: %w", err)
	}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("sample: read: %w", err)
		}
		if len(b) > 0 && b[0] == '[' {
			list, err := one[[]T](name)
			if err != nil {
				return nil, err
			}
			all = append(all, list...)
			continue
		}
		v, err := one[T](name)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// Divisions lists the county, its zone, three towns and 116 villages.
func Divisions() ([]place.Division, error) { return one[[]place.Division]("county/divisions.json") }

// Offices lists where people can go or call.
func Offices() ([]place.Office, error) { return one[[]place.Office]("county/offices.json") }

// Departments lists the twelve departments.
func Departments() ([]policy.Department, error) {
	return many[policy.Department]("content/departments.json")
}

// Situations lists the twelve situations of life.
func Situations() ([]policy.Situation, error) {
	return many[policy.Situation]("content/situations.json")
}

// Programmes lists the 37 programmes.
func Programmes() ([]policy.Programme, error) {
	return many[policy.Programme]("content/programmes/*.json")
}

// Standards lists what the county and the zone pay, by place and date.
func Standards() ([]policy.Standard, error) { return many[policy.Standard]("content/standards.json") }

// Documents lists national law and the sample county's own documents.
func Documents() ([]policy.Document, error) { return many[policy.Document]("content/documents/*.json") }

// Entries lists the office's own answers.
func Entries() ([]policy.Entry, error) { return many[policy.Entry]("content/entries/*.json") }
