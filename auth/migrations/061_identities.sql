-- Who somebody is at another site (OpenID Connect), by issuer and subject and nothing else.
CREATE TABLE auth.identities (
    id         uuid PRIMARY KEY,
    account    uuid NOT NULL REFERENCES auth.accounts (id),
    provider   text NOT NULL,
    issuer     text NOT NULL,
    subject    text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    UNIQUE (issuer, subject)
);
CREATE INDEX identities_account ON auth.identities (account);
GRANT SELECT, INSERT, DELETE ON auth.identities TO squaredeal_app;
GRANT UPDATE (used_at) ON auth.identities TO squaredeal_app;

-- Such a player may have no password.
ALTER TABLE auth.accounts
    DROP CONSTRAINT accounts_check,
    ADD CONSTRAINT accounts_password CHECK (kind = 'player' OR password_hash IS NULL);
