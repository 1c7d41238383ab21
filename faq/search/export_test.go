package search

// Bare is the first stage alone: BM25F over all documents.
func Bare(x *Index, question string) int {
	s := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	return len(x.first30(x.parse(question), s))
}
