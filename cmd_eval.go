package main

import (
	"context"
	"errors"
	"flag"
	"slices"

	evaluation "mashang/faq/eval"
)

// eval measures retrieval on BEIR-style files; its flags are the evaluation's own.
func eval(ctx context.Context, w world, args []string) error {
	if slices.Contains(args, "-own") || slices.Contains(args, "--own") {
		return evalOwn(ctx, w, args)
	}
	err := evaluation.Command(args, w.out)
	if errors.Is(err, evaluation.ErrUsage) && !errors.Is(err, flag.ErrHelp) {
		return usageError{err}
	}
	return err
}
