-- A change that is reported, a decision that is disputed, a renewal: each is a case of its own and is about an earlier
-- one. The office that opens either finds the other.
CREATE TABLE case_about (
	case_id TEXT PRIMARY KEY REFERENCES cases (id),
	about   TEXT NOT NULL REFERENCES cases (id)
);
CREATE INDEX case_about_about ON case_about (about);
