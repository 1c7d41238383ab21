-- Which texts a file of translations changes: a change of the review desk names its
-- list by this id, so that what stands in those texts, and in no others, can be read
-- again when it is approved and when it is taken back. Rows are kept with the history.
CREATE TABLE translation_lists (
	id    TEXT PRIMARY KEY,
	texts TEXT NOT NULL, -- JSON: what each text is called, with its language
	at    BIGINT NOT NULL
);
