-- What the office has changed in the lexicon that ships: a row here stands in the place of the shipped one with the same
-- words. What nobody changed is no row, so that a newer program brings its newer words and takes back none of the office's.
CREATE TABLE sayings (
	name TEXT PRIMARY KEY, -- the words, folded
	body TEXT NOT NULL,    -- JSON
	at   BIGINT NOT NULL
);
-- Which words a change of the review desk is about, see translation_lists.
CREATE TABLE saying_lists (
	id    TEXT PRIMARY KEY,
	names TEXT NOT NULL, -- JSON
	at    BIGINT NOT NULL
);
