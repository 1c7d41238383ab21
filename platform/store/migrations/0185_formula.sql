-- A standard may be computed from another of the same place and day (低边 is 1.5 times 低保): then formula holds the JSON
-- of what is multiplied, by what and how it is rounded, and cents is 0. Empty: the amount stands in cents.
ALTER TABLE standards ADD COLUMN formula TEXT NOT NULL DEFAULT '';
