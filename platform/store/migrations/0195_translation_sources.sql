-- What a translation was made from, noted when its source is changed under it: the
-- translation is then outdated beside every source that is not noted here. It is
-- known by its own words (made is their sum), so that it is found again when items of a
-- list change places or an older version is brought back. A translation that has
-- no row is fresh.
CREATE TABLE translation_sources (
	kind       TEXT NOT NULL,
	object     TEXT NOT NULL,
	form       TEXT NOT NULL, -- the text's path within the object, * for a position in a list
	lang       TEXT NOT NULL,
	made       TEXT NOT NULL,
	source_sum TEXT NOT NULL,
	source     TEXT NOT NULL,
	at         BIGINT NOT NULL,
	PRIMARY KEY (kind, object, form, lang, made, source_sum)
);
