// Package embed asks a model of meaning for vectors of texts, keeps those of the office's own texts, and tells whether they
// find more of the office's own questions than are found without. Where the model is down, slow or answers nonsense its
// caller goes on without; it is never told who asks.
package embed

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"sync"
	"time"

	"github.com/sashabaranov/go-openai"

	"mashang/faq/endpoint"
	"mashang/platform/kv"
	"mashang/platform/store"
)

// Options is how a model is reached and how much of it is used.
type Options struct {
	URL   string // of any server that speaks the API of OpenAI, with its version: https://host/v1
	Key   string
	Model string

	Timeout time.Duration // for a question; 300 milliseconds when 0, and never more: who asks waits for it
	Patient time.Duration // for a batch of the office's texts, which nobody waits for; 30 seconds when 0
	Daily   int           // questions a day, over all instances; 20,000 when 0
	Share   int           // of them, what one asker may use; a fiftieth when 0
	Batches int           // batches of texts a day; 1,000 when 0

	DB  *store.DB // keeps the vectors of texts; must be set for Fill
	KV  kv.Store  // where instances count together; nil counts nothing
	Log *slog.Logger
	Now func() time.Time
}

// Embedder asks a model. It is safe for concurrent use.
type Embedder struct {
	Options
	name            string // what vectors are kept under: another server's model of the same name is another
	quick, patient  *openai.Client
	breaker, slower endpoint.Breaker // a server that is too slow for a question may do for a batch
	busy            chan struct{}

	mu     sync.Mutex
	recent map[string]*list.Element // of remembered
	order  *list.List               // the newest first
}

type remembered struct {
	text   string
	vector Vector
}

// Vector is where a text lies; its length is 1.
type Vector []float32

// The reasons why there is no vector. None of them is an error for who asks.
var (
	ErrResting = errors.New("embed: the model failed lately and is left alone for a while")
	ErrQuota   = errors.New("embed: the day's calls are used up")
	ErrBusy    = errors.New("embed: too many questions at once, or another instance is at it")
	ErrVectors = errors.New("embed: the model's vectors are too few, of unlike length or no numbers")
)

const (
	longestWait = 300 * time.Millisecond
	atOnce      = 8
	batch       = 64
	mostDims    = 8192
	mostReplied = 32 << 20
	mostRecent  = 512
)

// New prepares an Embedder; nothing is sent yet.
func New(o Options) *Embedder {
	if o.Timeout <= 0 || o.Timeout > longestWait {
		o.Timeout = longestWait
	}
	if o.Patient <= 0 {
		o.Patient = 30 * time.Second
	}
	if o.Daily <= 0 {
		o.Daily = 20_000
	}
	if o.Share <= 0 {
		o.Share = max(1, o.Daily/50)
	}
	if o.Batches <= 0 {
		o.Batches = 1000
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	name := o.Model
	if u, err := url.Parse(o.URL); err == nil {
		name += " at " + u.Host + u.Path
	}
	return &Embedder{
		Options: o, name: name,
		quick: endpoint.Client(o.URL, o.Key, o.Timeout, mostReplied), patient: endpoint.Client(o.URL, o.Key, o.Patient, mostReplied),
		breaker: endpoint.Breaker{Now: o.Now}, slower: endpoint.Breaker{Now: o.Now},
		busy: make(chan struct{}, atOnce), recent: map[string]*list.Element{}, order: list.New(),
	}
}

// Question is the vector of a question, which must hold no personal data. asker is whose share of the day it is, "" for
// nobody's. It takes no longer than the time-out; on any error the caller goes on without.
func (e *Embedder) Question(ctx context.Context, question, asker string) (Vector, error) {
	if v, ok := e.remembered(question); ok {
		return v, nil
	}
	if !e.breaker.Closed() {
		return nil, ErrResting
	}
	select {
	case e.busy <- struct{}{}:
		defer func() { <-e.busy }()
	default:
		return nil, ErrBusy
	}
	ctx, cancel := context.WithTimeout(ctx, e.Timeout)
	defer cancel()
	if asker != "" && !e.counted(ctx, ":"+asker, e.Share) || !e.counted(ctx, "", e.Daily) {
		return nil, ErrQuota
	}
	all, err := ask(ctx, e.quick, e.Model, []string{question})
	e.breaker.Saw(err)
	if err != nil {
		return nil, err
	}
	e.remember(question, all[0])
	return all[0], nil
}

// counted counts one use of the day and reports whether it is within limit. An unknown count is a used-up one: a model
// costs money.
func (e *Embedder) counted(ctx context.Context, what string, limit int) bool {
	if e.KV == nil {
		return true
	}
	ok, _, err := e.KV.Allow(ctx, "vectors:"+e.Now().UTC().Format(time.DateOnly)+what, limit, 24*time.Hour)
	return ok && err == nil
}

// Check asks for a vector whatever the quota and the breaker say, and tells its length.
func (e *Embedder) Check(ctx context.Context) (dims int, err error) {
	ctx, cancel := context.WithTimeout(ctx, e.Patient)
	defer cancel()
	all, err := ask(ctx, e.patient, e.Model, []string{"低保每月多少钱"})
	if err != nil {
		return 0, err
	}
	return len(all[0]), nil
}

// ask asks for the vectors of texts. There is one for each, all of one length.
func ask(ctx context.Context, c *openai.Client, model string, texts []string) ([]Vector, error) {
	res, err := c.CreateEmbeddings(ctx, openai.EmbeddingRequestStrings{Input: texts, Model: openai.EmbeddingModel(model), EncodingFormat: openai.EmbeddingEncodingFormatFloat})
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("embed: ask: %w", endpoint.Plain(err))
	}
	if len(res.Data) != len(texts) {
		return nil, ErrVectors
	}
	all := make([]Vector, len(texts))
	for i := range res.Data {
		at := res.Data[i].Index
		if len(texts) == 1 {
			at = 0
		}
		if at < 0 || at >= len(all) || all[at] != nil || len(res.Data[i].Embedding) != len(res.Data[0].Embedding) || !unit(res.Data[i].Embedding) {
			return nil, ErrVectors
		}
		all[at] = res.Data[i].Embedding
	}
	return all, nil
}

// unit makes a vector's length 1; one that has no direction is none.
func unit(v Vector) bool {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if len(v) == 0 || len(v) > mostDims || math.IsNaN(sum) || math.IsInf(sum, 0) || sum < 1e-12 {
		return false
	}
	by := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= by
	}
	return true
}

// Cosine is how near two vectors are, 0 where they cannot be compared.
func (v Vector) Cosine(w Vector) float64 {
	if len(v) != len(w) {
		return 0
	}
	var a, b, c, d float32
	i := 0
	for ; i+4 <= len(v); i += 4 {
		a += v[i] * w[i]
		b += v[i+1] * w[i+1]
		c += v[i+2] * w[i+2]
		d += v[i+3] * w[i+3]
	}
	for ; i < len(v); i++ {
		a += v[i] * w[i]
	}
	return float64(a + b + c + d)
}

func (e *Embedder) remembered(text string) (Vector, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	at, ok := e.recent[text]
	if !ok {
		return nil, false
	}
	e.order.MoveToFront(at)
	return at.Value.(remembered).vector, true //nolint:forcetypeassert // the list holds nothing else
}

func (e *Embedder) remember(text string, v Vector) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.recent[text] != nil {
		return
	}
	e.recent[text] = e.order.PushFront(remembered{text, v})
	if last := e.order.Back(); e.order.Len() > mostRecent {
		delete(e.recent, e.order.Remove(last).(remembered).text) //nolint:forcetypeassert // the list holds nothing else
	}
}
