package v1_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	v1 "mashang/api/v1"
	"mashang/api/web"
)

type document struct {
	OpenAPI string                          `json:"openapi"`
	Paths   map[string]map[string]operation `json:"paths"`
}

type operation struct {
	ID         string                `json:"operationId"`
	Summary    string                `json:"summary"`
	Parameters []map[string]any      `json:"parameters"`
	Responses  map[string]any        `json:"responses"`
	Body       map[string]any        `json:"requestBody"`
	Security   []map[string][]string `json:"security"`
}

func described(t *testing.T) (document, map[string]any) {
	t.Helper()
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var d document
	var raw map[string]any
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatal(err)
	}
	return d, raw
}

var parameter = regexp.MustCompile(`:([a-z]+)`)

func TestEveryRouteIsDescribedAndNothingElse(t *testing.T) {
	d, _ := described(t)
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	(&v1.API{Web: &web.Web{}}).Install(e)
	var routes []string
	for _, r := range e.Routes() {
		routes = append(routes, strings.ToLower(r.Method)+" "+parameter.ReplaceAllString(r.Path, "{$1}"))
	}
	var told []string
	for path, ops := range d.Paths {
		for method := range ops {
			told = append(told, method+" "+path)
		}
	}
	slices.Sort(routes)
	slices.Sort(told)
	if !slices.Equal(routes, told) {
		t.Errorf("routes\n%s\nare described as\n%s", strings.Join(routes, "\n"), strings.Join(told, "\n"))
	}
}

func TestDescriptionHoldsTogether(t *testing.T) {
	d, raw := described(t)
	if !strings.HasPrefix(d.OpenAPI, "3.1.") {
		t.Errorf("openapi is %q", d.OpenAPI)
	}
	ids := map[string]bool{}
	for path, ops := range d.Paths {
		for method, op := range ops {
			at := method + " " + path
			if op.ID == "" || ids[op.ID] || op.Summary == "" || len(op.Responses) == 0 {
				t.Errorf("%s: operationId %q is missing or not unique, or there is no summary or response", at, op.ID)
			}
			ids[op.ID] = true
			for _, m := range parameter.FindAllStringSubmatch(strings.NewReplacer("{", ":", "}", "").Replace(path), -1) {
				if !slices.ContainsFunc(op.Parameters, func(p map[string]any) bool { return p["name"] == m[1] && p["in"] == "path" && p["required"] == true }) {
					t.Errorf("%s: path parameter %s is not described", at, m[1])
				}
			}
			if method == "get" && (op.Body != nil || op.Responses["200"] == nil) {
				t.Errorf("%s: a GET has a body or no 200", at)
			}
			if strings.Contains(path, "backoffice") && method == "get" && len(op.Security) == 0 {
				t.Errorf("%s: no security", at)
			}
		}
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch x := v.(type) {
		case map[string]any:
			if ref, ok := x["$ref"].(string); ok && resolve(raw, ref) == nil {
				t.Errorf("%s: %s leads nowhere", at, ref)
			}
			if req, ok := x["required"].([]any); ok && x["type"] == "object" {
				props, _ := x["properties"].(map[string]any)
				for _, name := range req {
					if props[name.(string)] == nil {
						t.Errorf("%s: required %s is no property", at, name)
					}
				}
			}
			for k, one := range x {
				walk(at+"/"+k, one)
			}
		case []any:
			for _, one := range x {
				walk(at, one)
			}
		}
	}
	walk("", raw)
}

func resolve(root map[string]any, ref string) any {
	var at any = root
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		m, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = m[part]
	}
	return at
}

// conform holds a value against a schema of the description, as far as the
// description uses JSON Schema.
func conform(t *testing.T, root map[string]any, at string, schema map[string]any, v any) {
	t.Helper()
	if ref, ok := schema["$ref"].(string); ok {
		schema, _ = resolve(root, ref).(map[string]any)
	}
	if all, ok := schema["allOf"].([]any); ok {
		for _, one := range all {
			conform(t, root, at, one.(map[string]any), v)
		}
	}
	if either, ok := schema["oneOf"].([]any); ok {
		if v == nil {
			return
		}
		conform(t, root, at, either[0].(map[string]any), v)
		return
	}
	if !isType(schema["type"], v) {
		t.Errorf("%s is %T, want %v", at, v, schema["type"])
		return
	}
	if list, ok := schema["enum"].([]any); ok && !slices.Contains(list, v) {
		t.Errorf("%s is %v, want one of %v", at, v, list)
	}
	if s, ok := v.(string); ok {
		if p, ok := schema["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(s) {
			t.Errorf("%s is %q, want %s", at, s, p)
		}
		if most, ok := schema["maxLength"].(float64); ok && len([]rune(s)) > int(most) {
			t.Errorf("%s has %d characters, at most %v are described", at, len([]rune(s)), most)
		}
	}
	switch x := v.(type) {
	case map[string]any:
		if req, ok := schema["required"].([]any); ok {
			for _, name := range req {
				if _, there := x[name.(string)]; !there {
					t.Errorf("%s has no %s", at, name)
				}
			}
		}
		props, _ := schema["properties"].(map[string]any)
		for name, one := range x {
			if p, ok := props[name].(map[string]any); ok {
				conform(t, root, at+"."+name, p, one)
			}
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for _, one := range x {
			conform(t, root, at+"[]", items, one)
		}
		if most, ok := schema["maxItems"].(float64); ok && len(x) > int(most) {
			t.Errorf("%s has %d items", at, len(x))
		}
	}
}

func isType(want, v any) bool {
	one := func(name any) bool {
		switch v := v.(type) {
		case nil:
			return name == "null"
		case string:
			return name == "string"
		case bool:
			return name == "boolean"
		case float64:
			return name == "number" || name == "integer" && v == float64(int64(v))
		case map[string]any:
			return name == "object"
		case []any:
			return name == "array"
		}
		return false
	}
	switch w := want.(type) {
	case nil:
		return true
	case []any:
		return slices.ContainsFunc(w, one)
	}
	return one(want)
}
