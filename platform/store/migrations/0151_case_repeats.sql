-- A poster that ten people report is one thing to do. Each of them has a receipt
-- of their own; all but the first case follow that one, and what the office says
-- of it is said of them. The index finds the open report of a poster for /verify.
CREATE TABLE case_repeats (
	case_id TEXT PRIMARY KEY REFERENCES cases (id),
	leader  TEXT NOT NULL REFERENCES cases (id)
);
CREATE INDEX case_repeats_leader ON case_repeats (leader);
CREATE INDEX cases_posters ON cases (place, received_at) WHERE kind = 'poster' AND closed = FALSE;
