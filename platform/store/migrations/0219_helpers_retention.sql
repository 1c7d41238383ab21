-- Which village helper sits before a draft. It goes with the draft; the case that comes of it keeps the account.
CREATE TABLE draft_helpers (
	draft   TEXT PRIMARY KEY REFERENCES drafts (id) ON DELETE CASCADE,
	account TEXT NOT NULL,
	at      BIGINT NOT NULL
);

-- A case that must not be destroyed while a court or a review has it (诉讼、复议): who said so, why, and until when it
-- was lifted. The reason names no person.
CREATE TABLE case_holds (
	case_id   TEXT PRIMARY KEY REFERENCES cases (id),
	why       TEXT NOT NULL,
	held_by   TEXT NOT NULL,
	held_at   BIGINT NOT NULL
);

-- What was destroyed because its time was over: the proof that it was, for as long as the law wants one (个人信息保护法
-- §56), without anything of whom it was about.
CREATE TABLE case_destroyed (
	case_id TEXT PRIMARY KEY REFERENCES cases (id),
	rule    TEXT NOT NULL,
	papers  BIGINT NOT NULL,
	at      BIGINT NOT NULL
);
CREATE INDEX case_destroyed_at ON case_destroyed (at);
