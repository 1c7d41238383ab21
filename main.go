// Command mashang is the portal a county hangs on its walls (码上通).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// command is one word behind the program's name.
type command struct {
	name  string
	usage string
	help  string
	run   func(ctx context.Context, w world, args []string) error
}

// world is what a command may touch of its surroundings, so that tests can
// start one.
type world struct {
	getenv func(string) string
	out    io.Writer
	errs   io.Writer
}

func commands() []command {
	return []command{
		{"demo", "demo [-addr A] [-data DIR] [-fresh] [-backoffice-addr A] [-base-url URL] [-now TIME]", "serve the sample county with the sample back office beside it", demo},
		{"serve", "serve", "serve for real, with the settings PORTAL_*", serve},
		{"backoffice", "backoffice -portal URL -secret whsec_… -inbound whsec_… [-bearer KEY] [-addr A] [-data DIR]", "run the sample back office; it takes messages at /hooks", runBackoffice},
		{"ask", "ask [-at PLACE] [-lang L] [-json] [-data DIR] QUESTION", "put one question to the assistant", ask},
		{"eval", "eval -corpus F -queries F -qrels F [-oos F] [-stored F -stored-qrels F] [-json] | eval -own [-floor N]", "measure the assistant's retrieval on BEIR-style files, or put the office's own tests to it", eval},
		{"import", "import places|programmes|standards|documents|faq|roster|xliff|lexicon|tests FILE [-dry-run]", "take in what the office has as a file, or a folder that export wrote, all or nothing; roster also takes -programme ID -place CODE; xliff and lexicon propose what somebody publishes in the console", runImport},
		{"export", "export KIND [-out FOLDER] | export KIND -template | export codes | export lexicon | export tests | export xliff [-lang en|zh-Hant] [-programme ID] [-only missing|outdated|open|figures|script]", "print or write out programmes, standards, documents or faq as import takes them; the columns a kind takes; the code and address of every location; what there is to translate, as XLIFF 1.2", export},
		{"user", "user add|list|password|disable|enable [-name NAME] [-role ROLE] [-scope DIVISION]", "manage the accounts of the staff", user},
		{"endpoint", "endpoint add|list|enable ID|disable ID [-name NAME] [-url URL] [-scope DIVISION] [-topics T,…]", "manage the back offices that receive cases", endpoint},
		{"backup", "backup FILE", "write a whole copy of the database while it runs", backup},
		{"restore", "restore FILE [-force]", "put a copy back in place", restore},
		{"rotate", "rotate [-codes]", "seal everything with the newest of PORTAL_KEYS, so that an older one may be taken away; -codes adds a key for the codes of posters", rotate},
		{"erase", "erase RECEIPT|-phone -yes", "make the personal part of a case unreadable for ever", erase},
		{"posters", "posters -out F.pdf | -zip F.zip [-size A4|A3|card|cards] [-layout standard|plain|large] [-place CODE] [-second en|zh-Hant|none] [-crop] [-host DOMAIN]", "print-ready posters and cards, one page a location; -zip makes a PDF a village with a packing list", runPosters},
		{"doctor", "doctor [-new-key]", "say what blocks a launch", doctor},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, world{os.Getenv, os.Stdout, os.Stderr}, os.Args[1:]))
}

// run returns the exit code: 0 done, 1 failed, 2 called wrongly.
func run(ctx context.Context, w world, args []string) int {
	if len(args) == 2 && args[0] == "help" {
		args = []string{args[1], "-h"}
	}
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(w.out)
		return 0
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		err := c.run(ctx, w, args[1:])
		var wrong usageError
		switch {
		case err == nil, errors.Is(err, flag.ErrHelp):
			return 0
		case errors.As(err, &wrong):
			fmt.Fprintf(w.errs, "mashang %s: %v\nusage: mashang %s\n(mashang help %s says more)\n", c.name, err, c.usage, c.name)
			return 2
		default:
			fmt.Fprintf(w.errs, "mashang %s: %v\n", c.name, err)
			return 1
		}
	}
	fmt.Fprintf(w.errs, "mashang: there is no command %q\n\n", args[0])
	usage(w.errs)
	return 2
}

func usage(w io.Writer) {
	fmt.Fprint(w, "码上通 mashang: help that a county hangs on its walls.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  mashang %s\n        %s\n", c.usage, c.help)
	}
	fmt.Fprint(w, "\nmashang help COMMAND says what its flags mean; README.md has the settings. Begin with: mashang demo\n")
}

// usageError is a mistake of the caller: its usage line follows.
type usageError struct{ error }

func wrongUse(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// parse reads flags wherever they stand, so that `import roster FILE -dry-run`
// works as people type it, and returns the other words. Asked for help it prints
// what the command is for and its flags; what is wrong run says, once.
func parse(fs *flag.FlagSet, w world, args []string) ([]string, error) {
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	var words []string
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				explain(fs, w.out)
				return nil, err
			}
			return nil, usageError{err}
		}
		if fs.NArg() == 0 {
			return words, nil
		}
		words = append(words, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// explain prints the usage of the command that fs belongs to.
func explain(fs *flag.FlagSet, out io.Writer) {
	for _, c := range commands() {
		if c.name == fs.Name() {
			fmt.Fprintf(out, "usage: mashang %s\n%s\n", c.usage, c.help)
		}
	}
	fs.SetOutput(out)
	fs.PrintDefaults()
}
