-- Who agreed to be checked (核对授权), one row a person, from the asking to the withdrawal. A row belongs to a draft until
-- the application is filed and to the case from then on. Names, what was written and drawn, and the secrets of the
-- asking are sealed with the row's own key; who is a keyed hash, so that a person has one row and no name stands open.
CREATE TABLE consents (
	id           TEXT PRIMARY KEY,
	draft        TEXT NOT NULL, -- '' once filed
	case_id      TEXT NOT NULL, -- '' before
	who          TEXT NOT NULL, -- keyed hash of the person within the draft or case
	place        BIGINT NOT NULL, -- the order in which people are listed
	state        TEXT NOT NULL CHECK (state IN ('open', 'asked', 'signed', 'refused', 'withdrawn')),
	version      TEXT NOT NULL, -- of the text that was shown, '' before
	words        TEXT NOT NULL, -- id in consent_texts, '' before
	wrapped_key  TEXT NOT NULL,
	sealed       TEXT NOT NULL,
	code_hash    TEXT NOT NULL, -- '' when nobody was asked
	token_hash   TEXT NOT NULL,
	made_at      BIGINT NOT NULL,
	until        BIGINT,        -- an asking nobody answered
	signed_at    BIGINT,
	withdrawn_at BIGINT
);
CREATE UNIQUE INDEX consents_draft ON consents (draft, who) WHERE draft <> '';
CREATE UNIQUE INDEX consents_case ON consents (case_id, who) WHERE case_id <> '';
CREATE UNIQUE INDEX consents_code ON consents (code_hash) WHERE code_hash <> '';
CREATE UNIQUE INDEX consents_token ON consents (token_hash) WHERE token_hash <> '';

-- The words people agreed to, each kept once and for as long as a consent may be asked about.
CREATE TABLE consent_texts (
	id      TEXT PRIMARY KEY,
	version TEXT NOT NULL,
	lang    TEXT NOT NULL,
	body    TEXT NOT NULL, -- JSON list of lines
	made_at BIGINT NOT NULL
);
