-- When a division changes hands, the open cases filed there become visible to whoever manages it now. Each such widening
-- is kept, because somebody will ask since when an office could see a case, and why.
CREATE TABLE case_handovers (
	id       TEXT PRIMARY KEY,
	case_id  TEXT NOT NULL REFERENCES cases (id),
	at       BIGINT NOT NULL,
	added    TEXT NOT NULL
);
CREATE INDEX case_handovers_case ON case_handovers (case_id, at);

-- The job that looks for them compares the open cases' places, of which there are few, not the cases.
CREATE INDEX cases_open_places ON cases (division, scope) WHERE closed = FALSE;
