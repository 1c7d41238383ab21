-- Changes that a second person publishes, and so the versions of whatever is changed
-- that way: what stood before and what stands after, who proposed, who decided, and
-- when it is to be published. Rows are never deleted: they are the history.
CREATE TABLE review_changes (
	id           TEXT PRIMARY KEY,
	kind         TEXT NOT NULL,
	object       TEXT NOT NULL,
	title        TEXT NOT NULL,
	was          TEXT NOT NULL, -- JSON; null: there was nothing
	becomes      TEXT NOT NULL, -- JSON; null: there will be nothing
	why          TEXT NOT NULL,
	proposed_by  TEXT NOT NULL,
	proposed_at  BIGINT NOT NULL,
	state        TEXT NOT NULL CHECK (state IN ('proposed', 'scheduled', 'published', 'rejected', 'withdrawn', 'failed')),
	decided_by   TEXT NOT NULL,
	decided_at   BIGINT,
	reason       TEXT NOT NULL,
	fault        TEXT NOT NULL, -- JSON words of why it could not be published
	due_at       BIGINT,
	published_at BIGINT,
	reverts      TEXT NOT NULL
);
CREATE INDEX review_changes_object ON review_changes (kind, object, proposed_at);
CREATE INDEX review_changes_time ON review_changes (proposed_at);
CREATE INDEX review_changes_open ON review_changes (state, due_at) WHERE state IN ('proposed', 'scheduled');
