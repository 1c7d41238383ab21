-- One filing per idempotency key and kind. content tells whether the same key
-- came with something else. The PIN lies here, sealed with the case's key, only
-- for as long as a lost reply may be asked for again. case_id is checked at the
-- commit, because the key is taken before the case is written.
CREATE TABLE case_keys (
	kind     TEXT NOT NULL,
	key_hash TEXT NOT NULL,
	content  TEXT NOT NULL,
	case_id  TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
	pin      TEXT,
	at       BIGINT NOT NULL,
	PRIMARY KEY (kind, key_hash)
);
CREATE INDEX case_keys_pin ON case_keys (at) WHERE pin IS NOT NULL;

CREATE TABLE case_papers (
	paper   TEXT PRIMARY KEY,
	case_id TEXT NOT NULL REFERENCES cases (id),
	n       BIGINT NOT NULL
);
CREATE INDEX case_papers_case ON case_papers (case_id, n);

-- What a resident added later, sealed with the case's key.
CREATE TABLE case_additions (
	id      TEXT PRIMARY KEY,
	case_id TEXT NOT NULL REFERENCES cases (id),
	at      BIGINT NOT NULL,
	body    TEXT NOT NULL
);
CREATE INDEX case_additions_case ON case_additions (case_id, at);
