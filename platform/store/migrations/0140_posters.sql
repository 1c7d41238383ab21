-- What was printed, by whom and with which words, so that the office knows which posters on the walls say something
-- that no longer holds. A run is one file that was made: its choice and filter are JSON, its file a sealed one in the
-- vault that goes after a while, while the run stays. A run is void when its sheets were thrown away unhung.
CREATE TABLE poster_runs (
	id         TEXT PRIMARY KEY,
	made_at    BIGINT NOT NULL,
	made_by    TEXT NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('making', 'done', 'void')),
	division   TEXT NOT NULL,
	choice     TEXT NOT NULL,
	chosen     TEXT NOT NULL,
	places     BIGINT NOT NULL,
	key_number BIGINT NOT NULL,
	host       TEXT NOT NULL,
	hotline    TEXT NOT NULL,
	file       TEXT NOT NULL,
	bytes      BIGINT NOT NULL,
	job        TEXT NOT NULL
);

CREATE INDEX poster_runs_time ON poster_runs (made_at);

-- One sheet of a run: what stands on it about its location.
CREATE TABLE poster_prints (
	run      TEXT NOT NULL REFERENCES poster_runs (id),
	location TEXT NOT NULL,
	number   TEXT NOT NULL,
	name     TEXT NOT NULL,
	line     TEXT NOT NULL,
	PRIMARY KEY (run, location)
);

CREATE INDEX poster_prints_location ON poster_prints (location);
