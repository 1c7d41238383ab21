-- Who looked at or changed what, when and from where. Rows are only added; each
-- carries the hash of the one before, so that a change or a gap shows. audit_head
-- holds the end of the chain, so that cutting rows off the end shows too.
CREATE TABLE audit (
	n       BIGINT PRIMARY KEY,
	at      BIGINT NOT NULL,
	actor   TEXT NOT NULL,
	action  TEXT NOT NULL,
	object  TEXT NOT NULL,
	detail  TEXT NOT NULL,
	address TEXT NOT NULL,
	hash    TEXT NOT NULL
);
CREATE INDEX audit_object ON audit (object, n);
CREATE INDEX audit_actor ON audit (actor, n);

CREATE TABLE audit_head (
	id   TEXT PRIMARY KEY,
	n    BIGINT NOT NULL,
	hash TEXT NOT NULL
);
INSERT INTO audit_head (id, n, hash) VALUES ('head', 0, '');
