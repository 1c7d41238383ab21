-- What a paper was when it was sent: how long, so that an upload tells the same length after it was cleaned; what it is
-- kept as; and a keyed hash of what came, so that the same photo sent again (an answer that was lost, a double tap) is one.
ALTER TABLE papers ADD COLUMN sent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE papers ADD COLUMN mime TEXT NOT NULL DEFAULT 'image/jpeg';
ALTER TABLE papers ADD COLUMN digest TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX papers_once ON papers (draft, kind, digest) WHERE draft <> '' AND digest <> '';
