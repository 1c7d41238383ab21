-- What is published in a village: closed, typed columns and no free text. The name is stored as published (masked
-- when the rule masks), with a keyed hash of the whole name for look-up, so that a masked list holds no whole name.
CREATE TABLE roster_publications (
	id           TEXT PRIMARY KEY,
	programme    TEXT NOT NULL,
	village      TEXT NOT NULL,
	kind         TEXT NOT NULL CHECK (kind IN ('notice', 'list', 'end')),
	from_at      BIGINT NOT NULL,
	to_at        BIGINT,
	document     TEXT NOT NULL,
	phone        TEXT NOT NULL,
	mask         TEXT NOT NULL CHECK (mask IN ('full', 'middle', 'surname')),
	made_by      TEXT NOT NULL,
	made_at      BIGINT NOT NULL,
	approved_by  TEXT NOT NULL,
	approved_at  BIGINT,
	withdrawn_by TEXT NOT NULL,
	withdrawn_at BIGINT,
	households   BIGINT NOT NULL,
	persons      BIGINT NOT NULL,
	CHECK (to_at IS NULL OR to_at >= from_at)
);
CREATE INDEX roster_publications_village ON roster_publications (village, programme);

CREATE TABLE roster_entries (
	id             TEXT PRIMARY KEY,
	publication    TEXT NOT NULL REFERENCES roster_publications (id) ON DELETE CASCADE,
	position       BIGINT NOT NULL,
	name           TEXT NOT NULL,
	name_hash      TEXT NOT NULL,
	household_size BIGINT NOT NULL CHECK (household_size >= 0),
	persons        BIGINT NOT NULL CHECK (persons >= 0),
	class          TEXT NOT NULL,
	cents          BIGINT NOT NULL CHECK (cents >= 0),
	unit           TEXT NOT NULL CHECK (unit IN ('month', 'once')),
	from_at        BIGINT,
	to_at          BIGINT,
	UNIQUE (publication, position)
);
CREATE INDEX roster_entries_name ON roster_entries (publication, name_hash);
