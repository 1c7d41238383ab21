-- Inspection rounds: which posters somebody is to look at until when, and what was found. The position is kept to about
-- ten metres (ten-thousandths of a degree). There is no free text. An inspection's id comes from the form, so that one
-- that is sent twice over a weak network is kept once.
CREATE TABLE rounds (
	id       TEXT PRIMARY KEY,
	name     TEXT NOT NULL,
	division TEXT NOT NULL,
	account  TEXT NOT NULL, -- who walks it; '' is anybody of the division
	due      BIGINT NOT NULL,
	made_by  TEXT NOT NULL,
	made_at  BIGINT NOT NULL,
	ended_at BIGINT
);
CREATE INDEX rounds_due ON rounds (due);

CREATE TABLE round_spots (
	round    TEXT NOT NULL REFERENCES rounds (id),
	location TEXT NOT NULL,
	PRIMARY KEY (round, location)
);
CREATE INDEX round_spots_location ON round_spots (location);

CREATE TABLE inspections (
	id       TEXT PRIMARY KEY,
	location TEXT NOT NULL,
	round    TEXT NOT NULL, -- '' outside a round
	state    TEXT NOT NULL,
	account  TEXT NOT NULL,
	at       BIGINT NOT NULL,
	photo    TEXT NOT NULL, -- file, or ''
	lat      BIGINT,
	lon      BIGINT,
	away     BIGINT -- metres from where it was seen before
);
CREATE INDEX inspections_location ON inspections (location, at);
CREATE INDEX inspections_round ON inspections (round);
