-- The console counts publications by village and by how they stand without reading the rows, and lists the newest first,
-- those of one moment in the order in which they came in.
CREATE INDEX roster_publications_states ON roster_publications (village, withdrawn_at, to_at, document, approved_at, from_at);
DROP INDEX roster_publications_made;
CREATE INDEX roster_publications_made ON roster_publications (made_at DESC, id);
