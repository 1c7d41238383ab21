package backoffice

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// node is a value of JSON as a page shows it: a name with a text, or with more inside.
type node struct {
	Name string
	Text string
	Kids []node
}

const deep = 24 // levels shown

// nodes reads b in the order in which it was written.
func nodes(b []byte) ([]node, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	n, err := value(dec, "", 0)
	return n.Kids, err
}

func value(dec *json.Decoder, name string, level int) (node, error) {
	n := node{Name: name}
	if level > deep {
		return n, fmt.Errorf("the document goes deeper than %d levels", deep)
	}
	token, err := dec.Token()
	if err != nil {
		return n, err
	}
	open, compound := token.(json.Delim)
	if !compound {
		n.Text = text(token)
		return n, nil
	}
	for i := 1; dec.More(); i++ {
		inner := strconv.Itoa(i)
		if open == '{' {
			key, err := dec.Token()
			if err != nil {
				return n, err
			}
			inner = fmt.Sprint(key)
		}
		kid, err := value(dec, inner, level+1)
		if err != nil {
			return n, err
		}
		n.Kids = append(n.Kids, kid)
	}
	_, err = dec.Token()
	return n, err
}

func text(token json.Token) string {
	switch v := token.(type) {
	case nil:
		return "—"
	case bool:
		if v {
			return "是"
		}
		return "否"
	}
	return fmt.Sprint(token)
}
