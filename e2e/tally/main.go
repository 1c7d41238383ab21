// Command tally reads `go test -json`, shows what failed and closes with the
// numbers. It fails when a test failed, was skipped, or none ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func main() {
	passed, failed, skipped := 0, 0, 0
	output := map[string][]string{}
	var bad []string
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text()) // the compiler's own words
			continue
		}
		name := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			output[name] = append(output[name], e.Output)
		case "pass":
			if e.Test != "" {
				passed++
			} else {
				fmt.Printf("ok    %s (%.1fs)\n", e.Package, e.Elapsed)
			}
			delete(output, name)
		case "skip":
			if e.Test != "" {
				skipped++
				bad = append(bad, name+" was skipped")
			}
		case "fail", "build-fail":
			if e.Test != "" {
				failed++
			}
			bad = append(bad, name+"\n"+strings.Join(output[name], ""))
		}
	}
	slices.Sort(bad)
	for _, b := range bad {
		fmt.Println("FAIL ", b)
	}
	fmt.Printf("\n%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if len(bad) > 0 || passed == 0 || in.Err() != nil {
		os.Exit(1)
	}
}
