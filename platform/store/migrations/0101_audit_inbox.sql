-- What was done is noted here first, each note for itself: who writes one waits for
-- nobody. A job takes the notes into the chain (audit) in their order and gives them
-- their numbers. mac is keyed, so that a note changed or put in before that shows too.
CREATE TABLE audit_inbox (
	id      TEXT PRIMARY KEY,
	at      BIGINT NOT NULL,
	actor   TEXT NOT NULL,
	action  TEXT NOT NULL,
	object  TEXT NOT NULL,
	detail  TEXT NOT NULL,
	address TEXT NOT NULL,
	mac     TEXT NOT NULL
);

-- The id of the note a row was made of, so that a note put back is not chained
-- twice; '' for rows from before there were notes.
ALTER TABLE audit ADD COLUMN id TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX audit_id ON audit (id) WHERE id <> '';
CREATE INDEX audit_at ON audit (at);
