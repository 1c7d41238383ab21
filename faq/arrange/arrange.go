// Package arrange lets a language model choose which sentences of a passage answer a question, and in which order. The
// model sees numbered sentences and says numbers; what is shown is always our own sentence, word for word. Whatever else
// it says is thrown away, and when it is slow, down or over its quota the caller shows the passage as it is.
package arrange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sashabaranov/go-openai"

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
	breaker breaker
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
	config := openai.DefaultConfig(o.Key)
	config.BaseURL = strings.TrimRight(o.URL, "/")
	config.EmptyMessagesLimit = 20
	config.HTTPClient = &http.Client{
		Timeout:       o.Timeout,
		Transport:     bounded{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Arranger{Options: o, client: openai.NewClientWithConfig(config), breaker: breaker{now: o.Now}, busy: make(chan struct{}, atOnce)}
}

// Arrange asks which of the units answer the question, and tells each as soon as the model has named it: its position in
// units, at most six, none twice, none that is not there. question must hold no personal data. The error says why
// nothing was chosen; one that comes after a unit was told says that the choice broke off and must not be shown as whole.
func (a *Arranger) Arrange(ctx context.Context, question string, units []string, tell func(unit int)) error {
	if len(units) == 0 {
		return ErrSilent
	}
	if !a.breaker.closed() {
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
	a.breaker.saw(err)
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
		return fmt.Errorf("arrange: ask: %w", plain(err))
	}
	defer stream.Close()
	r := reader{of: len(units)}
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("arrange: listen: %w", plain(err))
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

// plain keeps of an error of the client what may stand in a log: not the body of an answer, which may repeat the question.
func plain(err error) error {
	var api *openai.APIError
	var request *openai.RequestError
	switch {
	case errors.As(err, &api):
		return fmt.Errorf("the model's server answers %d", api.HTTPStatusCode)
	case errors.As(err, &request):
		return fmt.Errorf("the model's server answers %d", request.HTTPStatusCode)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return err
	}
	return errors.New("the model's server cannot be understood or reached")
}

// bounded cuts off answers that do not end.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, mostReplied), res.Body}
	}
	return res, err
}

// breaker leaves a model alone for a while that failed several times in a row.
type breaker struct {
	now func() time.Time

	mu    sync.Mutex
	fails int
	until time.Time
}

const (
	failsAllowed = 3
	rest         = 30 * time.Second
)

// closed reports whether the model may be asked. After the rest one question tries it.
func (b *breaker) closed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails < failsAllowed {
		return true
	}
	if b.now().Before(b.until) {
		return false
	}
	b.until = b.now().Add(rest)
	return true
}

// saw counts how a question went. One that its asker gave up says nothing about the model.
func (b *breaker) saw(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case err == nil, errors.Is(err, ErrSilent):
		b.fails = 0
	case errors.Is(err, context.Canceled):
	default:
		if b.fails++; b.fails >= failsAllowed {
			b.until = b.now().Add(rest)
		}
	}
}
