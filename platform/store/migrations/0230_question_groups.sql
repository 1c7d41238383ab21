-- A question that was not answered says where it was asked, what was shown for it and whether who asked said that this was
-- not it; and which group of like questions it belongs to. A group points to the question it began with and holds no text of
-- its own but what an editor wrote, so that nothing of a question is left when it is forgotten.
ALTER TABLE faq_questions ADD COLUMN channel TEXT NOT NULL DEFAULT '';
ALTER TABLE faq_questions ADD COLUMN shown TEXT NOT NULL DEFAULT '';
ALTER TABLE faq_questions ADD COLUMN verdict TEXT NOT NULL DEFAULT '';
ALTER TABLE faq_questions ADD COLUMN grp TEXT NOT NULL DEFAULT '';
CREATE INDEX faq_questions_grp ON faq_questions (grp, at);

CREATE TABLE faq_groups (
	id         TEXT PRIMARY KEY,
	leader     TEXT NOT NULL,            -- the question that others are compared with; '' when it was forgotten
	title      TEXT NOT NULL DEFAULT '', -- as an editor put it
	programme  TEXT NOT NULL DEFAULT '',
	lang       TEXT NOT NULL,
	first_at   BIGINT NOT NULL,
	state      TEXT NOT NULL DEFAULT '', -- '' nobody has dealt with it; draft, proposed, published, answered, out
	deed       TEXT NOT NULL DEFAULT '', -- variant, entry, saying
	kind       TEXT NOT NULL DEFAULT '', -- of what was made of it
	object     TEXT NOT NULL DEFAULT '',
	change_id  TEXT NOT NULL DEFAULT '', -- at the review desk
	note       TEXT NOT NULL DEFAULT '',
	by_whom    TEXT NOT NULL DEFAULT '',
	settled_at BIGINT,
	version    BIGINT NOT NULL DEFAULT 1 -- counts the deeds, so that the second of two finds the first
);
CREATE INDEX faq_groups_state ON faq_groups (state);
