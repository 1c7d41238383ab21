package form

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// logic writes the conditions of a form as JSON Schema, so that a program that only knows the schema asks what a page
// would ask. It knows what forms need: ==, !=, in, has, and, or, not, over answers and over the row at hand.
type logic struct {
	form *Form
	deep int
}

func all(of ...map[string]any) map[string]any {
	var some []any
	for _, one := range of {
		if len(one) > 0 {
			some = append(some, one)
		}
	}
	switch len(some) {
	case 0:
		return map[string]any{}
	case 1:
		return some[0].(map[string]any)
	}
	return map[string]any{"allOf": some}
}

func not(s map[string]any) map[string]any { return map[string]any{"not": s} }

// beside tells conditions over what a whole application carries beside its answers: who fills it in for whom.
func beside(source string) bool { return strings.Contains(source, "for.") }

// condition is a schema that the whole answers fit when the source holds; with row, that the row fits.
func (l logic) condition(source string, row bool) (map[string]any, error) {
	if source == "" {
		return map[string]any{}, nil
	}
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, err
	}
	s, err := l.node(tree.Node, row)
	if err != nil {
		return nil, fmt.Errorf("condition %q: %w", source, err)
	}
	return s, nil
}

func (l logic) node(n ast.Node, row bool) (map[string]any, error) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		s, err := l.node(n.Node, row)
		return not(s), err
	case *ast.BinaryNode:
		return l.binary(n, row)
	case *ast.BuiltinNode:
		return nil, fmt.Errorf("%s has no schema", n.Name)
	case *ast.CallNode:
		if name, ok := n.Callee.(*ast.IdentifierNode); ok && name.Value == "has" && len(n.Arguments) == 2 {
			return l.answer(n.Arguments[0], row, map[string]any{"contains": map[string]any{"const": constant(n.Arguments[1])}})
		}
	}
	return nil, fmt.Errorf("%T has no schema", n)
}

func (l logic) binary(n *ast.BinaryNode, row bool) (map[string]any, error) {
	switch n.Operator {
	case "&&", "and", "||", "or":
		left, err := l.node(n.Left, row)
		if err != nil {
			return nil, err
		}
		right, err := l.node(n.Right, row)
		if err != nil {
			return nil, err
		}
		if n.Operator == "&&" || n.Operator == "and" {
			return all(left, right), nil
		}
		return map[string]any{"anyOf": []any{left, right}}, nil
	case "==", "!=":
		fits := map[string]any{"const": constant(n.Right)}
		if _, empty := n.Right.(*ast.NilNode); empty {
			s, err := l.answer(n.Left, row, map[string]any{})
			if n.Operator == "==" {
				s = not(s)
			}
			return s, err
		}
		s, err := l.answer(n.Left, row, fits)
		if n.Operator == "!=" {
			s = not(s)
		}
		return s, err
	case "in":
		var values []any
		if list, ok := n.Right.(*ast.ArrayNode); ok {
			for _, one := range list.Nodes {
				values = append(values, constant(one))
			}
		}
		return l.answer(n.Left, row, map[string]any{"enum": values})
	}
	return nil, fmt.Errorf("%s has no schema", n.Operator)
}

func constant(n ast.Node) any {
	if s, ok := n.(*ast.StringNode); ok {
		return s.Value
	}
	return nil
}

// answer is a schema that fits when an answer is there, is asked for, and fits.
func (l logic) answer(n ast.Node, row bool, fits map[string]any) (map[string]any, error) {
	path := dotted(n)
	if sub, ok := strings.CutPrefix(path, "row."); ok && row {
		return holding(sub, fits), nil
	}
	if row || path == "" || l.form.pageOf[path] == "" {
		return nil, fmt.Errorf("%q is no answer here", path)
	}
	asked, err := l.asked(path)
	return all(asked, holding(path, fits)), err
}

// asked is a schema that fits when the field at a path is asked.
func (l logic) asked(path string) (map[string]any, error) {
	if l.deep > 10 {
		return nil, fmt.Errorf("the conditions of %s go in a circle", path)
	}
	l.deep++
	page, err := l.condition(l.form.pages[l.form.pageOf[path]].When, false)
	if err != nil {
		return nil, err
	}
	field, err := l.condition(l.form.fields[path].When, false)
	return all(page, field), err
}

// holding is a schema of an object that has something at a path.
func holding(path string, fits map[string]any) map[string]any {
	group, sub, nested := strings.Cut(path, ".")
	if nested {
		fits = holding(sub, fits)
	}
	return map[string]any{"type": "object", "properties": map[string]any{group: fits}, "required": []string{group}}
}

func dotted(n ast.Node) string {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value
	case *ast.MemberNode:
		before := dotted(n.Node)
		if key, ok := n.Property.(*ast.StringNode); ok && before != "" {
			return before + "." + key.Value
		}
	case *ast.ChainNode:
		return dotted(n.Node)
	}
	return ""
}
