// Package arrange lets a language model choose which sentences of a passage answer a question, and in which order. The
// model sees numbered sentences and says numbers; what is shown is always our own sentence, word for word. Whatever else
// it says is thrown away, and when it is slow, down or over its quota the caller shows the passage as it is.
package arrange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/sashabaranov/go-openai"

	"mashang/faq/endpoint"
	"mashang/platform/kv"
)

// Options is how a model is reached and how much of it is used.
type Options struct {
	URL   string // of any server that speaks the API of OpenAI, with its version: https://host/v1
	Key   string // "" for a server of the office's own that asks for none
	Model string

	Timeout time.Duration // for a whole answer; 4 seconds when 0: a caller is waiting
	Daily   int           // questions a day, over all instances; 20,000 when 0
	Share   int           // of them, what one asker may use; a fiftieth when 0
	KV      kv.Store      // where instances count together; nil counts nothing
	Now     func() time.Time
}

// Arranger asks a model. It is safe for concurrent use.
type Arranger struct {
	Options
	client  *openai.Client
	breaker endpoint.Breaker
	busy    chan struct{} // one place for each question under way
}

// The reasons why nothing was arranged. None of them is an error for who asks: the passage itself is the answer.
var (
	ErrResting = errors.New("arrange: the model failed lately and is left alone for a while")
	ErrQuota   = errors.New("arrange: the day's questions are used up")
	ErrBusy    = errors.New("arrange: too many questions at once")
	ErrSilent  = errors.New("arrange: the model chose nothing that can be shown")
)

const (
	atOnce      = 8   // questions under way in one instance
	mostUnits   = 60  // sentences a model is shown
	mostChosen  = 6   // and may choose
	mostRead    = 400 // bytes of an answer that are looked at; numbers need few
	mostReplied = 64 << 10
)

// New prepares an Arranger; nothing is sent yet.
func New(o Options) *Arranger {
	if o.Timeout <= 0 {
		o.Timeout = 4 * time.Second
	}
	if o.Daily <= 0 {
		o.Daily = 20_000
	}
	if o.Share <= 0 {
		o.Share = max(1, o.Daily/50)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	client := endpoint.Client(o.URL, o.Key, o.Timeout, mostReplied)
	return &Arranger{Options: o, client: client, breaker: endpoint.Breaker{Now: o.Now}, busy: make(chan struct{}, atOnce)}
}

// Arrange asks which of the units answer the question, and tells each as soon as the model has named it: its position in
// units, at most six, none twice, none that is not there. question must hold no personal data. The error says why
// nothing was chosen; one that comes after a unit was told says that the choice broke off and must not be shown as whole.
func (a *Arranger) Arrange(ctx context.Context, question string, units []string, tell func(unit int)) error {
	if len(units) == 0 {
		return ErrSilent
	}
	if !a.breaker.Closed() {
		return ErrResting
	}
	select {
	case a.busy <- struct{}{}:
		defer func() { <-a.busy }()
	default:
		return ErrBusy
	}
	if a.KV != nil {
		day := a.Now().UTC().Format(time.DateOnly)
		if ok, _, err := a.KV.Allow(ctx, "model:"+day, a.Daily, 24*time.Hour); err != nil || !ok {
			return ErrQuota // an unknown count is a used-up one: a model costs money
		}
	}
	ctx, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	err := a.ask(ctx, question, units[:min(mostUnits, len(units))], tell)
	if errors.Is(err, ErrSilent) {
		a.breaker.Saw(nil)
	} else {
		a.breaker.Saw(err)
	}
	return err
}

// Allow counts a question of an asker, who may be a whole village behind one address, and tells whether there is still a
// share of the day's questions left for it.
func (a *Arranger) Allow(ctx context.Context, asker string) bool {
	if a.KV == nil || asker == "" {
		return true
	}
	ok, _, err := a.KV.Allow(ctx, "model:"+a.Now().UTC().Format(time.DateOnly)+":"+asker, a.Share, 24*time.Hour)
	return ok && err == nil
}

func (a *Arranger) ask(ctx context.Context, question string, units []string, tell func(int)) error {
	stream, err := a.client.CreateChatCompletionStream(ctx, openai.ChatCompletionRequest{
		Model: a.Model, Stream: true, Temperature: 0, MaxTokens: 40,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: rules},
			{Role: openai.ChatMessageRoleUser, Content: numbered(question, units)},
		},
	})
	if err != nil {
		return fmt.Errorf("arrange: ask: %w", endpoint.Plain(err))
	}
	defer stream.Close()
	r := reader{of: len(units)}
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("arrange: listen: %w", endpoint.Plain(err))
		}
		for _, c := range part.Choices {
			for _, n := range r.read(c.Delta.Content) {
				tell(n)
			}
		}
		if r.full() {
			break
		}
	}
	for _, n := range r.end() {
		tell(n)
	}
	if r.told == 0 {
		return ErrSilent
	}
	return nil
}

// Check puts a question to the model whose answer is known, whatever the quota and the breaker say.
func (a *Arranger) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	chosen := -1
	err := a.ask(ctx, "低保每月多少钱？", []string{"办事大厅周六不开门。", "最低生活保障标准为每人每月712元。"}, func(unit int) { chosen = max(chosen, unit) })
	if err == nil && chosen != 1 {
		err = ErrSilent
	}
	return err
}
