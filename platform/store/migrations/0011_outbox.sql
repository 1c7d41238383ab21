-- The outbox. A message is written in the transaction of the change it tells
-- about; its body never changes, so every attempt sends the same bytes under the
-- same id. Routing makes a delivery for each endpoint concerned; a message that
-- concerns none stays unrouted until an endpoint appears.
CREATE TABLE webhook_messages (
	id         TEXT PRIMARY KEY,
	topic      TEXT NOT NULL,
	scope      TEXT NOT NULL, -- JSON list of division codes, self first
	body       TEXT NOT NULL,
	urgent     BOOLEAN NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('new', 'routed', 'unrouted')),
	created_at BIGINT NOT NULL
);
CREATE INDEX webhook_messages_new ON webhook_messages (urgent, created_at) WHERE state = 'new';
CREATE INDEX webhook_messages_unrouted ON webhook_messages (created_at) WHERE state = 'unrouted';

-- attempts only ever grows: who writes the outcome of attempt n must find n
-- there, so that a courier that was held up cannot overwrite another's work.
CREATE TABLE webhook_deliveries (
	id          TEXT PRIMARY KEY,
	message     TEXT NOT NULL REFERENCES webhook_messages (id),
	endpoint    TEXT NOT NULL REFERENCES webhook_endpoints (id),
	urgent      BOOLEAN NOT NULL,
	state       TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
	step        BIGINT NOT NULL, -- failures since the schedule began
	attempts    BIGINT NOT NULL, -- attempts begun, ever
	due_at      BIGINT NOT NULL, -- 0: at once, whatever the clock says
	lease_until BIGINT,          -- being sent until then
	queued_at   BIGINT NOT NULL,
	settled_at  BIGINT,
	UNIQUE (message, endpoint)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint, urgent, due_at, queued_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_recent ON webhook_deliveries (queued_at, id);

-- One row an attempt, written before it is sent, so that one cut short by a
-- crash shows too. The answer is cut short and scrubbed.
CREATE TABLE webhook_attempts (
	delivery TEXT NOT NULL REFERENCES webhook_deliveries (id),
	n        BIGINT NOT NULL,
	at       BIGINT NOT NULL,
	status   BIGINT NOT NULL,
	ms       BIGINT NOT NULL,
	class    TEXT NOT NULL,
	answer   TEXT NOT NULL,
	PRIMARY KEY (delivery, n)
);
