-- One-time codes (TOTP): the secret is sealed for its row. code_step is the last
-- step a code was taken for, so that none is taken twice. Which roles must have
-- codes is the office's decision, so it is data.
ALTER TABLE staff_accounts ADD COLUMN code TEXT NOT NULL DEFAULT ''; -- sealed; '' is none
ALTER TABLE staff_accounts ADD COLUMN code_step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE staff_accounts ADD COLUMN code_at BIGINT; -- since when

CREATE TABLE staff_recovery (
	account TEXT NOT NULL REFERENCES staff_accounts (name),
	hash    TEXT NOT NULL, -- of 75 random bits: what is kept opens nothing
	used_at BIGINT,
	PRIMARY KEY (account, hash)
);

CREATE TABLE staff_code_roles (
	role TEXT PRIMARY KEY
);
