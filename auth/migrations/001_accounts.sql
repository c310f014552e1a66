-- Accounts, sessions and rotating refresh tokens.

CREATE SCHEMA IF NOT EXISTS auth;

CREATE TABLE auth.accounts (
    id            uuid PRIMARY KEY,
    name          text NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9_-]{2,19}$'),
    kind          text NOT NULL CHECK (kind IN ('player', 'guest', 'bot')),
    password_hash text,
    created_at    timestamptz NOT NULL,
    disabled_at   timestamptz,
    CHECK ((kind = 'player') = (password_hash IS NOT NULL))
);

-- Names are ASCII, so lower() under "C" folds them the same way on every server.
CREATE UNIQUE INDEX accounts_name_key ON auth.accounts (lower(name COLLATE "C"));

-- A session is one sign-in: the family of all refresh tokens that descend from it.
CREATE TABLE auth.sessions (
    id          uuid PRIMARY KEY,
    account     uuid NOT NULL REFERENCES auth.accounts (id),
    address     text NOT NULL CHECK (length(address) <= 64),
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz,
    revoked_why text CHECK (revoked_why IN ('logout', 'reuse', 'disabled')),
    CHECK ((revoked_at IS NULL) = (revoked_why IS NULL))
);

CREATE INDEX sessions_account ON auth.sessions (account);
CREATE INDEX sessions_expires_at ON auth.sessions (expires_at);

-- Used tokens stay until they expire: that is how a second use is noticed.
CREATE TABLE auth.refresh_tokens (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    session    uuid NOT NULL REFERENCES auth.sessions (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

CREATE INDEX refresh_tokens_session ON auth.refresh_tokens (session);
CREATE INDEX refresh_tokens_expires_at ON auth.refresh_tokens (expires_at);

GRANT USAGE ON SCHEMA auth TO squaredeal_app;
GRANT SELECT, INSERT ON auth.accounts, auth.sessions, auth.refresh_tokens TO squaredeal_app;
GRANT UPDATE (password_hash, disabled_at) ON auth.accounts TO squaredeal_app;
GRANT UPDATE (expires_at, revoked_at, revoked_why) ON auth.sessions TO squaredeal_app;
GRANT UPDATE (used_at) ON auth.refresh_tokens TO squaredeal_app;
-- Accounts are never deleted; what has expired is swept.
GRANT DELETE ON auth.sessions, auth.refresh_tokens TO squaredeal_app;
