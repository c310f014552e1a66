-- Several currencies. An account has one; no transfer and no batch touches accounts of two.

CREATE TABLE wallet.currencies (
    currency text PRIMARY KEY CHECK (currency ~ '^[A-Z][A-Z0-9]{2,7}$'),
    exponent smallint NOT NULL CHECK (exponent BETWEEN 0 AND 8)  -- 2: a hundred minor units to one
);
INSERT INTO wallet.currencies VALUES ('PLAY', 0);
ALTER TABLE wallet.accounts ADD FOREIGN KEY (currency) REFERENCES wallet.currencies;

-- Pending: what withdrawals have taken from wallets and is on its way out. It has a floor.
ALTER TABLE wallet.accounts DROP CONSTRAINT accounts_kind_check, DROP CONSTRAINT accounts_check3;
ALTER TABLE wallet.accounts
    ADD CONSTRAINT accounts_kind_check
        CHECK (kind IN ('wallet', 'stake', 'house', 'cash', 'promotional', 'pending')),
    ADD CONSTRAINT accounts_floor_check
        CHECK ((kind IN ('wallet', 'stake', 'pending')) = (floor IS NOT NULL));
DROP INDEX wallet.one_contra;
CREATE UNIQUE INDEX one_contra ON wallet.accounts (kind, currency, settler)
    WHERE kind IN ('house', 'cash', 'promotional', 'pending');
INSERT INTO wallet.accounts (kind, floor) VALUES ('pending', 0);

ALTER TABLE wallet.transfers DROP CONSTRAINT transfers_kind_check;
ALTER TABLE wallet.transfers ADD CONSTRAINT transfers_kind_check
    CHECK (kind IN ('grant', 'buy_in', 'hand', 'cash_out', 'deposit', 'withdrawal', 'payout',
                    'withdrawal_voided', 'adjustment', 'reversal'));

-- A currency with accounts of its own: 'opened', 'open' if it was, 'mismatch' for another exponent.
CREATE FUNCTION wallet.open_currency(p_currency text, p_exponent integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
BEGIN
    INSERT INTO currencies VALUES (p_currency, p_exponent) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN CASE WHEN EXISTS (SELECT 1 FROM currencies WHERE currency = p_currency
                                    AND exponent = p_exponent) THEN 'open' ELSE 'mismatch' END;
    END IF;
    INSERT INTO accounts (kind, currency, floor)
    VALUES ('house', p_currency, NULL), ('cash', p_currency, NULL),
           ('promotional', p_currency, NULL), ('pending', p_currency, 0);
    RETURN 'opened';
END $$;

-- The account of a kind that belongs to nobody.
CREATE FUNCTION wallet.contra(p_kind text, p_currency text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = wallet, pg_temp AS $$
    SELECT account_id FROM accounts
     WHERE kind = p_kind AND currency = p_currency AND settler = 0
$$;

CREATE FUNCTION wallet.wallet_of(p_owner uuid, p_currency text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = wallet, pg_temp AS $$
    SELECT account_id FROM accounts
     WHERE kind = 'wallet' AND owner = p_owner AND currency = p_currency
$$;

-- The house's account of one settler in one currency.
DROP FUNCTION wallet.open_house(integer);
CREATE FUNCTION wallet.open_house(p_settler integer, p_currency text DEFAULT 'PLAY')
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
    INSERT INTO accounts (kind, settler, currency) VALUES ('house', p_settler, p_currency)
    ON CONFLICT DO NOTHING;
    SELECT account_id FROM accounts
     WHERE kind = 'house' AND settler = p_settler AND currency = p_currency
$$;

-- As before, and all in one currency.
CREATE OR REPLACE FUNCTION wallet.post(
    p_key text, p_payload bytea, p_kind text, p_table text, p_hand bigint, p_epoch bigint,
    p_amount bigint, p_accounts bigint[], p_amounts bigint[]
) RETURNS text
LANGUAGE plpgsql SET search_path = wallet, pg_temp AS $$
DECLARE
    v_transfer bigint := nextval('transfer_ids');
    v_at timestamptz := clock_timestamp();
    v_line record;
    v_balance bigint;
    v_accounts bigint[] := '{}';
    v_moves bigint[] := '{}';
    v_balances bigint[] := '{}';
BEGIN
    IF (SELECT coalesce(sum(a), 0) FROM unnest(p_amounts) a) <> 0 THEN
        RAISE EXCEPTION 'entries of % do not sum to zero', p_key;
    END IF;
    PERFORM 1 FROM accounts WHERE account_id = ANY (p_accounts) ORDER BY account_id
       FOR NO KEY UPDATE;
    IF (SELECT count(DISTINCT currency) FROM accounts WHERE account_id = ANY (p_accounts)) > 1 THEN
        RAISE EXCEPTION 'entries of % cross currencies', p_key;
    END IF;
    IF EXISTS (SELECT 1 FROM accounts WHERE account_id = ANY (p_accounts) AND closed) THEN
        RETURN 'unknown_account';  -- it has gone home while we waited for it
    END IF;
    IF EXISTS (
        SELECT 1 FROM unnest(p_accounts, p_amounts) AS l (account_id, amount)
          JOIN accounts USING (account_id)
         WHERE balance + l.amount < floor
    ) THEN
        RETURN refuse(p_key, p_payload, 'insufficient');
    END IF;
    FOR v_line IN
        SELECT account_id, amount FROM unnest(p_accounts, p_amounts) AS l (account_id, amount)
         WHERE amount <> 0 ORDER BY account_id
    LOOP
        UPDATE accounts SET balance = balance + v_line.amount, version = version + 1
         WHERE account_id = v_line.account_id RETURNING balance INTO v_balance;
        INSERT INTO entries (transfer_id, account_id, amount, balance, at)
        VALUES (v_transfer, v_line.account_id, v_line.amount, v_balance, v_at);
        v_accounts := v_accounts || v_line.account_id;
        v_moves := v_moves || v_line.amount;
        v_balances := v_balances || v_balance;
    END LOOP;
    INSERT INTO transfers
        (transfer_id, key, payload, kind, table_id, hand, epoch, amount, created_at, link_id)
    VALUES (v_transfer, p_key, p_payload, p_kind, p_table, p_hand, p_epoch, p_amount, v_at,
            link(-1 - (hashtext(p_key) & 15), v_at, ARRAY[v_transfer], ARRAY[p_key],
                 ARRAY[p_payload], ARRAY[p_kind], ARRAY[p_table], ARRAY[p_hand], ARRAY[p_epoch],
                 ARRAY[p_amount], array_fill(v_transfer, ARRAY[cardinality(v_accounts)]),
                 v_accounts, v_moves, v_balances));
    RETURN 'applied';
END $$;

-- As before, and all in one currency: the settler sorts them.
CREATE OR REPLACE FUNCTION wallet.settle_batch(
    p_settler integer, p_names text[],
    p_keys text[], p_payloads bytea[], p_tables integer[], p_hands bigint[], p_epochs bigint[],
    p_amounts bigint[],
    p_accounts bigint[], p_places integer[], p_nets bigint[], p_counts bigint[],
    p_of integer[], p_on integer[], p_moves bigint[], p_running bigint[]
) RETURNS void
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
        RETURNING a.account_id, a.balance - n.net AS before,
                  coalesce(a.floor, -9000000000000000000) AS floor, a.currency,
                  CASE WHEN kind = 'house' THEN '' WHEN kind = 'stake' THEN table_id END AS at_table
    ) SELECT array_agg(before ORDER BY account_id), array_agg(floor ORDER BY account_id),
             min(currency) = max(currency)
             AND array_agg(account_id ORDER BY account_id) = p_accounts
             AND array_agg(at_table ORDER BY account_id)
                 = (SELECT array_agg(CASE WHEN place = 0 THEN '' ELSE v_names[place] END ORDER BY n)
                      FROM unnest(p_places) WITH ORDINALITY AS p (place, n))
        INTO v_before, v_floors, v_good FROM changed;
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
END $$;

-- As before; the house is that of the stakes' currency. Stakes of two currencies are no table.
CREATE OR REPLACE FUNCTION wallet.settle(
    p_key text, p_payload bytea, p_table text, p_hand bigint, p_epoch bigint,
    p_sessions uuid[], p_changes bigint[], p_rake bigint
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_accounts bigint[];
    v_first text;
    v_last text;
    v_won bigint;
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    INSERT INTO fences (table_id, epoch) VALUES (p_table, 0) ON CONFLICT DO NOTHING;
    PERFORM 1 FROM fences WHERE table_id = p_table FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM fences WHERE table_id = p_table AND epoch > p_epoch) THEN
        RETURN 'stale_epoch';
    END IF;
    SELECT array_agg(a.account_id ORDER BY s.place), min(a.currency), max(a.currency)
      INTO v_accounts, v_first, v_last
      FROM unnest(p_sessions) WITH ORDINALITY AS s (session, place)
      JOIN accounts a ON a.session = s.session AND a.kind = 'stake'
                     AND a.table_id = p_table AND NOT a.closed;
    IF coalesce(cardinality(v_accounts), 0) <> cardinality(p_sessions) OR v_first <> v_last THEN
        RETURN 'unknown_account';
    END IF;
    SELECT coalesce(sum(c), 0) INTO v_won FROM unnest(p_changes) c WHERE c > 0;
    v_code := post(p_key, p_payload, 'hand', p_table, p_hand, p_epoch, v_won + p_rake,
                   v_accounts || contra('house', coalesce(v_first, 'PLAY')), p_changes || p_rake);
    IF v_code = 'applied' THEN
        UPDATE fences SET settled = greatest(settled, p_hand) WHERE table_id = p_table;
    END IF;
    RETURN v_code;
END $$;

DROP FUNCTION wallet.grant_chips(text, bytea, uuid, bigint);
CREATE FUNCTION wallet.grant_chips(
    p_key text, p_payload bytea, p_owner uuid, p_amount bigint, p_currency text DEFAULT 'PLAY'
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_wallet bigint := wallet_of(p_owner, p_currency);
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    IF v_wallet IS NULL THEN
        RETURN 'unknown_account';
    END IF;
    RETURN post(p_key, p_payload, 'grant', NULL, NULL, NULL, p_amount,
                ARRAY[v_wallet, contra('promotional', p_currency)], ARRAY[p_amount, -p_amount]);
END $$;

-- The seamless wallet's money is in the one currency that it had.
CREATE OR REPLACE FUNCTION wallet.seamless_deposit(
    p_key text, p_payload bytea, p_owner uuid, p_amount bigint
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    PERFORM open_wallet(p_owner);
    RETURN post(p_key, p_payload, 'deposit', NULL, NULL, NULL, p_amount,
                ARRAY[wallet_of(p_owner, 'PLAY'), contra('cash', 'PLAY')],
                ARRAY[p_amount, -p_amount]);
END $$;

CREATE OR REPLACE FUNCTION wallet.seamless_withdraw(
    p_key text, p_payload bytea, p_owner uuid, p_amount bigint
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_wallet bigint := wallet_of(p_owner, 'PLAY');
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    IF v_wallet IS NULL THEN
        RETURN 'unknown_account';
    END IF;
    RETURN post(p_key, p_payload, 'withdrawal', NULL, NULL, NULL, p_amount,
                ARRAY[v_wallet, contra('cash', 'PLAY')], ARRAY[-p_amount, p_amount]);
END $$;
