-- Who is told, and how both sides know each other. Signing secrets must be read
-- again to sign with, so they are sealed; bearer keys only need to be recognised,
-- so their hash is enough.
CREATE TABLE webhook_endpoints (
	id           TEXT PRIMARY KEY,
	name         TEXT NOT NULL,
	url          TEXT NOT NULL,
	scope        TEXT NOT NULL, -- division code; '' is everything
	topics       TEXT NOT NULL, -- JSON list; [] is all
	disabled     BOOLEAN NOT NULL,
	reason       TEXT NOT NULL,
	paused_until BIGINT,        -- it asked us to wait (429, 502, 503, 504)
	added_at     BIGINT NOT NULL,
	removed_at   BIGINT         -- kept for the history of what it was sent
);

CREATE TABLE webhook_secrets (
	id       TEXT PRIMARY KEY,
	endpoint TEXT NOT NULL REFERENCES webhook_endpoints (id),
	use      TEXT NOT NULL CHECK (use IN ('signing', 'inbound')),
	sealed   TEXT NOT NULL,
	made_at  BIGINT NOT NULL,
	ends_at  BIGINT -- set when a newer one took over
);
CREATE INDEX webhook_secrets_endpoint ON webhook_secrets (endpoint, use);

CREATE TABLE webhook_keys (
	hash     TEXT PRIMARY KEY,
	endpoint TEXT NOT NULL REFERENCES webhook_endpoints (id),
	made_at  BIGINT NOT NULL,
	ends_at  BIGINT
);
CREATE INDEX webhook_keys_endpoint ON webhook_keys (endpoint);
