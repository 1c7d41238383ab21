-- Every request to the office is a case. The open columns hold nothing personal:
-- receipt and token are useless without proof (keyed hash) or the token itself
-- (hash), the person is a blind index, and all else is sealed with the case's own
-- key. Deleting data_key destroys the personal part, in later backups too.
CREATE TABLE cases (
	id              TEXT PRIMARY KEY,
	receipt         TEXT NOT NULL UNIQUE,
	token_hash      TEXT NOT NULL UNIQUE,
	proof_hash      TEXT NOT NULL,
	kind            TEXT NOT NULL,
	programme       TEXT NOT NULL,
	place           TEXT NOT NULL, -- location, or ''
	division        TEXT NOT NULL,
	scope           TEXT NOT NULL, -- JSON list of divisions, self first
	for_whom        TEXT NOT NULL,
	identity        TEXT NOT NULL,
	status          TEXT NOT NULL,
	status_at       BIGINT NOT NULL,
	received_at     BIGINT NOT NULL,
	accepted_at     BIGINT,
	due_at          BIGINT,
	provisional     BOOLEAN NOT NULL,
	acknowledge_by  BIGINT,
	acknowledged_at BIGINT,
	closed          BOOLEAN NOT NULL,
	flagged         BOOLEAN NOT NULL,
	person          TEXT,
	once            TEXT,          -- person, while a second open case of the programme is refused
	data_key        TEXT,          -- wrapped; NULL: destroyed
	token           TEXT NOT NULL, -- sealed
	body            TEXT NOT NULL  -- sealed
);
CREATE UNIQUE INDEX cases_once ON cases (once, programme) WHERE once IS NOT NULL;
CREATE INDEX cases_recent ON cases (received_at, id);
CREATE INDEX cases_person ON cases (person) WHERE person IS NOT NULL;

-- The timeline, and at the same time the evidence: what the office said, when,
-- and under which message id. The state of a case is worked out from it, so that
-- the order of arrival does not matter. detail (reason, legal basis, what is
-- asked for) is sealed with the case's key.
CREATE TABLE case_events (
	id       TEXT PRIMARY KEY,
	case_id  TEXT NOT NULL REFERENCES cases (id),
	status   TEXT NOT NULL,
	at       BIGINT NOT NULL,
	noted_at BIGINT NOT NULL,
	source   TEXT NOT NULL, -- portal, resident, or the endpoint that signed it
	message  TEXT NOT NULL, -- its webhook id, or ''
	due_at   BIGINT,        -- as the office said
	unusual  BOOLEAN NOT NULL,
	detail   TEXT           -- sealed
);
CREATE INDEX case_events_case ON case_events (case_id, at);
