package main

import (
	"context"
	"errors"
	"flag"

	evaluation "mashang/faq/eval"
)

// eval measures retrieval on BEIR-style files; its flags are the evaluation's own.
func eval(_ context.Context, w world, args []string) error {
	err := evaluation.Command(args, w.out)
	if errors.Is(err, evaluation.ErrUsage) && !errors.Is(err, flag.ErrHelp) {
		return usageError{err}
	}
	return err
}
