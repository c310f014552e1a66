-- Bans of accounts, players kept away from one table, and what a player's session was opened with.
ALTER TABLE auth.accounts
    ADD banned_at    timestamptz,
    ADD banned_until timestamptz,           -- NULL: for ever
    ADD ban_reason   text,
    ADD CHECK ((banned_at IS NULL) = (ban_reason IS NULL)),
    ADD CHECK (banned_at IS NOT NULL OR banned_until IS NULL);
GRANT UPDATE (banned_at, banned_until, ban_reason) ON auth.accounts TO squaredeal_app;

ALTER TABLE auth.sessions
    ADD device text NOT NULL DEFAULT '' CHECK (length(device) <= 120),
    DROP CONSTRAINT sessions_revoked_why_check,
    ADD CONSTRAINT sessions_revoked_why_check
        CHECK (revoked_why IN ('logout', 'reuse', 'disabled', 'banned', 'elsewhere'));

CREATE TABLE auth.table_bans (
    account    uuid NOT NULL REFERENCES auth.accounts (id),
    table_name text NOT NULL,
    until      timestamptz NOT NULL,
    reason     text NOT NULL CHECK (btrim(reason) <> ''),
    PRIMARY KEY (account, table_name)
);
CREATE INDEX table_bans_until ON auth.table_bans (until);
GRANT SELECT, INSERT, DELETE ON auth.table_bans TO squaredeal_app;
GRANT UPDATE (until, reason) ON auth.table_bans TO squaredeal_app;

-- Names are looked for by how they begin.
CREATE INDEX accounts_name_prefix ON auth.accounts (lower(name COLLATE "C") text_pattern_ops);
