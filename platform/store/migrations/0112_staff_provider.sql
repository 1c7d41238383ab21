-- Signing in at the office's own provider (OpenID Connect). An account is bound to
-- the provider's subject the first time, because the name a provider tells may
-- later be given to somebody else.
ALTER TABLE staff_accounts ADD COLUMN provider_only BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE staff_accounts ADD COLUMN provider_subject TEXT NOT NULL DEFAULT '';
