-- A section of a programme as somebody of the office read it out. The sound lies in the vault; of a replaced one the file
-- stays, so that the change can be turned back.
CREATE TABLE recordings (
	programme TEXT NOT NULL,
	section   TEXT NOT NULL,
	lang      TEXT NOT NULL,
	file      TEXT NOT NULL,
	mime      TEXT NOT NULL,
	size      BIGINT NOT NULL,
	PRIMARY KEY (programme, section, lang)
);
