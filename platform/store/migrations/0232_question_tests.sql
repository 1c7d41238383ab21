-- The office's own questions with what a right reply is, and how often the assistant was right.
CREATE TABLE faq_tests (
	id        TEXT PRIMARY KEY,
	question  TEXT NOT NULL,
	place     TEXT NOT NULL DEFAULT '',
	lang      TEXT NOT NULL,
	outcome   TEXT NOT NULL DEFAULT '', -- what must come, '' for any
	programme TEXT NOT NULL DEFAULT '',
	shown     TEXT NOT NULL DEFAULT '', -- entry/ID, section/PROGRAMME/KEY, article/DOCUMENT/NO
	note      TEXT NOT NULL DEFAULT '',
	by_whom   TEXT NOT NULL,
	at        BIGINT NOT NULL,
	version   BIGINT NOT NULL DEFAULT 1
);
CREATE TABLE faq_test_runs (
	id     TEXT PRIMARY KEY,
	at     BIGINT NOT NULL,
	by_whom TEXT NOT NULL,
	why    TEXT NOT NULL DEFAULT '',
	n      BIGINT NOT NULL,
	good   BIGINT NOT NULL,
	detail TEXT NOT NULL -- JSON: the tests that were wrong, with what came
);
CREATE INDEX faq_test_runs_at ON faq_test_runs (at);
