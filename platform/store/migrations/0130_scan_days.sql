-- The hourly counts, added up by day: by location for the lists and the habits of each poster, by division for the
-- dashboard, and by month so that a year is read fast. A day is counted from 1970-01-01 in Asia/Shanghai. A division's
-- row is booked under the division the poster belonged to when the day was added up and is not moved later: who manages
-- it, and into what it was merged, is looked up when the figures are read.
CREATE TABLE scan_days (
	day       BIGINT NOT NULL,
	location  TEXT NOT NULL,
	people    BIGINT NOT NULL,
	again     BIGINT NOT NULL, -- came back to the landing from another page of ours
	bots      BIGINT NOT NULL,
	previews  BIGINT NOT NULL,
	tests     BIGINT NOT NULL,
	know      BIGINT NOT NULL,
	look      BIGINT NOT NULL, -- 查, the lists
	apply     BIGINT NOT NULL,
	ask       BIGINT NOT NULL,
	emergency BIGINT NOT NULL,
	calls     BIGINT NOT NULL,
	started   BIGINT NOT NULL,
	filed     BIGINT NOT NULL,
	doors     BIGINT NOT NULL, -- know, look, apply, ask and emergency together, for the lists
	PRIMARY KEY (day, location)
);

CREATE INDEX scan_days_location ON scan_days (location, day);

-- month is its first day; only days that are added up are in it.
CREATE TABLE scan_months (
	month     BIGINT NOT NULL,
	location  TEXT NOT NULL,
	people    BIGINT NOT NULL,
	again     BIGINT NOT NULL,
	bots      BIGINT NOT NULL,
	previews  BIGINT NOT NULL,
	tests     BIGINT NOT NULL,
	know      BIGINT NOT NULL,
	look      BIGINT NOT NULL,
	apply     BIGINT NOT NULL,
	ask       BIGINT NOT NULL,
	emergency BIGINT NOT NULL,
	calls     BIGINT NOT NULL,
	started   BIGINT NOT NULL,
	filed     BIGINT NOT NULL,
	doors     BIGINT NOT NULL,
	PRIMARY KEY (month, location)
);

-- h0 to h23 are the people of each hour, for the table of hours and weekdays. The division '*' is all of them together.
CREATE TABLE scan_areas (
	day       BIGINT NOT NULL,
	division  TEXT NOT NULL,
	people    BIGINT NOT NULL,
	again     BIGINT NOT NULL,
	bots      BIGINT NOT NULL,
	previews  BIGINT NOT NULL,
	tests     BIGINT NOT NULL,
	know      BIGINT NOT NULL,
	look      BIGINT NOT NULL,
	apply     BIGINT NOT NULL,
	ask       BIGINT NOT NULL,
	emergency BIGINT NOT NULL,
	calls     BIGINT NOT NULL,
	started   BIGINT NOT NULL,
	filed     BIGINT NOT NULL,
	h0  BIGINT NOT NULL, h1  BIGINT NOT NULL, h2  BIGINT NOT NULL, h3  BIGINT NOT NULL, h4  BIGINT NOT NULL, h5  BIGINT NOT NULL,
	h6  BIGINT NOT NULL, h7  BIGINT NOT NULL, h8  BIGINT NOT NULL, h9  BIGINT NOT NULL, h10 BIGINT NOT NULL, h11 BIGINT NOT NULL,
	h12 BIGINT NOT NULL, h13 BIGINT NOT NULL, h14 BIGINT NOT NULL, h15 BIGINT NOT NULL, h16 BIGINT NOT NULL, h17 BIGINT NOT NULL,
	h18 BIGINT NOT NULL, h19 BIGINT NOT NULL, h20 BIGINT NOT NULL, h21 BIGINT NOT NULL, h22 BIGINT NOT NULL, h23 BIGINT NOT NULL,
	PRIMARY KEY (division, day)
);

CREATE INDEX scan_areas_day ON scan_areas (day);

-- The sums by division read people alone, and find them here.
CREATE INDEX scan_areas_people ON scan_areas (division, day, people);

-- Every division that has a row in scan_areas.
CREATE TABLE scan_divisions (
	division TEXT PRIMARY KEY
);

-- Days that were added up before a late count for them came in.
CREATE TABLE scan_late (
	day BIGINT PRIMARY KEY
);

-- How far the work has come, in milliseconds: the hours before 'up to' are added up, those before 'thinned' are gone.
CREATE TABLE scan_marks (
	name TEXT PRIMARY KEY,
	at   BIGINT NOT NULL
);
