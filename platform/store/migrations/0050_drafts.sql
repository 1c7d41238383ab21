-- Applications being written, kept from the first answer so that a lost page loses nothing. Each draft is sealed with
-- its own key, page by page: two tabs overwrite one page at the most. Closing or expiring a draft destroys the key.
CREATE TABLE drafts (
	id          TEXT PRIMARY KEY,
	programme   TEXT NOT NULL,
	version     TEXT NOT NULL,
	place       TEXT NOT NULL,
	division    TEXT NOT NULL,
	secret_hash TEXT NOT NULL,
	code_hash   TEXT NOT NULL UNIQUE,
	wrapped_key TEXT NOT NULL,
	head        TEXT NOT NULL,
	reply       TEXT NOT NULL,
	created_at  BIGINT NOT NULL,
	updated_at  BIGINT NOT NULL,
	expires_at  BIGINT NOT NULL,
	closed_at   BIGINT
);
CREATE INDEX drafts_expiry ON drafts (expires_at);

CREATE TABLE draft_pages (
	draft      TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
	page       TEXT NOT NULL,
	version    BIGINT NOT NULL,
	sealed     TEXT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (draft, page)
);

-- Pictures, by whom they belong to: a draft, a case, or nobody yet. The pictures themselves are in the vault.
CREATE TABLE papers (
	id       TEXT PRIMARY KEY,
	draft    TEXT NOT NULL,
	case_id  TEXT NOT NULL,
	kind     TEXT NOT NULL,
	state    TEXT NOT NULL CHECK (state IN ('uploading', 'saved')),
	size     BIGINT NOT NULL,
	width    BIGINT NOT NULL,
	height   BIGINT NOT NULL,
	made_at  BIGINT NOT NULL
);
CREATE INDEX papers_draft ON papers (draft, made_at);
CREATE INDEX papers_case ON papers (case_id);
