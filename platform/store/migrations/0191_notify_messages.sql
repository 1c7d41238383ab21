-- What people are told. The two unique keys are the promises: nobody hears of one
-- event twice, and nobody hears twice on one day, whatever is killed, repeated or
-- run beside it. ref is what the outside knows a message by; it is new each time it
-- is queued. wrapped_key, sealed with the key of the person, opens the parameters
-- that lie in the outbox: without the person nobody can.
CREATE TABLE notify_messages (
	id          TEXT PRIMARY KEY,
	people      TEXT NOT NULL,
	person      TEXT NOT NULL,
	event       TEXT NOT NULL,
	reason      TEXT NOT NULL,
	programme   TEXT NOT NULL,
	place       TEXT NOT NULL,
	facts       TEXT NOT NULL, -- what the page behind the link says; nothing of the person
	state       TEXT NOT NULL CHECK (state IN ('planned', 'queued', 'opened', 'dropped')),
	day         TEXT NOT NULL, -- 2026-11-23 while queued or opened, else ''
	tries       BIGINT NOT NULL,
	ref         TEXT NOT NULL,
	wrapped_key TEXT NOT NULL,
	outbox      TEXT NOT NULL,
	link        TEXT NOT NULL, -- keyed hash of the token in the text
	planned_at  BIGINT NOT NULL,
	until       BIGINT,        -- not sent after it
	opened_at   BIGINT,
	opened_by   TEXT NOT NULL,
	UNIQUE (person, event)
);
CREATE UNIQUE INDEX notify_messages_day ON notify_messages (person, day) WHERE day <> '' AND reason <> 'code';
CREATE INDEX notify_messages_state ON notify_messages (state, planned_at, id);
CREATE INDEX notify_messages_people ON notify_messages (people);
CREATE INDEX notify_messages_ref ON notify_messages (ref) WHERE ref <> '';
CREATE INDEX notify_messages_link ON notify_messages (link) WHERE link <> '';
CREATE INDEX notify_messages_opened ON notify_messages (opened_at) WHERE opened_at IS NOT NULL;

-- How many were queued on a day, for the bound of the county.
CREATE TABLE notify_days (
	day  TEXT PRIMARY KEY,
	sent BIGINT NOT NULL,
	capped BOOLEAN NOT NULL -- the bound was reached
);
