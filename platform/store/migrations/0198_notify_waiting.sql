-- What waits to be queued is asked for every few seconds, over everybody whom a
-- change concerns. Without these the look grew with the square of their number.
CREATE INDEX notify_messages_first ON notify_messages (person, planned_at, id) WHERE state = 'planned';
CREATE INDEX notify_messages_told ON notify_messages (day, person) WHERE day <> '' AND reason <> 'code';
