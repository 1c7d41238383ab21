-- How many questions of which kind there were on a day, and nothing of what was asked. Reports are made of it.
CREATE TABLE faq_counts (
	day       TEXT NOT NULL, -- 2026-11-21
	channel   TEXT NOT NULL,
	outcome   TEXT NOT NULL,
	verdict   TEXT NOT NULL,
	lang      TEXT NOT NULL,
	division  TEXT NOT NULL,
	programme TEXT NOT NULL,
	n         BIGINT NOT NULL,
	PRIMARY KEY (day, channel, outcome, verdict, lang, division, programme)
);
CREATE TABLE faq_reports (
	month TEXT PRIMARY KEY, -- 2026-10
	body  TEXT NOT NULL,    -- JSON
	at    BIGINT NOT NULL
);
-- What the office has set for this: how long questions are kept, from how many on one is shown in a report, what share of
-- its own questions must come out right.
CREATE TABLE faq_settings (
	name  TEXT PRIMARY KEY,
	value BIGINT NOT NULL
);
