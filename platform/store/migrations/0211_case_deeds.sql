-- What a resident did with a case that does not move it on: put a mistake right, took a copy, had the receipt texted. The
-- key makes a deed that is sent twice one; what was written is sealed in case_additions.
CREATE TABLE case_deeds (
	case_id TEXT NOT NULL,
	key     TEXT NOT NULL,
	kind    TEXT NOT NULL,
	about   TEXT NOT NULL, -- which part of the answers, one word of a closed list
	at      BIGINT NOT NULL,
	PRIMARY KEY (case_id, key)
);
