package main

import (
	"context"

	evaluation "mashang/faq/eval"
)

// eval measures retrieval on BEIR-style files; its flags are the evaluation's own.
func eval(_ context.Context, w world, args []string) error {
	return evaluation.Command(args, w.out)
}
