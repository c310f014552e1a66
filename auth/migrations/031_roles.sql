-- Who may do more than play. What each role may is a table of the program, auth/rights.py.
CREATE TABLE auth.roles (
    account    uuid NOT NULL REFERENCES auth.accounts (id),
    role       text NOT NULL
               CHECK (role IN ('support', 'floor', 'cashier', 'compliance', 'admin')),
    granted_by text NOT NULL CHECK (btrim(granted_by) <> ''),
    granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (account, role)
);

-- 'granted', 'duplicate', or 'player_unknown': guests, bots and closed accounts get no role.
CREATE FUNCTION auth.grant_role(p_name text, p_role text, p_by text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = auth, pg_temp AS $$
DECLARE
    v_account uuid;
BEGIN
    SELECT id INTO v_account FROM accounts
     WHERE lower(name COLLATE "C") = lower(p_name COLLATE "C")
       AND kind = 'player' AND disabled_at IS NULL
       FOR SHARE;
    IF NOT FOUND THEN
        RETURN 'player_unknown';
    END IF;
    INSERT INTO roles (account, role, granted_by) VALUES (v_account, p_role, p_by)
    ON CONFLICT DO NOTHING;
    RETURN CASE WHEN FOUND THEN 'granted' ELSE 'duplicate' END;
END $$;

-- 'revoked', or 'role_unknown' if he does not have it.
CREATE FUNCTION auth.revoke_role(p_name text, p_role text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = auth, pg_temp AS $$
BEGIN
    DELETE FROM roles r USING accounts a
     WHERE a.id = r.account AND lower(a.name COLLATE "C") = lower(p_name COLLATE "C")
       AND r.role = p_role;
    RETURN CASE WHEN FOUND THEN 'revoked' ELSE 'role_unknown' END;
END $$;

REVOKE ALL ON FUNCTION auth.grant_role, auth.revoke_role FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.grant_role, auth.revoke_role TO squaredeal_app;
GRANT SELECT ON auth.roles TO squaredeal_app;
