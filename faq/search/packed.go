package search

// lists are the documents of each term, packed: a count, then for each
// document how far it is from the one before, doubled, plus one when it has
// the term otherwise than once in the body; the occurrences follow then.
type lists struct {
	data []byte
	at   []uint32 // of a term's list; one more than there are terms
}

// texts of documents as terms, packed: seven bits a byte, the commonest words
// in one byte.
type sequences struct {
	data []byte
	at   []uint32
}

func (l *lists) count(t term) int {
	n, _ := varint(l.data, int(l.at[t]))
	return int(n)
}

// varint reads the number at b[i:] and returns it with where the next begins.
func varint(b []byte, i int) (uint32, int) {
	c := b[i]
	if c < 0x80 {
		return uint32(c), i + 1
	}
	v := uint32(c & 0x7f)
	for shift := 7; ; shift += 7 {
		i++
		c = b[i]
		v |= uint32(c&0x7f) << shift
		if c < 0x80 {
			return v, i + 1
		}
	}
}

func putVarint(b []byte, v uint32) int {
	n := 0
	for v >= 0x80 {
		b[n] = byte(v) | 0x80
		v >>= 7
		n++
	}
	b[n] = byte(v)
	return n + 1
}

func sizeOf(v uint32) uint32 {
	n := uint32(1)
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

// read appends the terms of document d to seq.
func (s *sequences) read(d int, seq []term) []term {
	b := s.data[s.at[d]:s.at[d+1]]
	for i := 0; i < len(b); {
		c := b[i]
		if c < 0x80 {
			seq = append(seq, term(c))
			i++
			continue
		}
		if second := b[i+1]; second < 0x80 {
			seq = append(seq, term(c&0x7f)|term(second)<<7)
			i += 2
			continue
		}
		var t term
		t, i = varint(b, i)
		seq = append(seq, t)
	}
	return seq
}

func (s *sequences) add(seq []term) {
	if s.at == nil {
		s.at = append(s.at, 0)
	}
	var b [5]byte
	for _, t := range seq {
		s.data = append(s.data, b[:putVarint(b[:], t)]...)
	}
	s.at = append(s.at, uint32(len(s.data)))
}

// clip gives back what growing left over.
func clip[T any](a []T) []T { return append(make([]T, 0, len(a)), a...) }
