-- What the lists come to without names: one edition a month, made once and never changed. A figure that is not shown is not
-- kept either; calm counts the editions since its group held a small count.
CREATE TABLE open_editions (
	month   BIGINT PRIMARY KEY, -- year * 12 + month - 1, in Asia/Shanghai
	made_at BIGINT NOT NULL
);

CREATE TABLE open_cells (
	month      BIGINT NOT NULL REFERENCES open_editions (month),
	place      TEXT NOT NULL,
	parent     TEXT NOT NULL,
	programme  TEXT NOT NULL,
	hidden     BOOLEAN NOT NULL,
	households BIGINT NOT NULL,
	persons    BIGINT NOT NULL,
	cents      BIGINT NOT NULL,
	calm       BIGINT NOT NULL,
	PRIMARY KEY (month, place, programme),
	CHECK (NOT hidden OR households = 0 AND persons = 0 AND cents = 0)
);
CREATE INDEX open_cells_parent ON open_cells (parent, month);
CREATE INDEX open_cells_place ON open_cells (place, month);
