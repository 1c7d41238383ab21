-- A division that ended may say which one it merged into, so that its codes lead on. Offices keep their hours as data
-- and the days they close; an office whose phone nobody knows is marked as such, because one without a phone is not
-- taken otherwise. Who looks after a poster is personal and lies sealed beside the locations.
ALTER TABLE divisions ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';

ALTER TABLE offices ADD COLUMN week TEXT NOT NULL DEFAULT '[[],[],[],[],[],[],[]]';
ALTER TABLE offices ADD COLUMN closed TEXT NOT NULL DEFAULT '[]';
ALTER TABLE offices ADD COLUMN no_phone BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE locations ADD COLUMN hung_on BIGINT;

CREATE TABLE custodians (
	location TEXT PRIMARY KEY,
	sealed   TEXT NOT NULL,
	set_by   TEXT NOT NULL,
	set_at   BIGINT NOT NULL
);

-- What was decided about divisions (区划调整), with the rows as they stood before, so that a change that has not begun
-- can be taken back exactly. The divisions themselves are the truth; this is how they came to be.
CREATE TABLE reforms (
	id        TEXT PRIMARY KEY,
	kind      TEXT NOT NULL,
	code      TEXT NOT NULL,
	other     TEXT NOT NULL,
	name      TEXT NOT NULL,
	day       BIGINT NOT NULL,
	document  TEXT NOT NULL,
	put       TEXT NOT NULL,
	before    TEXT NOT NULL,
	made_by   TEXT NOT NULL,
	made_at   BIGINT NOT NULL,
	undone_by TEXT NOT NULL,
	undone_at BIGINT
);
CREATE INDEX reforms_code ON reforms (code, day);
