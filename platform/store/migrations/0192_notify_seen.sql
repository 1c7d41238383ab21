-- What of the catalogue is known already, so that only what is new is told, and
-- since when it holds. What stood there before the first look is no news.
CREATE TABLE notify_seen (
	fact   TEXT PRIMARY KEY,
	due_at BIGINT NOT NULL
);

-- One row: of which catalogue and day the whole was last looked through.
CREATE TABLE notify_scan (
	id    TEXT PRIMARY KEY,
	shelf BIGINT NOT NULL,
	day   TEXT NOT NULL
);
