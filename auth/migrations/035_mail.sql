-- Addresses of accounts, and the tokens that are mailed to them: a digest of each, used once.
ALTER TABLE auth.accounts
    ADD email             text CHECK (length(email) <= 254),
    ADD email_verified_at timestamptz,
    ADD CHECK (email IS NOT NULL OR email_verified_at IS NULL);
-- Several may claim an address, one has it.
CREATE UNIQUE INDEX accounts_email ON auth.accounts (lower(email)) WHERE email_verified_at IS NOT NULL;
GRANT UPDATE (email, email_verified_at) ON auth.accounts TO squaredeal_app;

CREATE TABLE auth.mail_tokens (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    account    uuid NOT NULL REFERENCES auth.accounts (id),
    purpose    text NOT NULL CHECK (purpose IN ('verify', 'reset')),
    email      text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX mail_tokens_account ON auth.mail_tokens (account);
CREATE INDEX mail_tokens_expires_at ON auth.mail_tokens (expires_at);
GRANT SELECT, INSERT, DELETE ON auth.mail_tokens TO squaredeal_app;
GRANT UPDATE (used_at) ON auth.mail_tokens TO squaredeal_app;

ALTER TABLE auth.sessions
    DROP CONSTRAINT sessions_revoked_why_check,
    ADD CONSTRAINT sessions_revoked_why_check CHECK (
        revoked_why IN ('logout', 'reuse', 'disabled', 'banned', 'elsewhere', 'password'));
