-- Who told us of somebody who may need help. It has a key of its own, apart from the lead's, is opened apart and is
-- destroyed earlier: nobody who may read the lead learns by that who told.
CREATE TABLE lead_reporters (
	case_id  TEXT PRIMARY KEY REFERENCES cases (id),
	data_key TEXT NOT NULL, -- wrapped
	sealed   TEXT NOT NULL,
	at       BIGINT NOT NULL
);

-- Which village helper filled in a case for somebody. A helper sees these cases and no others.
CREATE TABLE case_helpers (
	case_id TEXT PRIMARY KEY REFERENCES cases (id),
	account TEXT NOT NULL,
	at      BIGINT NOT NULL
);
CREATE INDEX case_helpers_account ON case_helpers (account, at);
