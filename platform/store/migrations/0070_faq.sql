-- Questions the assistant could not answer, for the office to write answers to. The text is scrubbed of numbers that name a
-- person before it gets here, and there is nothing that tells who asked.
CREATE TABLE faq_questions (
	id        TEXT PRIMARY KEY,
	text      TEXT NOT NULL,
	outcome   TEXT NOT NULL,
	programme TEXT NOT NULL DEFAULT '',
	division  TEXT NOT NULL DEFAULT '',
	lang      TEXT NOT NULL,
	at        BIGINT NOT NULL
);
CREATE INDEX faq_questions_at ON faq_questions (at);
