-- How often published lists are looked up, by the hour: of which village, with which code, from what class of address (one
-- that opens one village's lists, several or many). No address and no name that was looked for is kept.
CREATE TABLE roster_looks (
	hour     BIGINT NOT NULL,
	village  TEXT NOT NULL,
	location TEXT NOT NULL,
	class    TEXT NOT NULL,
	what     TEXT NOT NULL,
	n        BIGINT NOT NULL,
	PRIMARY KEY (hour, village, location, class, what)
);
