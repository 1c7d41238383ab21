-- Who of all instances does the work nobody waits for: one row. token grows with
-- every leader, so that what an old one still writes can be told; beat grows while
-- the leader lives. Nothing here is a time: clocks of machines differ and jump.
CREATE TABLE job_lease (
	id     TEXT PRIMARY KEY CHECK (id = 'leader'),
	holder TEXT NOT NULL,
	token  BIGINT NOT NULL,
	beat   BIGINT NOT NULL
);
INSERT INTO job_lease (id, holder, token, beat) VALUES ('leader', '', 0, 0);

-- Work that was asked for or that the clock began, and what became of it. token is
-- the leader's who runs it.
CREATE TABLE job_runs (
	id         TEXT PRIMARY KEY,
	name       TEXT NOT NULL,
	asked_by   TEXT NOT NULL, -- '' for the schedule
	args       TEXT NOT NULL, -- JSON, without personal data
	state      TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
	step       BIGINT NOT NULL,
	total      BIGINT NOT NULL,
	message    TEXT NOT NULL, -- JSON words
	error      TEXT NOT NULL, -- JSON words
	result     TEXT NOT NULL, -- a file of the vault
	attempt    BIGINT NOT NULL,
	cancelling BOOLEAN NOT NULL,
	token      BIGINT NOT NULL,
	queued_at  BIGINT NOT NULL,
	started_at BIGINT,
	ended_at   BIGINT
);
CREATE INDEX job_runs_open ON job_runs (state, queued_at) WHERE state IN ('queued', 'running');
CREATE INDEX job_runs_time ON job_runs (queued_at);

-- How each job that runs by the clock stands. Runs every few seconds leave nothing else.
CREATE TABLE job_schedules (
	name       TEXT PRIMARY KEY,
	day        TEXT NOT NULL, -- the last day a daily job was begun
	started_at BIGINT,
	ended_at   BIGINT,
	state      TEXT NOT NULL,
	error      TEXT NOT NULL, -- JSON words
	failures   BIGINT NOT NULL -- in a row
);
