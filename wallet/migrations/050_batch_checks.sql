-- As before, and an account without a move may not change at all.
CREATE OR REPLACE FUNCTION wallet.settle_batch(
    p_settler integer, p_names text[],
    p_keys text[], p_payloads bytea[], p_tables integer[], p_hands bigint[], p_epochs bigint[],
    p_amounts bigint[],
    p_accounts bigint[], p_places integer[], p_nets bigint[], p_counts bigint[],
    p_of integer[], p_on integer[], p_moves bigint[], p_running bigint[]
) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_at timestamptz := clock_timestamp();
    v_size bigint := cardinality(p_keys);
    v_rows bigint;
    v_ids bigint[];
    v_before bigint[];
    v_floors bigint[];
    v_good boolean;
    v_of bigint[];
    v_on bigint[];
    v_balances bigint[];
    v_lines bytea;
    v_names text[] := p_names;  -- a copy of our own: its elements are found at once
BEGIN
    -- The fence and the watermark of each table: a take-over waits for us, or we see it.
    PERFORM 1 FROM fences WHERE table_id = ANY (p_names) ORDER BY table_id FOR NO KEY UPDATE;
    UPDATE fences f SET settled = a.last
      FROM (SELECT v_names[place] AS table_id, min(epoch) AS epoch, min(hand) AS first,
                   max(hand) AS last
              FROM unnest(p_tables, p_hands, p_epochs) AS h (place, hand, epoch)
             GROUP BY place) a
     WHERE f.table_id = a.table_id AND f.epoch <= a.epoch AND f.settled < a.first;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    IF v_rows <> cardinality(p_names) OR EXISTS (SELECT 1 FROM refusals WHERE key = ANY (p_keys))
    THEN
        RAISE EXCEPTION 'a table' USING ERRCODE = 'SD001';
    END IF;

    -- The accounts. In whatever order: those who settle a table have locked its fence before.
    WITH changed AS (
        UPDATE accounts a SET balance = a.balance + n.net, version = a.version + n.moves
          FROM unnest(p_accounts, p_nets, p_counts) AS n (account_id, net, moves)
         WHERE a.account_id = n.account_id AND NOT a.closed
        RETURNING a.account_id, a.balance - n.net AS before, a.owner, a.balance, a.version,
                  coalesce(a.floor, -9000000000000000000) AS floor, a.currency,
                  CASE WHEN kind = 'house' THEN '' WHEN kind = 'stake' THEN table_id END AS at_table
    ) SELECT array_agg(before ORDER BY account_id), array_agg(floor ORDER BY account_id),
             min(currency) = max(currency)
             AND array_agg(account_id ORDER BY account_id) = p_accounts
             AND array_agg(at_table ORDER BY account_id)
                 = (SELECT array_agg(CASE WHEN place = 0 THEN '' ELSE v_names[place] END ORDER BY n)
                      FROM unnest(p_places) WITH ORDINALITY AS p (place, n)),
             string_agg(uuid_send(owner) || int8send(account_id) || int8send(balance)
                        || int8send(version), ''::bytea)
        INTO v_before, v_floors, v_good, v_lines FROM changed;
    IF v_good IS NOT TRUE THEN
        RAISE EXCEPTION 'an account' USING ERRCODE = 'SD001';
    END IF;

    -- The moves: by account as they were netted, by hand to zero, never below a floor.
    SELECT bool_and(running = move + CASE WHEN on_ = last_on THEN last_running ELSE 0 END
                    AND move <> 0
                    AND on_ >= coalesce(last_on, 1)
                    AND v_before[on_] + running >= v_floors[on_]
                    AND (p_places[on_] = 0 OR p_places[on_] = p_tables[of_]))
      INTO v_good
      FROM (SELECT of_, on_, move, running, lag(on_) OVER () AS last_on,
                   lag(running) OVER () AS last_running
              FROM unnest(p_of, p_on, p_moves, p_running) AS m (of_, on_, move, running)) m;
    IF v_good IS NOT TRUE
       OR EXISTS (SELECT 1 FROM (SELECT of_, sum(move) AS total,
                                        sum(move) FILTER (WHERE move > 0) AS moved
                                   FROM unnest(p_of, p_moves) AS m (of_, move) GROUP BY of_) h
                   WHERE total <> 0 OR moved <> p_amounts[of_])
       OR EXISTS (SELECT 1 FROM (SELECT on_, sum(move) AS net, count(*) AS moves
                                   FROM unnest(p_on, p_moves) AS m (on_, move) GROUP BY on_) a
                   WHERE net <> p_nets[on_] OR moves <> p_counts[on_])
       OR EXISTS (SELECT 1 FROM unnest(p_nets, p_counts) AS a (net, moves)
                   WHERE moves < 0 OR (moves = 0 AND net <> 0))
       OR (SELECT sum(moves) FROM unnest(p_counts) AS moves) <> cardinality(p_moves)
    THEN
        RAISE EXCEPTION 'a move' USING ERRCODE = 'SD001';
    END IF;

    SELECT array_agg(nextval('transfer_ids')) INTO v_ids FROM generate_series(1, v_size);
    SELECT array_agg(v_ids[of_]), array_agg(p_accounts[on_]), array_agg(v_before[on_] + running)
      INTO v_of, v_on, v_balances
      FROM unnest(p_of, p_on, p_running) AS m (of_, on_, running);
    INSERT INTO entries (transfer_id, account_id, amount, balance, at)
    SELECT t, a, m, b, v_at FROM unnest(v_of, v_on, p_moves, v_balances) AS e (t, a, m, b);

    INSERT INTO transfers
        (transfer_id, key, payload, kind, table_id, hand, epoch, amount, created_at, link_id)
    SELECT id, key, payload, 'hand', v_names[place], hand, epoch, amount, v_at, l.link_id
      FROM unnest(v_ids, p_keys, p_payloads, p_tables, p_hands, p_epochs, p_amounts)
           AS h (id, key, payload, place, hand, epoch, amount),
           (SELECT link(p_settler, v_at, v_ids, p_keys, p_payloads,
                        array_fill('hand'::text, ARRAY[v_size::integer]),
                        (SELECT array_agg(v_names[place] ORDER BY n)
                           FROM unnest(p_tables) WITH ORDINALITY AS p (place, n)),
                        p_hands, p_epochs, p_amounts, v_of, v_on, p_moves, v_balances)
                   AS link_id OFFSET 0) l
    ON CONFLICT (key) DO NOTHING;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    IF v_rows <> v_size THEN
        RAISE EXCEPTION 'a key' USING ERRCODE = 'SD001';
    END IF;
    RETURN v_lines;
END $$;
