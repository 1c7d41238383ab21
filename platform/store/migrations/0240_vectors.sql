-- Vectors of the office's own texts by a model of meaning, kept so that instances share them and a restart asks for none
-- again. There is nothing of what anybody asked in them.
CREATE TABLE faq_vectors (
	model  TEXT NOT NULL,
	hash   TEXT NOT NULL,  -- SHA-256 of the text, hexadecimal
	vector BYTEA NOT NULL, -- float32, little-endian, of length 1
	at     BIGINT NOT NULL,
	PRIMARY KEY (model, hash)
);
-- What came of trying a model on the office's own questions: whether it is mixed in, how strongly, and with which figures.
CREATE TABLE faq_vector_trials (
	model TEXT PRIMARY KEY,
	print BYTEA NOT NULL, -- hashes of the texts it was tried on
	body  TEXT NOT NULL,  -- JSON
	at    BIGINT NOT NULL
);
