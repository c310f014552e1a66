-- Old months of entries may leave the table: what they summed to stays, account by account.

CREATE TABLE wallet.openings (
    account_id bigint PRIMARY KEY,
    balance    bigint NOT NULL,
    entries    bigint NOT NULL
);
CREATE TABLE wallet.detached_months (
    month       date PRIMARY KEY,
    entries     bigint NOT NULL,
    detached_at timestamptz NOT NULL DEFAULT now()
);

-- Take the oldest month out of ``entries``: its table stays as it is, under its name, to be dumped
-- and dropped. For the owner of the database alone; docs/ledger.md says what comes before and after.
CREATE FUNCTION wallet.detach_month(p_month date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_month date := date_trunc('month', p_month)::date;
    v_name text := 'entries_' || to_char(v_month, 'YYYY_MM');
    v_oldest text;
    v_entries bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('wallet.open_months'));
    SELECT min(c.relname) INTO v_oldest
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'entries'::regclass;
    IF v_oldest IS DISTINCT FROM v_name THEN
        RAISE EXCEPTION 'the oldest month is in %, not in %', v_oldest, v_name;
    END IF;
    IF v_month + interval '1 month' > now() - interval '7 days' THEN
        RAISE EXCEPTION 'month % has not been over for a week', v_month;
    END IF;
    LOCK TABLE entries IN SHARE ROW EXCLUSIVE MODE;
    -- A table that comes back asks by which keys chips came to its open stakes.
    IF EXISTS (SELECT 1 FROM entries e JOIN accounts a USING (account_id)
                WHERE e.at < v_month + interval '1 month' AND a.kind = 'stake' AND NOT a.closed)
    THEN
        RAISE EXCEPTION 'month % has entries of stakes that are still at a table', v_month;
    END IF;
    EXECUTE format(
        'INSERT INTO openings AS o (account_id, balance, entries)
         SELECT account_id, sum(amount), count(*) FROM %I GROUP BY account_id
         ON CONFLICT (account_id) DO UPDATE
            SET balance = o.balance + excluded.balance, entries = o.entries + excluded.entries',
        v_name);
    EXECUTE format('SELECT count(*) FROM %I', v_name) INTO v_entries;
    EXECUTE format('ALTER TABLE entries DETACH PARTITION %I', v_name);
    -- The table's own trigger against changes went with the parent's.
    EXECUTE format('CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION never()', v_name);
    INSERT INTO detached_months (month, entries) VALUES (v_month, v_entries);
    RETURN v_entries;
END $$;

CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON wallet.detached_months
    FOR EACH ROW EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON wallet.detached_months
    FOR EACH STATEMENT EXECUTE FUNCTION wallet.never();

ALTER TABLE wallet.openings OWNER TO squaredeal_owner;
ALTER TABLE wallet.detached_months OWNER TO squaredeal_owner;
ALTER FUNCTION wallet.detach_month OWNER TO squaredeal_owner;
REVOKE ALL ON FUNCTION wallet.detach_month FROM PUBLIC;
GRANT SELECT ON wallet.openings, wallet.detached_months TO squaredeal_app, squaredeal_report;
