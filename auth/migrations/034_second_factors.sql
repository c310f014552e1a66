-- Second factors, the codes for whoever lost his, and when a session last proved who is there.
CREATE TABLE auth.second_factors (
    account      uuid PRIMARY KEY REFERENCES auth.accounts (id),
    sealed       bytea NOT NULL,
    made_at      timestamptz NOT NULL,
    confirmed_at timestamptz,               -- NULL: not in force yet
    last_step    bigint NOT NULL DEFAULT 0  -- no code is taken twice
);
CREATE TABLE auth.recovery_codes (
    account uuid NOT NULL REFERENCES auth.accounts (id),
    digest  bytea NOT NULL CHECK (length(digest) = 32),
    used_at timestamptz,
    PRIMARY KEY (account, digest)
);
GRANT SELECT, INSERT, DELETE ON auth.second_factors, auth.recovery_codes TO squaredeal_app;
GRANT UPDATE (sealed, made_at, confirmed_at, last_step) ON auth.second_factors TO squaredeal_app;
GRANT UPDATE (used_at) ON auth.recovery_codes TO squaredeal_app;

ALTER TABLE auth.sessions ADD proved_at timestamptz;
UPDATE auth.sessions SET proved_at = created_at;
GRANT UPDATE (proved_at) ON auth.sessions TO squaredeal_app;

-- A guest becomes a player: same account, same chips. The application renames nobody else. No row
-- when he is no guest.
CREATE FUNCTION auth.upgrade_guest(p_id uuid, p_name text, p_hash text)
RETURNS SETOF auth.accounts
LANGUAGE sql SECURITY DEFINER SET search_path = auth, pg_temp AS $$
    UPDATE accounts SET name = p_name, kind = 'player', password_hash = p_hash
     WHERE id = p_id AND kind = 'guest' AND disabled_at IS NULL AND p_hash IS NOT NULL
    RETURNING *;
$$;
REVOKE ALL ON FUNCTION auth.upgrade_guest FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.upgrade_guest TO squaredeal_app;
