-- The journal of every table, and who serves it. Written only by the functions below, each of
-- which checks the epoch in the transaction that writes.
ALTER TABLE actors.tables
    ADD COLUMN owner       text NOT NULL DEFAULT '',
    ADD COLUMN lease_until timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN spec        jsonb,
    ADD COLUMN wanted      boolean NOT NULL DEFAULT true,
    ADD COLUMN fault       text NOT NULL DEFAULT '';

-- One row a command, or a snapshot of the whole table between two hands. ``seq`` grows by one
-- from row to row of a table, across epochs. Bodies are MessagePack; deck seeds in them are sealed.
CREATE TABLE actors.journal (
    table_id text NOT NULL REFERENCES actors.tables,
    seq      bigint NOT NULL,
    epoch    bigint NOT NULL,
    hand     bigint NOT NULL,
    kind     text NOT NULL,
    body     bytea NOT NULL,
    digest   bytea NOT NULL,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (table_id, seq)
);
CREATE INDEX snapshots ON actors.journal (table_id, seq) WHERE kind = 'Snapshot';

ALTER TABLE actors.hands ADD COLUMN voided text;

-- Append rows for one or many tables; returns the tables that another owner has by now. The lock
-- is shared: a take-over waits for this append, or this append sees the take-over.
CREATE FUNCTION actors.append(
    p_tables text[], p_seqs bigint[], p_epochs bigint[], p_hands bigint[], p_kinds text[],
    p_bodies bytea[], p_digests bytea[]
) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = actors, pg_temp AS $$
DECLARE
    v_stale text[];
    v_new bigint;
    v_sent bigint;
BEGIN
    PERFORM 1 FROM tables WHERE table_id = ANY (p_tables) ORDER BY table_id FOR SHARE;
    SELECT coalesce(array_agg(DISTINCT r.table_id), '{}') INTO v_stale
      FROM unnest(p_tables, p_epochs) AS r (table_id, epoch)
      LEFT JOIN tables t USING (table_id)
     WHERE t.epoch IS DISTINCT FROM r.epoch;
    INSERT INTO journal (table_id, seq, epoch, hand, kind, body, digest)
    SELECT * FROM unnest(p_tables, p_seqs, p_epochs, p_hands, p_kinds, p_bodies, p_digests)
        AS r (table_id, seq, epoch, hand, kind, body, digest)
     WHERE NOT r.table_id = ANY (v_stale)
    ON CONFLICT (table_id, seq) DO NOTHING;
    GET DIAGNOSTICS v_new = ROW_COUNT;
    SELECT count(*) INTO v_sent FROM unnest(p_tables) AS r (table_id)
     WHERE NOT r.table_id = ANY (v_stale);
    -- Sent again after a lost answer: the rows must be the same ones.
    IF v_new <> v_sent AND EXISTS (
        SELECT 1 FROM unnest(p_tables, p_seqs, p_digests) AS r (table_id, seq, digest)
          JOIN journal j USING (table_id, seq)
         WHERE NOT r.table_id = ANY (v_stale) AND j.digest <> r.digest
    ) THEN
        RAISE EXCEPTION 'another row has the same number: %', p_tables;
    END IF;
    RETURN v_stale;
END $$;

-- Serve the table from here on: the next epoch, in one transaction with the ledger's fence.
CREATE FUNCTION actors.take_over(
    p_table text, p_owner text, p_address text, p_lease_ms bigint, p_spec jsonb,
    OUT epoch bigint, OUT last_hand bigint, OUT fault text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = actors, pg_temp AS $$
BEGIN
    SELECT t.fault INTO take_over.fault FROM tables t WHERE table_id = p_table FOR UPDATE;
    fault := coalesce(fault, '');
    -- One number is skipped: before there was a journal, the last hand of the epoch before may
    -- have been settled and not archived.
    INSERT INTO tables AS t (table_id, owner, address, lease_until, spec)
    VALUES (p_table, p_owner, p_address,
            clock_timestamp() + p_lease_ms * interval '1 ms', p_spec)
    ON CONFLICT (table_id) DO UPDATE
        SET epoch = t.epoch + 1, last_hand = t.last_hand + 1, owner = p_owner,
            address = p_address, lease_until = excluded.lease_until, spec = p_spec,
            wanted = true, fault = '', opened_at = now()
    RETURNING t.epoch, t.last_hand INTO take_over.epoch, take_over.last_hand;
    PERFORM wallet.raise_fence(p_table, take_over.epoch);
END $$;

-- Renew the leases of one owner together; returns the tables that are still its own.
CREATE FUNCTION actors.renew(p_tables text[], p_epochs bigint[], p_lease_ms bigint) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = actors, pg_temp AS $$
DECLARE
    v_ours text[];
BEGIN
    PERFORM 1 FROM tables WHERE table_id = ANY (p_tables) ORDER BY table_id FOR NO KEY UPDATE;
    WITH renewed AS (
        UPDATE tables t SET lease_until = clock_timestamp() + p_lease_ms * interval '1 ms'
          FROM unnest(p_tables, p_epochs) AS r (table_id, epoch)
         WHERE t.table_id = r.table_id AND t.epoch = r.epoch
        RETURNING t.table_id
    ) SELECT coalesce(array_agg(table_id), '{}') INTO v_ours FROM renewed;
    RETURN v_ours;
END $$;

-- Give a table up: the next owner need not wait for anything.
CREATE FUNCTION actors.release(p_table text, p_epoch bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = actors, pg_temp AS $$
    UPDATE tables SET owner = '', address = '', lease_until = clock_timestamp()
     WHERE table_id = p_table AND epoch = p_epoch
$$;

-- The owner halts by a fault of its own: the next one counts it.
CREATE FUNCTION actors.note_fault(p_table text, p_epoch bigint, p_fault text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = actors, pg_temp AS $$
    UPDATE tables SET fault = p_fault WHERE table_id = p_table AND epoch = p_epoch
$$;

-- Rows before the last snapshot have done their work: the hands are in the archive.
CREATE FUNCTION actors.prune(p_table text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = actors, pg_temp AS $$
    DELETE FROM journal
     WHERE table_id = p_table
       AND seq < (SELECT max(seq) FROM journal WHERE table_id = p_table AND kind = 'Snapshot')
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA actors FROM PUBLIC;
REVOKE INSERT, UPDATE ON actors.tables FROM squaredeal_app;
GRANT UPDATE (last_hand) ON actors.tables TO squaredeal_app;
GRANT SELECT ON actors.journal TO squaredeal_app;
GRANT EXECUTE ON FUNCTION actors.append, actors.take_over, actors.renew, actors.release,
    actors.note_fault, actors.prune
TO squaredeal_app;

-- What operators did, beside the journal of the table concerned.
CREATE TABLE actors.operator_actions (
    action_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT now(),
    operator  text NOT NULL,
    approver  text,
    action    text NOT NULL,
    target    text NOT NULL,
    hand      bigint,
    reason    text NOT NULL DEFAULT '',
    outcome   text NOT NULL
);

GRANT SELECT, INSERT ON actors.operator_actions TO squaredeal_app;
GRANT UPDATE (wanted) ON actors.tables TO squaredeal_app;
