-- What help exists. Texts come in three languages and are never searched in SQL, so each thing is kept as the JSON its
-- files use; what the rules look at (place, days, money) stands in columns.
CREATE TABLE departments (
	id   TEXT PRIMARY KEY,
	body TEXT NOT NULL
);

CREATE TABLE situations (
	id   TEXT PRIMARY KEY,
	body TEXT NOT NULL
);

CREATE TABLE programmes (
	id   TEXT PRIMARY KEY,
	body TEXT NOT NULL
);

-- A figure is never overwritten by the next year's: that is a new row with later days. absent says expressly that
-- nothing is set here, which ends the look-up upward.
CREATE TABLE standards (
	id         TEXT PRIMARY KEY,
	ord        BIGINT NOT NULL,
	programme  TEXT NOT NULL,
	variant    TEXT NOT NULL,
	label      TEXT NOT NULL,
	place      TEXT NOT NULL,
	cents      BIGINT NOT NULL CHECK (cents >= 0),
	absent     BOOLEAN NOT NULL,
	unit       TEXT NOT NULL,
	unit_text  TEXT NOT NULL,
	valid_from BIGINT,
	valid_to   BIGINT,
	document   TEXT NOT NULL,
	note       TEXT NOT NULL
);

CREATE INDEX standards_programme ON standards (programme, place);

-- Documents out of force stay, because decisions of their time rest on them.
CREATE TABLE documents (
	id   TEXT PRIMARY KEY,
	ord  BIGINT NOT NULL,
	body TEXT NOT NULL
);

CREATE TABLE articles (
	document TEXT NOT NULL,
	no       TEXT NOT NULL,
	ord      BIGINT NOT NULL,
	label    TEXT NOT NULL,
	chapter  TEXT NOT NULL,
	body     TEXT NOT NULL,
	PRIMARY KEY (document, no)
);

CREATE TABLE entries (
	id   TEXT PRIMARY KEY,
	ord  BIGINT NOT NULL,
	body TEXT NOT NULL
);
