-- The people behind the counter: who may sign in, as what, and for which division.
-- An account is never deleted, because the audit names it; it is disabled.
CREATE TABLE staff_accounts (
	name        TEXT PRIMARY KEY,
	role        TEXT NOT NULL,
	scope       TEXT NOT NULL, -- division code; '' is the whole county
	password    TEXT NOT NULL, -- $argon2id$…
	disabled    BOOLEAN NOT NULL,
	renew       BOOLEAN NOT NULL, -- the password was given by somebody else and must be changed
	made_at     BIGINT NOT NULL,
	password_at BIGINT NOT NULL,
	signed_at   BIGINT
);

-- Sessions are kept under the hash of their token, so that reading the table lets
-- nobody in. They end by seen_at (idle) and made_at (in all), on the portal's clock.
CREATE TABLE staff_sessions (
	hash    TEXT PRIMARY KEY,
	account TEXT NOT NULL REFERENCES staff_accounts (name),
	data    BYTEA NOT NULL,
	made_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL
);
CREATE INDEX staff_sessions_account ON staff_sessions (account);
CREATE INDEX staff_sessions_seen ON staff_sessions (seen_at);
