-- Events of the office that have taken effect, noted in the transaction of the
-- effect, so that the same one again changes nothing.
CREATE TABLE webhook_inbox (
	source TEXT NOT NULL, -- the endpoint that signed it
	id     TEXT NOT NULL,
	at     BIGINT NOT NULL,
	PRIMARY KEY (source, id)
);
CREATE INDEX webhook_inbox_at ON webhook_inbox (at);
