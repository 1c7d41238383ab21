-- What a recording says: a mark of the section's words when it was brought. One whose section reads otherwise by now is
-- not played, or it would say what no longer holds. Empty where that was not kept.
ALTER TABLE recordings ADD COLUMN words TEXT NOT NULL DEFAULT '';
