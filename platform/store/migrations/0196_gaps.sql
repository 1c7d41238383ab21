-- What the office has said about things nobody knows yet: that it has asked, or that a
-- line may rest until a day. The things themselves are found in the data each time and
-- are no rows; a row without a thing goes after a month.
CREATE TABLE gaps (
	name     TEXT PRIMARY KEY, -- of the thing
	since    BIGINT NOT NULL,  -- when it was first seen
	seen     BIGINT NOT NULL,  -- when it was last seen
	until    BIGINT,           -- rests until then
	asked    BIGINT,
	asked_of TEXT NOT NULL,
	reason   TEXT NOT NULL,
	by_whom  TEXT NOT NULL
);
