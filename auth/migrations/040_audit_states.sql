-- What was before an act, in the line that says what is asked; what is after it, in the line of its
-- outcome. NULL where an act says nothing of that, and in every older line, whose hash is as it was.
ALTER TABLE auth.audit ADD state text;

DROP FUNCTION auth.append_audit(text, text, text, text, bigint, text, text);
CREATE FUNCTION auth.append_audit(
    p_who text, p_address text, p_act text, p_asked text,
    p_outcome_of bigint, p_outcome text, p_answer text, p_state text DEFAULT NULL
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
        || netstring(p_outcome_of::text) || netstring(p_outcome) || netstring(p_answer)
        -- Only where there is one: nine parts are a line without it, ten a line with it.
        || CASE WHEN p_state IS NULL THEN '' ELSE netstring(p_state) END;
    INSERT INTO audit
    VALUES (v_number, v_at, p_who, p_address, p_act, p_asked, p_outcome_of, p_outcome, p_answer,
            sha256(coalesce(v_last.hash, '\x'::bytea) || convert_to(v_text, 'UTF8')), p_state);
    RETURN v_number;
END $$;

REVOKE ALL ON FUNCTION auth.append_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth.append_audit TO squaredeal_app;
