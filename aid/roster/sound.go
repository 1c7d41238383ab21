package roster

import (
	"strings"

	"mashang/platform/privacy"
	"mashang/platform/text"
)

// mostReadings bounds in how many ways a name that is asked for is read: of four characters each with two readings all.
const mostReadings = 16

// sounds tells how whole names sound, and remembers the characters it has looked up. Tones do not count: nobody types
// them. What dialects confuse (n and l, -n and -ng, z and zh) is told apart: 陈 and 程 do not sound the same to who reads
// "读音相同", and of 8,000 looks among 300 made-up neighbours each, 0.57% would have met a stranger instead of 0.27%.
type sounds struct {
	known map[rune][]string
	buf   strings.Builder
}

func newSounds() *sounds { return &sounds{known: map[rune][]string{}} }

func (s *sounds) of(r rune) []string {
	all, ok := s.known[r]
	if !ok {
		all = text.Readings(r)
		if len(s.known) < 30_000 {
			s.known[r] = all
		}
	}
	return all
}

// name is how a name is read first of all, "" when it is not written in Chinese characters alone.
func (s *sounds) name(whole string) string {
	if whole == "" {
		return ""
	}
	s.buf.Reset()
	var first, second rune
	for i, r := range whole {
		switch {
		case i == 0:
			first = r
		case second == 0:
			second = r
		}
	}
	a, b, pair := text.PairReading(first, second)
	n := 0
	for _, r := range whole {
		reading := ""
		switch {
		case pair && n == 0:
			reading = a
		case pair && n == 1:
			reading = b
		case n == 0:
			reading = text.SurnameReading(r)
		default:
			reading = text.GivenReading(r)
		}
		if reading == "" {
			all := s.of(r)
			if len(all) == 0 {
				return ""
			}
			reading = all[0]
		}
		if n++; n > 1 {
			s.buf.WriteByte(' ')
		}
		s.buf.WriteString(reading)
	}
	if n < 2 {
		return ""
	}
	return s.buf.String()
}

// names lists how a name that is asked for may be read: as name has it, and in its other readings.
func (s *sounds) names(whole string) []string {
	first := s.name(whole)
	if first == "" {
		return nil
	}
	all := []string{""}
	for i, r := range whole {
		readings := s.of(r)
		if own := text.SurnameReading(r); i == 0 && own != "" {
			readings = []string{own, readings[0]} // rare readings of a surname would bring strangers
		}
		var next []string
		for _, reading := range readings {
			for _, before := range all {
				if next = append(next, strings.TrimSpace(before+" "+reading)); len(next) == mostReadings {
					break
				}
			}
			if len(next) == mostReadings {
				break
			}
		}
		all = next
	}
	out := []string{first}
	for _, one := range all {
		if one != first && len(out) < mostReadings {
			out = append(out, one)
		}
	}
	return out
}

// hashes makes the keyed hashes by which a whole name, and what sounds like it, are found within one village.
type hashes struct {
	name, sound *privacy.Blinder
	sounds      *sounds
}

func newHashes(name, sound []byte) *hashes {
	return &hashes{privacy.NewBlinder(name, "roster.name"), privacy.NewBlinder(sound, "roster.sound"), newSounds()}
}

// of gives both; a name without a sound has 0.
func (h *hashes) of(village, name string) (hash string, sound int64) {
	name = whole(name)
	hash = h.name.Text(village, "\n", name)
	if reading := h.sounds.name(name); reading != "" {
		sound = h.sound.Number(village, "\n", reading)
	}
	return hash, sound
}

// alike lists the hashes of what sounds like a name.
func (h *hashes) alike(village, name string) []int64 {
	var all []int64
	for _, reading := range h.sounds.names(whole(name)) {
		all = append(all, h.sound.Number(village, "\n", reading))
	}
	return all
}
