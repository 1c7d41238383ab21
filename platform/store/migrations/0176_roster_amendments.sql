-- A correction of a line that is public waits here for a second person when it adds or raises something. No name is kept:
-- the line has it, and a line that is gone takes its corrections along.
CREATE TABLE roster_amendments (
	id             TEXT PRIMARY KEY,
	publication    TEXT NOT NULL,
	entry          TEXT NOT NULL REFERENCES roster_entries (id) ON DELETE CASCADE,
	reason         TEXT NOT NULL,
	made_by        TEXT NOT NULL,
	made_at        BIGINT NOT NULL,
	was_size       BIGINT NOT NULL,
	was_persons    BIGINT NOT NULL,
	was_cents      BIGINT NOT NULL,
	household_size BIGINT NOT NULL,
	persons        BIGINT NOT NULL,
	cents          BIGINT NOT NULL,
	state          TEXT NOT NULL CHECK (state IN ('open', 'agreed', 'refused')),
	decided_by     TEXT NOT NULL,
	decided_at     BIGINT
);
CREATE INDEX roster_amendments_publication ON roster_amendments (publication, state);
CREATE INDEX roster_amendments_entry ON roster_amendments (entry);
