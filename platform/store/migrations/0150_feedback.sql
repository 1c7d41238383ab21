-- What residents think of the service (好差评): a level and fixed reasons, never
-- words of their own. id is a keyed hash of the thing and of the page it was
-- rated on, so that one page gives one rating and nobody finds a person behind
-- it. work is the case that a bad rating of a case opened, or ''. crowded marks
-- what came from one network in quick succession; it is kept and not counted.
CREATE TABLE feedback (
	id         TEXT PRIMARY KEY,
	about      TEXT NOT NULL, -- case, answer, page
	stage      TEXT NOT NULL, -- of a case: filed, done
	programme  TEXT NOT NULL,
	division   TEXT NOT NULL,
	level      BIGINT NOT NULL CHECK (level >= 1 AND level <= 5),
	reasons    TEXT NOT NULL, -- sorted, with a space between
	crowded    BOOLEAN NOT NULL,
	month      TEXT NOT NULL, -- 2026-11, in Asia/Shanghai
	given_at   BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	work       TEXT NOT NULL
);
CREATE INDEX feedback_month ON feedback (month, programme, division);
