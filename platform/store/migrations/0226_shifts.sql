-- Handing over the shift (交班): what one operator leaves for the next, and who took it. What is open is not copied
-- here, it is looked up; only the words of who left are kept, scrubbed.
CREATE TABLE call_shifts (
	id       TEXT PRIMARY KEY,
	operator TEXT NOT NULL,
	note     TEXT NOT NULL,
	calls    BIGINT NOT NULL, -- how many the shift had
	left_at  BIGINT NOT NULL,
	taken_at BIGINT,
	taken_by TEXT NOT NULL
);
CREATE INDEX call_shifts_left ON call_shifts (left_at);
