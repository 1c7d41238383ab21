-- What the hotline desk keeps of a call: when, where it was about, which questions were put, and how it ended. Nothing
-- here names a caller: words are scrubbed before they come, and emptied after ninety days while the counts stay.
CREATE TABLE calls (
	id         TEXT PRIMARY KEY,
	operator   TEXT NOT NULL,  -- the account that took it
	division   TEXT NOT NULL,  -- where it was about, "" while nobody has said
	started_at BIGINT NOT NULL,
	ended_at   BIGINT,
	outcome    TEXT NOT NULL,  -- answered, handed, urgent, filed, callback, unanswered, dropped; "" while it runs
	note       TEXT NOT NULL,
	danger     TEXT NOT NULL,  -- the class of danger that was spoken of, "" for none
	called_at  BIGINT,         -- when who was promised a call had it
	called_by  TEXT NOT NULL
);
CREATE INDEX calls_open ON calls (operator, started_at) WHERE ended_at IS NULL;
CREATE INDEX calls_started ON calls (started_at);
CREATE INDEX calls_back ON calls (ended_at) WHERE outcome = 'callback' AND called_at IS NULL;

-- The questions of a call, and what became of each.
CREATE TABLE call_questions (
	id        TEXT PRIMARY KEY,
	call      TEXT NOT NULL,
	text      TEXT NOT NULL, -- scrubbed
	outcome   TEXT NOT NULL, -- of the answer
	programme TEXT NOT NULL,
	division  TEXT NOT NULL,
	verdict   TEXT NOT NULL, -- "yes" or "no" when the operator said so
	asked_at  BIGINT NOT NULL
);
CREATE INDEX call_questions_call ON call_questions (call, asked_at, id);

-- What was done in a call beside answering. object is a receipt, or nothing.
CREATE TABLE call_deeds (
	id     TEXT PRIMARY KEY,
	call   TEXT NOT NULL,
	deed   TEXT NOT NULL, -- text, hand, urgent, file, status, copy
	object TEXT NOT NULL,
	did_at BIGINT NOT NULL
);
CREATE INDEX call_deeds_call ON call_deeds (call, did_at, id);
CREATE INDEX call_deeds_hand ON call_deeds (deed, did_at);
