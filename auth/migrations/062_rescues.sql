-- Players who have lost every way in: one operator proposes, another decides.
CREATE TABLE auth.rescues (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account     uuid NOT NULL REFERENCES auth.accounts (id),
    email       text NOT NULL CHECK (length(email) <= 254),
    note        text NOT NULL CHECK (btrim(note) <> ''),
    proposer    text NOT NULL CHECK (btrim(proposer) <> ''),
    proposed_at timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'rejected')),
    decider     text,
    decided_at  timestamptz,
    CHECK ((state = 'waiting') = (decider IS NULL)),
    CHECK ((decider IS NULL) = (decided_at IS NULL)),
    CHECK (state <> 'approved' OR lower(decider) <> lower(proposer))
);
CREATE UNIQUE INDEX rescues_waiting ON auth.rescues (account) WHERE state = 'waiting';
GRANT SELECT, INSERT ON auth.rescues TO squaredeal_app;
GRANT UPDATE (state, decider, decided_at) ON auth.rescues TO squaredeal_app;

ALTER TABLE auth.accounts ADD money_locked_until timestamptz;
GRANT UPDATE (money_locked_until) ON auth.accounts TO squaredeal_app;

ALTER TABLE auth.mail_tokens
    DROP CONSTRAINT mail_tokens_purpose_check,
    ADD CONSTRAINT mail_tokens_purpose_check CHECK (purpose IN ('verify', 'reset', 'rescue'));
ALTER TABLE auth.sessions
    DROP CONSTRAINT sessions_revoked_why_check,
    ADD CONSTRAINT sessions_revoked_why_check CHECK (
        revoked_why IN ('logout', 'reuse', 'disabled', 'banned', 'elsewhere', 'password', 'rescue'));
