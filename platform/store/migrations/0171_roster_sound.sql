-- 张林 and 章林 sound alike, and who asks by ear or types by sound finds the one under the other: a keyed hash of how a whole
-- name sounds, cut to a number. NULL is a line from before, or one whose masked name nobody can read any more. It has no
-- index: it is asked for within the lists of one village, which are read through in a moment, and every index makes
-- bringing lists in slower.
ALTER TABLE roster_entries ADD COLUMN sound BIGINT;

-- The console lists publications newest first, page by page.
CREATE INDEX roster_publications_made ON roster_publications (made_at, id);
