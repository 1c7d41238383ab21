-- What a poster does against its own habit: silent for too long, scanned far too often, opened by programs. One open
-- alert a location and kind; it closes by itself when the habit is back. location is '' for the whole portal.
CREATE TABLE scan_alerts (
	id         TEXT PRIMARY KEY,
	location   TEXT NOT NULL,
	kind       TEXT NOT NULL, -- silent, burst, robots
	day        BIGINT NOT NULL, -- silent: the last day with a scan; else the day of the rush
	days       BIGINT NOT NULL, -- how long it has been silent
	n          BIGINT NOT NULL, -- what was counted
	usual      BIGINT NOT NULL, -- a day's usual count, in tenths
	expected   BIGINT NOT NULL, -- what the time should have brought, in tenths
	noticed_at BIGINT NOT NULL,
	closed_at  BIGINT,
	seen_by    TEXT NOT NULL,
	seen_at    BIGINT,
	ignore_to  BIGINT -- not shown before this moment
);
CREATE UNIQUE INDEX scan_alerts_open ON scan_alerts (location, kind) WHERE closed_at IS NULL;
CREATE INDEX scan_alerts_noticed ON scan_alerts (noticed_at);
