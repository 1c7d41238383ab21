-- Who calls again. A call for help and a lead are never refused; a further one of the same phone, or one of very many from
-- one address, goes to the lane of those that are looked at together ('verify') and names the first. Both hashes are keyed;
-- that of the address is emptied after a week, that of the phone goes with the case's key. seen_by is the division of who
-- read the call first.
CREATE TABLE case_calls (
	case_id TEXT PRIMARY KEY REFERENCES cases (id),
	kind    TEXT NOT NULL,
	phone   TEXT NOT NULL,
	address TEXT NOT NULL,
	lane    TEXT NOT NULL, -- '' or verify
	leader  TEXT NOT NULL, -- the first of its group, '' for a call of its own
	seen_by TEXT NOT NULL,
	at      BIGINT NOT NULL
);
CREATE INDEX case_calls_phone ON case_calls (kind, phone, at) WHERE phone <> '';
CREATE INDEX case_calls_address ON case_calls (kind, address, at) WHERE address <> '';
CREATE INDEX case_calls_leader ON case_calls (leader) WHERE leader <> '';

-- Calls that nobody has answered, and those not yet dealt with, are looked for every few seconds.
CREATE INDEX cases_calls ON cases (received_at) WHERE kind = 'emergency' AND closed = FALSE;
