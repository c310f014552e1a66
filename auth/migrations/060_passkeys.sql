-- Passkeys, and what we handed out sealed and took back: once each.
CREATE TABLE auth.passkeys (
    id         uuid PRIMARY KEY,
    account    uuid NOT NULL REFERENCES auth.accounts (id),
    credential bytea NOT NULL UNIQUE CHECK (length(credential) BETWEEN 1 AND 1023),
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL CHECK (sign_count >= 0),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    created_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX passkeys_account ON auth.passkeys (account);
GRANT SELECT, INSERT, DELETE ON auth.passkeys TO squaredeal_app;
GRANT UPDATE (sign_count, name, used_at) ON auth.passkeys TO squaredeal_app;

CREATE TABLE auth.used_once (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    expires_at timestamptz NOT NULL
);
CREATE INDEX used_once_expires_at ON auth.used_once (expires_at);
GRANT SELECT, INSERT, DELETE ON auth.used_once TO squaredeal_app;
