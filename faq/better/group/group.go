// Package group puts questions together that ask the same in other words or with other characters. It learns nothing: the
// same questions in the same order always give the same groups, and a question once put away is never moved.
package group

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"

	"mashang/platform/text"
)

const (
	// alike is how alike a question and the one a group began with must be.
	alike = .53
	// apart is what is left of the likeness of questions that speak of different programmes.
	apart = .9
	// Most is how many groups are compared with; beyond it those that nothing joined for longest rest.
	Most = 8000
	// longest is how many characters of a question are looked at.
	longest = 120
	// Sounds weigh more than characters: who speaks into a telephone gets the sound right.
	bySound, byLetter = .6, .4
)

// faint are the characters that a question has in any wording.
const faint = "的了吗呢啊吧呀嘛么哦喔呐哈啦我你您他她它们请问想要能可以是有个这那就都还也又和跟与在"

// asking are those that ask: they tell groups apart by what is asked, and not as well as what it is asked of.
const asking = "怎么什样多少哪里几谁为何咋啥吗办没不"

var faintWords = []string{"the", "a", "an", "i", "my", "me", "is", "are", "do", "doe", "can", "to", "of", "for", "in", "on", "it", "and", "pleas", "you", "we"}

// sign is one feature of a question, with what it weighs.
type sign struct {
	key    uint64
	weight float32
}

// Shape is what of a question is compared.
type Shape struct {
	letters, sounds []sign // sorted by key
	letter, sound   float32
	pairs           []sign  // of the sounds those by which a group is found
	single          float32 // what the others weigh together
}

// Of takes a question apart.
func Of(question string) Shape {
	var s Shape
	var before, beforeSound string
	var weightBefore float32
	n := 0
	text.Tokens(text.Fold(question), func(token string, kind text.Kind) bool {
		if kind == text.Break {
			before, beforeSound = "", ""
			return true
		}
		if n++; n > longest {
			return false
		}
		sound, weight := token, float32(1)
		if kind == text.Han {
			sound = heard(token)
			switch {
			case strings.Contains(faint, token):
				weight = .2
			case strings.Contains(asking, token):
				weight = .6
			}
		} else if slices.Contains(faintWords, token) {
			weight = .2
		}
		single := float32(.4)
		if kind != text.Han {
			single = 1
		}
		s.letters = append(s.letters, sign{key("", token), weight * single})
		s.sounds = append(s.sounds, sign{key("", sound), weight * single})
		if kind != text.Han && weight == 1 {
			s.pairs = append(s.pairs, sign{key("", sound), weight}) // a word says as much as two characters
		}
		if before != "" {
			pair := (weight + weightBefore) / 2
			if kind != text.Han {
				pair *= .5
			}
			s.letters = append(s.letters, sign{key(before, token), pair})
			s.sounds = append(s.sounds, sign{key(beforeSound, sound), pair})
			s.pairs = append(s.pairs, sign{key(beforeSound, sound), pair})
		}
		before, beforeSound, weightBefore = token, sound, weight
		return true
	})
	s.letters, s.letter = settle(s.letters)
	s.sounds, s.sound = settle(s.sounds)
	var paired float32
	if s.pairs, paired = settle(s.pairs); len(s.pairs) == 0 {
		s.pairs, paired = s.sounds, s.sound
	}
	s.single = s.sound - paired
	return s
}

// heard is how a character sounds to who does not tell zh from z.
func heard(character string) string {
	s := text.Syllable([]rune(character)[0])
	if s == "" {
		return character
	}
	return text.Loose(s)
}

func key(before, token string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(before))
	h.Write([]byte{0})
	h.Write([]byte(token))
	return h.Sum64()
}

// settle sorts the signs, each once.
func settle(all []sign) ([]sign, float32) {
	slices.SortFunc(all, func(a, b sign) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(b.weight, a.weight)) })
	all = slices.CompactFunc(all, func(a, b sign) bool { return a.key == b.key })
	var sum float32
	for _, s := range all {
		sum += s.weight
	}
	return all, sum
}

// Like is how alike two questions are, from 0 to 1.
func Like(a, b Shape) float64 {
	return bySound*dice(a.sounds, b.sounds, a.sound, b.sound) + byLetter*dice(a.letters, b.letters, a.letter, b.letter)
}

func dice(a, b []sign, sumA, sumB float32) float64 {
	if sumA+sumB == 0 {
		return 0
	}
	var both float32
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].key < b[j].key:
			i++
		case a[i].key > b[j].key:
			j++
		default:
			both += min(a[i].weight, b[j].weight)
			i++
			j++
		}
	}
	return float64(2 * both / (sumA + sumB))
}
