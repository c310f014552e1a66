-- An operator sends his player: a token that signs him in once, and soon.
CREATE TABLE auth.launches (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    request    uuid NOT NULL UNIQUE,    -- of the operator's message: a copy of it launches nobody
    account    uuid NOT NULL REFERENCES auth.accounts (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX launches_expires_at ON auth.launches (expires_at);

GRANT SELECT, INSERT, DELETE, UPDATE (used_at) ON auth.launches TO squaredeal_app;
