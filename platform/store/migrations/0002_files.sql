-- Uploaded papers, sealed. Each file has its own key, kept here wrapped by the
-- key ring: deleting the row destroys the file, in old backups of the chunks too.
-- They are in the database so that a case and its papers are saved, backed up
-- and deleted together, on a desk as on a cluster.
CREATE TABLE files (
	id          TEXT PRIMARY KEY,
	owner       TEXT NOT NULL,
	mime        TEXT NOT NULL,
	size        BIGINT,
	received    BIGINT NOT NULL CHECK (received >= 0),
	complete    BOOLEAN NOT NULL,
	wrapped_key TEXT NOT NULL,
	made_at     BIGINT NOT NULL,
	CHECK (size IS NULL OR received <= size)
);
CREATE INDEX files_owner ON files (owner);
CREATE INDEX files_unfinished ON files (made_at) WHERE NOT complete;

CREATE TABLE file_chunks (
	file   TEXT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
	n      BIGINT NOT NULL,
	sealed BYTEA NOT NULL,
	PRIMARY KEY (file, n)
);
