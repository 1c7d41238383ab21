-- What the office says about itself (names, hotline, filing numbers, emblem): one
-- row, changed as a whole. version grows with each change, so that two people who
-- edit at once do not overwrite each other.
CREATE TABLE settings (
	id         TEXT PRIMARY KEY CHECK (id = 'office'),
	version    BIGINT NOT NULL,
	data       TEXT NOT NULL, -- JSON
	emblem     BYTEA,         -- PNG
	changed_by TEXT NOT NULL,
	changed_at BIGINT NOT NULL
);
