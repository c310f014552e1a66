-- The form of a table's rows: who can't read it must leave the table alone. A process of the release
-- before goes on with the function it knows; it reads and writes form 2.
ALTER TABLE actors.tables ADD COLUMN form integer NOT NULL DEFAULT 2 CHECK (form > 0);

-- Serve the table from here on: the next epoch, in one transaction with the ledger's fence. Nothing
-- changes if there may be rows of a newer form than the process reads (p_reads): SQLSTATE SD001.
CREATE FUNCTION actors.take_over(
    p_table text, p_owner text, p_address text, p_lease_ms bigint, p_spec jsonb,
    p_reads integer, p_writes integer,
    OUT epoch bigint, OUT last_hand bigint, OUT fault text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = actors, pg_temp AS $$
DECLARE
    v_form integer;
BEGIN
    SELECT t.fault, t.form INTO take_over.fault, v_form
      FROM tables t WHERE table_id = p_table FOR UPDATE;
    fault := coalesce(fault, '');
    IF v_form > p_reads THEN
        RAISE EXCEPTION 'the journal of % has form %, this release reads up to %',
            p_table, v_form, p_reads USING ERRCODE = 'SD001';
    END IF;
    -- One number is skipped: before there was a journal, the last hand of the epoch before may
    -- have been settled and not archived.
    INSERT INTO tables AS t (table_id, owner, address, lease_until, spec, form)
    VALUES (p_table, p_owner, p_address,
            clock_timestamp() + p_lease_ms * interval '1 ms', p_spec, p_writes)
    ON CONFLICT (table_id) DO UPDATE
        SET epoch = t.epoch + 1, last_hand = t.last_hand + 1, owner = p_owner,
            address = p_address, lease_until = excluded.lease_until, spec = p_spec,
            wanted = true, fault = '', opened_at = now(), form = greatest(t.form, p_writes)
    RETURNING t.epoch, t.last_hand INTO take_over.epoch, take_over.last_hand;
    PERFORM wallet.raise_fence(p_table, take_over.epoch);
END $$;

CREATE OR REPLACE FUNCTION actors.take_over(
    p_table text, p_owner text, p_address text, p_lease_ms bigint, p_spec jsonb,
    OUT epoch bigint, OUT last_hand bigint, OUT fault text
)
LANGUAGE sql SECURITY DEFINER SET search_path = actors, pg_temp AS $$
    SELECT * FROM actors.take_over(p_table, p_owner, p_address, p_lease_ms, p_spec, 2, 2)
$$;

REVOKE ALL ON FUNCTION actors.take_over(text, text, text, bigint, jsonb, integer, integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION actors.take_over(text, text, text, bigint, jsonb, integer, integer)
    TO squaredeal_app;
