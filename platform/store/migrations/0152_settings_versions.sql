-- What the office said of itself before: to take a change back, and to see who
-- changed what. The newest are kept.
CREATE TABLE settings_versions (
	version    BIGINT PRIMARY KEY,
	data       TEXT NOT NULL, -- JSON
	emblem     BYTEA,         -- PNG
	changed_by TEXT NOT NULL,
	changed_at BIGINT NOT NULL
);
