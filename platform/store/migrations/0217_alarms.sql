-- A call for help that nobody reads is said again, louder: step is how far along its plan (aid/cases/alarm/plan.json) an
-- alarm is and next_at when it goes on. Both change in one transaction with what is sent, so a leader that is killed sends
-- nothing twice. The steps themselves stay for the timeline, which whoever called can read.
CREATE TABLE alarms (
	case_id TEXT PRIMARY KEY REFERENCES cases (id),
	step    BIGINT NOT NULL,
	next_at BIGINT NOT NULL
);
CREATE TABLE alarm_steps (
	case_id TEXT NOT NULL REFERENCES cases (id),
	step    BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	what    TEXT NOT NULL, -- again, town, county, late
	heard   BIGINT NOT NULL, -- phones that were texted
	PRIMARY KEY (case_id, step, what)
);

-- Who is on duty for a division: name and phone sealed for the row, the hours of the week or '' for always. texted_at
-- bounds how often one phone is rung.
CREATE TABLE duty_officers (
	id        TEXT PRIMARY KEY,
	division  TEXT NOT NULL,
	sealed    TEXT NOT NULL,
	hours     TEXT NOT NULL,
	texted_at BIGINT,
	made_by   TEXT NOT NULL,
	made_at   BIGINT NOT NULL
);
CREATE INDEX duty_officers_division ON duty_officers (division);
