-- The rules of the screener as the office brought them in, whole: their order is part of what they say. No row: those
-- that come with the program. version moves with every import, so that each instance knows when to read anew.
CREATE TABLE screener_rules (
	id      TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	body    TEXT NOT NULL
);
