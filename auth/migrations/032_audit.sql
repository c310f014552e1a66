-- What operators asked for, and what came of it: written once, in a chain.
CREATE TABLE auth.audit (
    number     bigint PRIMARY KEY,      -- 1, 2, 3 …: a row that is gone leaves a gap
    at         timestamptz NOT NULL,
    who        text NOT NULL CHECK (who <> ''),
    address    text NOT NULL,
    act        text NOT NULL,           -- method and path
    asked      text NOT NULL,           -- the body or the query, as JSON
    outcome_of bigint REFERENCES auth.audit (number),
    outcome    text,                    -- done, or the code of the refusal
    answer     text NOT NULL,
    hash       bytea NOT NULL CHECK (length(hash) = 32),
    CHECK ((outcome_of IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX audit_outcome_of ON auth.audit (outcome_of);
CREATE INDEX audit_who ON auth.audit (who, number);

CREATE FUNCTION auth.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = auth, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is written once';
END $$;
CREATE TRIGGER audit_is_written_once BEFORE UPDATE OR DELETE ON auth.audit
FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON auth.audit
FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();

-- Length first, so that no two rows have one text. auth/audit.py has the same.
CREATE FUNCTION auth.netstring(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = auth, pg_temp AS $$
    SELECT coalesce(octet_length(convert_to(p_text, 'UTF8')) || ':' || p_text, '-')
$$;

CREATE FUNCTION auth.append_audit(
    p_who text, p_address text, p_act text, p_asked text,
    p_outcome_of bigint, p_outcome text, p_answer text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = auth, pg_temp AS $$
DECLARE
    v_last audit;
    v_number bigint;
    v_at timestamptz;
    v_text text;
BEGIN
    -- One after the other: each row needs the hash of the one before it.
    PERFORM pg_advisory_xact_lock(7312446802);
    SELECT * INTO v_last FROM audit ORDER BY number DESC LIMIT 1;
    v_number := coalesce(v_last.number, 0) + 1;
    v_at := clock_timestamp();
    v_text := netstring(v_number::text)
        || netstring((extract(epoch FROM v_at) * 1000000)::bigint::text)
        || netstring(p_who) || netstring(p_address) || netstring(p_act) || netstring(p_asked)
        || netstring(p_outcome_of::text) || netstring(p_outcome) || netstring(p_answer);
    INSERT INTO audit
    VALUES (v_number, v_at, p_who, p_address, p_act, p_asked, p_outcome_of, p_outcome, p_answer,
            sha256(coalesce(v_last.hash, '\x'::bytea) || convert_to(v_text, 'UTF8')));
    RETURN v_number;
END $$;

REVOKE ALL ON FUNCTION auth.append_audit, auth.netstring, auth.refuse_change FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.append_audit TO squaredeal_app;
GRANT SELECT ON auth.audit TO squaredeal_app;
