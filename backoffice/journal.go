package backoffice

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// journal is a file of lines that is only ever added to. Add returns when its
// line is on disk; lines that come together share one write and one sync. A log
// of lines is enough for a sample: what is kept is read once, at the start, and
// a crash can only tear the end.
type journal struct {
	file  *os.File
	size  int64 // up to which everything is whole
	queue chan *line
	done  chan struct{}

	mu     sync.RWMutex
	closed bool
}

type line struct {
	text []byte
	err  chan error
}

var errClosed = errors.New("the journal is closed")

// openJournal reads every whole line into take, and cuts off a torn one at the end.
func openJournal(path string, take func([]byte)) (*journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{file: f, queue: make(chan *line, 256), done: make(chan struct{})}
	if err := j.load(take); err != nil {
		return nil, errors.Join(fmt.Errorf("journal: %w", err), f.Close())
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	go j.write()
	return j, nil
}

func (j *journal) load(take func([]byte)) error {
	r := bufio.NewReaderSize(j.file, 1<<16)
	for {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // what follows the last line end was never acknowledged
		}
		if err != nil {
			return err
		}
		j.size += int64(len(text))
		take(bytes.TrimSuffix(text, []byte("\n")))
	}
	return j.back()
}

// back cuts the file after its last whole line.
func (j *journal) back() error {
	if err := j.file.Truncate(j.size); err != nil {
		return err
	}
	_, err := j.file.Seek(j.size, io.SeekStart)
	return err
}

// Add writes one line, which holds no line end, and returns when it is on disk.
func (j *journal) Add(text []byte) error {
	l := &line{text: text, err: make(chan error, 1)}
	j.mu.RLock()
	if j.closed {
		j.mu.RUnlock()
		return errClosed
	}
	j.queue <- l
	j.mu.RUnlock()
	return <-l.err
}

func (j *journal) write() {
	defer close(j.done)
	for first := range j.queue {
		batch := []*line{first}
		for more := true; more && len(batch) < 256; {
			select {
			case l, ok := <-j.queue:
				if more = ok; ok {
					batch = append(batch, l)
				}
			default:
				more = false
			}
		}
		err := j.put(batch)
		for _, l := range batch {
			l.err <- err
		}
	}
}

// put writes a batch. When the disk is full or failing, the file is cut back, so
// that the next line does not stand behind half of another.
func (j *journal) put(batch []*line) error {
	var b bytes.Buffer
	for _, l := range batch {
		b.Write(l.text)
		b.WriteByte('\n')
	}
	_, err := j.file.Write(b.Bytes())
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		return errors.Join(err, j.back())
	}
	j.size += int64(b.Len())
	return nil
}

// Close writes what is queued and closes the file.
func (j *journal) Close() error {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return nil
	}
	j.closed = true
	close(j.queue)
	j.mu.Unlock()
	<-j.done
	return j.file.Close()
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
