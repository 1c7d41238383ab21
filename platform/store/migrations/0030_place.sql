-- Where help is given. A division may have several rows that differ in their days, because a town can pass from one
-- manager to another; the parent says who manages it, which the code does not. Names are JSON, one text a language.
CREATE TABLE divisions (
	id         TEXT PRIMARY KEY,
	ord        BIGINT NOT NULL,
	code       TEXT NOT NULL,
	name       TEXT NOT NULL,
	level      TEXT NOT NULL,
	parent     TEXT NOT NULL,
	valid_from BIGINT,
	valid_to   BIGINT
);

CREATE INDEX divisions_code ON divisions (code);

CREATE TABLE offices (
	id          TEXT PRIMARY KEY,
	ord         BIGINT NOT NULL,
	division    TEXT NOT NULL,
	kind        TEXT NOT NULL,
	name        TEXT NOT NULL,
	address     TEXT NOT NULL,
	hours       TEXT NOT NULL,
	phone       TEXT NOT NULL,
	duty        TEXT NOT NULL,
	departments TEXT NOT NULL
);

-- The id is the first half of the printed code and is never given again. A poster that moves keeps its number, so the
-- number is unique among those that hang.
CREATE TABLE locations (
	id       TEXT PRIMARY KEY,
	ord      BIGINT NOT NULL,
	division TEXT NOT NULL,
	name     TEXT NOT NULL,
	kind     TEXT NOT NULL,
	number   TEXT NOT NULL,
	state    TEXT NOT NULL,
	moved_to TEXT NOT NULL,
	roster   TEXT NOT NULL
);

CREATE UNIQUE INDEX locations_number ON locations (number) WHERE number <> '' AND state IN ('active', 'lost');

-- One row an hour for each location and kind of visit: enough to see which posters are used, and nothing about who.
CREATE TABLE scans (
	location TEXT NOT NULL,
	hour     BIGINT NOT NULL,
	kind     TEXT NOT NULL,
	n        BIGINT NOT NULL CHECK (n >= 0),
	PRIMARY KEY (location, hour, kind)
);

CREATE INDEX scans_hour ON scans (hour);

-- The version of each set of tables that is kept in memory; every write moves it on, so that other programs notice.
CREATE TABLE snapshots (
	name TEXT PRIMARY KEY,
	n    BIGINT NOT NULL
);
