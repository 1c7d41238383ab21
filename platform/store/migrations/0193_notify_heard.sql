-- How many texts somebody had been sent when they left. That nobody hears a thing
-- after leaving is shown by counting, because clocks can be put back.
ALTER TABLE notify_left ADD COLUMN heard BIGINT NOT NULL DEFAULT 0;
