-- Secrets the portal makes for itself at first use (signing and index keys),
-- sealed with the key ring, so that a copy of the database alone opens nothing.
CREATE TABLE secrets (
	name    TEXT PRIMARY KEY,
	sealed  TEXT NOT NULL,
	made_at BIGINT NOT NULL
);
