package search

import "math"

// The features of a candidate. Those up to relative are also given as a
// share of the best in the list, after all others.
const (
	fFirst       = iota // first stage
	fTitleCover         // share of the question the title covers
	fTitleShare         // share of the title the question covers
	fCover              // share of the question title and body cover
	fWindow30           // best passage of so many tokens
	fWindow80           //
	fRun                // heaviest run of the question in the body
	fPhrase             // question covered by runs, longer ones counting more
	fPhrase3            // the same for runs of three and more
	fPhraseBoth         // runs in title or body
	fLogCount           // occurrences, each counting less
	fBodyFlat           // BM25 of the body, length hardly mattering
	fBodySteep          // BM25 of the body, length mattering much
	fModel              // language model with a Dirichlet prior
	fTitle              // title by its length
	fOwnQuestion        // nearest stored question
	fTranslated         // words of stored questions for words of this text
	fOwnWords           // stored questions taken together
	relative            // how many features are given as a share, too
)

const (
	fFirstShare = iota + relative // of the most the question could score
	fTitleLen
	fTitleRun
	fCoverSingle
	fCoverPair
	fWorstMiss
	fLead
	fWindow30Share
	fWindow80Share
	fSecondOwn
	fNumberHere
	fDateHere
	fPhoneHere
	fWindowAt
	fRunWeight
	fPairShare
	fTailMiss
	fNumberMatch
	fPlaceTitle
	fPlaceBody
	fPlaceConflict
	fPlaceAbsent
	fPlaceProvince
	fBodyLen
	fQuestionLen
	fMissing
	fRareMiss
	fTitleExact
	fWindow12Share
	fWindow200Share
	fLead40
	fOwnCount
	plain // features that depend on one document alone
)

const (
	fRank        = plain + relative
	featureCount = fRank + 1
)

type row [featureCount]float32

// FeatureNames names the columns of Rows.
func FeatureNames() []string {
	names := make([]string, featureCount)
	copy(names, []string{"first", "title_cover", "title_share", "cover", "window30", "window80", "run", "phrase", "phrase3",
		"phrase_both", "log_count", "body_flat", "body_steep", "model", "title", "own_question", "translated", "own_words",
		"first_share", "title_len", "title_run", "cover_single", "cover_pair", "worst_miss", "lead", "window30_share", "window80_share",
		"second_own", "number_here", "date_here", "phone_here", "window_at", "run_weight", "pair_share",
		"tail_miss", "number_match", "place_title", "place_body", "place_conflict", "place_absent", "place_province", "body_len", "question_len", "missing",
		"rare_miss", "title_exact", "window12_share", "window200_share", "lead40", "own_count"})
	for i := range relative {
		names[plain+i] = "of_best:" + names[i]
	}
	names[fRank] = "rank"
	return names
}

// features measures the candidates; the rows live in s.
func (x *Index) features(q *query, found []candidate, s *scratch) []row {
	s.begin(x, q)
	defer s.end(q)
	if cap(s.rows) < len(found) {
		s.rows = make([]row, len(found))
	}
	rows := s.rows[:len(found)]
	for i, c := range found {
		r := &rows[i]
		*r = row{}
		r[fFirst], r[fFirstShare] = c.score, c.score/(q.ideal+1e-6)
		x.titleFeatures(q, c.doc, s, r)
		x.bodyFeatures(q, c.doc, s, r)
		x.runFeatures(q, s, r)
		x.matterFeatures(q, s, r)
		x.placeFeatures(q, c.doc, r)
		r[fBodyLen] = float32(math.Log1p(float64(x.bodyLen[c.doc])))
		r[fQuestionLen] = float32(q.tokens)
		r[fMissing] = q.missing / (q.missing + q.seqSum)
		r[fRank] = float32(i)
	}
	if x.stored != nil {
		x.stored.features(x, q, found, s, rows)
	}
	for f := range relative {
		var best float32
		for i := range rows {
			best = max(best, rows[i][f])
		}
		for i := range rows {
			rows[i][plain+f] = rows[i][f] / (best + 1e-6)
		}
	}
	return rows
}

func (x *Index) titleFeatures(q *query, doc uint32, s *scratch, r *row) {
	clear(s.inTitle)
	s.titleHits = s.titleHits[:0]
	var all, matched, covered float32
	title := x.titleOf(int(doc), s.title[:0])
	s.title = title
	for i, t := range title {
		if t == gap {
			continue
		}
		all += x.idf[t]
		at := s.at[t]
		if at == 0 {
			continue
		}
		matched += x.idf[t]
		s.titleHits = append(s.titleHits, hit{at: int32(i), single: at - 1, pair: -1})
		if !s.inTitle[at-1] {
			s.inTitle[at-1] = true
			covered += q.words[at-1].weight
		}
		if i > 0 && title[i-1] != gap {
			if p, ok := q.pair[pairKey(title[i-1], t)]; ok && !s.inTitle[p] {
				s.inTitle[p] = true
				covered += q.words[p].weight
			}
		}
	}
	r[fTitleCover] = covered / q.sum
	r[fTitleShare] = matched / (all + 1e-6)
	r[fTitleLen] = float32(len(title))
	if matched > 0 {
		r[fTitleExact] = 2 * r[fTitleCover] * r[fTitleShare] / (r[fTitleCover] + r[fTitleShare] + 1e-6)
	}
}

// hit is an occurrence in a body of a word of the question.
type hit struct {
	at           int32
	single, pair int16 // places in the question's words; pair is -1 for none
}

func (x *Index) bodyFeatures(q *query, doc uint32, s *scratch, r *row) {
	s.hits = s.hits[:0]
	clear(s.full)
	body := x.bodyOf(int(doc), s.body[:0])
	s.body = body
	for i, t := range body {
		at := s.at[t]
		if at == 0 {
			continue
		}
		h := hit{int32(i), at - 1, -1}
		s.full[h.single]++
		if n := len(s.hits) - 1; n >= 0 && s.hits[n].at == h.at-1 {
			if p := s.pairAt[int(s.hits[n].single)*len(q.words)+int(h.single)]; p > 0 {
				h.pair = p - 1
				s.full[h.pair]++
			}
		}
		s.hits = append(s.hits, h)
	}
	x.coverFeatures(q, doc, s, r)
	x.leadFeature(q, s, r)
	x.windowFeatures(q, s, r)
}

func (x *Index) coverFeatures(q *query, doc uint32, s *scratch, r *row) {
	var single, pair, singles, pairs, worst, counts, flat, steep, model, title, rare, rarest float32
	length := x.bodyLen[doc]
	for i := range q.words {
		w, n := &q.words[i], float32(s.full[i])
		has := n > 0 || s.inTitle[i]
		switch {
		case w.single && has:
			singles, single = singles+w.weight, single+w.weight
		case w.single:
			singles += w.weight
		case has:
			pairs, pair = pairs+w.weight, pair+w.weight
		default:
			pairs += w.weight
		}
		if !has && w.weight > 0 {
			worst = max(worst, w.idf)
		}
		if w.weight > rarest {
			rarest = w.weight
			rare = 1
			if has {
				rare = 0
			}
		}
		if n > 0 {
			counts += w.weight * log1p(n)
			flat += w.weight * n * 2 / (n + (.7 + .3*length))
			steep += w.weight * n * 2.8 / (n + 1.8*(.1+.9*length))
			model += w.weight * log1p(n*8/(length+.3))
		}
		if s.inTitle[i] {
			title += w.weight / (.5 + .5*x.titleLen[doc])
		}
	}
	r[fCoverSingle], r[fCoverPair] = single/(singles+1e-6), pair/(pairs+1e-6)
	r[fCover] = (single + pair) / q.sum
	r[fWorstMiss], r[fRareMiss] = worst, rare
	r[fLogCount] = counts / q.sum
	r[fBodyFlat], r[fBodySteep], r[fModel], r[fTitle] = flat, steep, model, title
}

// leadFeature is what the first 40 and the first 120 tokens cover.
func (x *Index) leadFeature(q *query, s *scratch, r *row) {
	clear(s.count)
	var lead float32
	take := func(i int16) {
		if i >= 0 && s.count[i] == 0 {
			lead += q.words[i].weight
			s.count[i] = 1
		}
	}
	for _, h := range s.hits {
		if h.at > 120 {
			break
		}
		take(h.single)
		take(h.pair)
		if h.at <= 40 {
			r[fLead40] = lead / q.sum
		}
	}
	r[fLead] = lead / q.sum
}

// matterFeatures look for the kind of answer that is wanted near the best
// passage, and for the numbers of the question.
func (x *Index) matterFeatures(q *query, s *scratch, r *row) {
	body := s.body
	from, to := max(int(s.bestAt)-15, 0), min(int(s.bestAt)+100, len(body))
	var numbers, years, long float32
	for _, t := range body[min(from, to):to] {
		if x.marks[t]&isNumber == 0 || s.at[t] > 0 {
			continue
		}
		numbers++
		if x.marks[t]&isYear != 0 {
			years = 1
		}
		if x.marks[t]&isLong != 0 {
			long++
		}
	}
	numbers = min(numbers, 3)
	r[fNumberHere] = q.asks[wantsNumber] * numbers
	r[fDateHere] = q.asks[wantsDate] * (numbers + 2*years)
	r[fPhoneHere] = q.asks[wantsPhone] * min(long, 2)
	r[fWindowAt] = log1p(float32(s.bestAt))
	if len(q.number) == 0 {
		return
	}
	found := float32(0)
	for _, t := range q.number {
		if i := s.at[t] - 1; s.full[i] > 0 || s.inTitle[i] {
			found++
		}
	}
	r[fNumberMatch] = found/float32(len(q.number)) - 1
}

func (x *Index) placeFeatures(q *query, doc uint32, r *row) {
	lead, count := x.placesIn(int(doc))
	if len(q.places) == 0 {
		for _, f := range [...]int{fPlaceTitle, fPlaceBody, fPlaceAbsent, fPlaceProvince, fPlaceConflict} {
			r[f] = -1
		}
		if len(lead) > 0 {
			r[fPlaceConflict] = -2
		}
		return
	}
	other := false
	for _, want := range q.places {
		for _, id := range lead {
			switch have := x.names.byID[id]; {
			case have.id == want.id:
				r[fPlaceTitle] = 1
			case have.province == want.province && have.province != 0:
				r[fPlaceProvince] = 1
			default:
				other = true
			}
		}
		if n := count(want.id); n > 0 {
			r[fPlaceBody] = max(r[fPlaceBody], log1p(float32(n)))
		}
	}
	if other && r[fPlaceTitle] == 0 && r[fPlaceProvince] == 0 {
		r[fPlaceConflict] = 1
	}
	if r[fPlaceBody] == 0 && r[fPlaceTitle] == 0 {
		r[fPlaceAbsent] = 1
	}
}

func log1p(v float32) float32 { return float32(math.Log1p(float64(v))) }
