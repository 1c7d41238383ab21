-- Unfinished work of editors, one draft a thing: what stood when it was begun, what it is
-- by now, and who saved it last. It is kept at every save, so that neither a closed page nor
-- a restart loses it, and version keeps one editor from overwriting another unseen.
CREATE TABLE edit_drafts (
	kind     TEXT NOT NULL,
	object   TEXT NOT NULL,
	base     TEXT NOT NULL, -- JSON; null: there was nothing
	body     TEXT NOT NULL, -- JSON
	version  BIGINT NOT NULL,
	begun_by TEXT NOT NULL,
	begun_at BIGINT NOT NULL,
	saved_by TEXT NOT NULL,
	saved_at BIGINT NOT NULL,
	PRIMARY KEY (kind, object)
);
