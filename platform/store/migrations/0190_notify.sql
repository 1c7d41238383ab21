-- Who asked to be told when something becomes theirs (政策找人). person is a keyed
-- hash of the phone: it keeps one subscription a phone and place, and it is all
-- that stays of somebody who left. Phone, year of birth and what concerns them are
-- sealed with the row's own key; who leaves takes the row and the key along.
CREATE TABLE notify_people (
	id           TEXT PRIMARY KEY,
	person       TEXT NOT NULL,
	place        TEXT NOT NULL,
	lang         TEXT NOT NULL,
	state        TEXT NOT NULL CHECK (state IN ('pending', 'active')),
	wrapped_key  TEXT NOT NULL,
	sealed       TEXT NOT NULL,
	consent      TEXT NOT NULL, -- version of the words that were agreed to
	consented_at BIGINT NOT NULL,
	confirmed_at BIGINT,
	renewed_at   BIGINT,        -- said yes the last time
	UNIQUE (person, place, state)
);
CREATE INDEX notify_people_pending ON notify_people (consented_at) WHERE state = 'pending';

-- What stays of who left, to prove that they heard nothing after it.
CREATE TABLE notify_left (
	id           TEXT PRIMARY KEY,
	person       TEXT NOT NULL,
	place        TEXT NOT NULL,
	consent      TEXT NOT NULL,
	consented_at BIGINT NOT NULL,
	confirmed_at BIGINT,
	left_at      BIGINT NOT NULL,
	how          TEXT NOT NULL CHECK (how IN ('link', 'code', 'staff', 'erased', 'lapsed'))
);
CREATE INDEX notify_left_at ON notify_left (left_at);

-- Codes under way. Both columns are keyed hashes; a handle whose code is empty
-- looks like any other and never fits.
CREATE TABLE notify_codes (
	handle TEXT PRIMARY KEY,
	person TEXT NOT NULL,
	use    TEXT NOT NULL CHECK (use IN ('join', 'leave')),
	people TEXT NOT NULL,
	code   TEXT NOT NULL,
	tries  BIGINT NOT NULL,
	until  BIGINT NOT NULL
);
