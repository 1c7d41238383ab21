-- What was public when, for the office: every deed on a list with who did it and why, how much was on it, and a keyed
-- hash of its lines. The lines themselves go some days after the end; the evidence stays and names nobody.
ALTER TABLE roster_publications ADD COLUMN cents BIGINT NOT NULL DEFAULT 0;
ALTER TABLE roster_publications ADD COLUMN list_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE roster_publications ADD COLUMN forgotten_at BIGINT;

CREATE TABLE roster_deeds (
	id          TEXT PRIMARY KEY,
	publication TEXT NOT NULL,
	at          BIGINT NOT NULL,
	deed        TEXT NOT NULL,
	actor       TEXT NOT NULL,
	detail      TEXT NOT NULL,
	households  BIGINT NOT NULL,
	persons     BIGINT NOT NULL,
	cents       BIGINT NOT NULL,
	list_hash   TEXT NOT NULL
);
CREATE INDEX roster_deeds_publication ON roster_deeds (publication, at);

-- How an office's own headers are to be read, by a keyed hash of the headers: no header is kept, for it may name somebody.
CREATE TABLE roster_mappings (
	office  TEXT NOT NULL,
	headers TEXT NOT NULL,
	columns TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	PRIMARY KEY (office, headers)
);
