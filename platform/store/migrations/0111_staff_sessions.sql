-- What tells one session from another: the kind of device in a word, from where in
-- short, how the person signed in, and when they last showed who they are.
ALTER TABLE staff_sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE staff_sessions ADD COLUMN address TEXT NOT NULL DEFAULT ''; -- shortened
ALTER TABLE staff_sessions ADD COLUMN how TEXT NOT NULL DEFAULT 'password';
ALTER TABLE staff_sessions ADD COLUMN proven_at BIGINT NOT NULL DEFAULT 0;
