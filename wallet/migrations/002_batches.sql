-- Hands settle in batches: one call, one commit, one link of a hash chain for many of them.

-- A contra account has one sub-account a settler: no row is touched by two settlers.
ALTER TABLE wallet.accounts ADD COLUMN settler integer NOT NULL DEFAULT 0 CHECK (settler >= 0);
ALTER TABLE wallet.accounts SET (fillfactor = 70);
DROP INDEX wallet.one_contra;
CREATE UNIQUE INDEX one_contra ON wallet.accounts (kind, currency, settler)
    WHERE kind IN ('house', 'cash', 'promotional');

-- The hand up to which a table is settled; a batch only goes on from there.
ALTER TABLE wallet.fences ADD COLUMN settled bigint NOT NULL DEFAULT 0;
UPDATE wallet.fences f SET settled = t.hand
  FROM (SELECT table_id, max(hand) AS hand FROM wallet.transfers WHERE kind = 'hand' GROUP BY 1) t
 WHERE t.table_id = f.table_id;

-- What was refused for good: the same key gets the same answer, whatever has changed since.
CREATE TABLE wallet.refusals (
    key        text PRIMARY KEY,
    payload    bytea NOT NULL,
    code       text NOT NULL CHECK (code IN ('insufficient', 'limit_reached')),
    refused_at timestamptz NOT NULL DEFAULT now()
);

-- One link a batch. ``hash`` covers the link before and every row that the batch wrote. A chain is
-- written by one transaction at a time; single operations have chains of their own.
CREATE TABLE wallet.chains (
    chain   integer PRIMARY KEY,
    links   bigint NOT NULL DEFAULT 0,
    hash    bytea NOT NULL DEFAULT ''
);
CREATE TABLE wallet.links (
    link_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    chain     integer NOT NULL,
    number    bigint NOT NULL,
    transfers integer NOT NULL,
    entries   integer NOT NULL,
    hash      bytea NOT NULL,
    at        timestamptz NOT NULL,
    UNIQUE (chain, number)
);

ALTER TABLE wallet.transfers ADD COLUMN link_id bigint;

-- Entries by month. No foreign keys: the functions below are the only writers, and the check reads
-- everything. No index by transfer: nobody asks that way but the check, which reads all.
ALTER TABLE wallet.entries RENAME TO entries_before;
DROP INDEX wallet.entries_of_account, wallet.entries_of_transfer;
CREATE SEQUENCE wallet.entry_ids CACHE 1;
CREATE TABLE wallet.entries (
    entry_id    bigint NOT NULL DEFAULT nextval('wallet.entry_ids'),
    transfer_id bigint NOT NULL,
    account_id  bigint NOT NULL,
    amount      bigint NOT NULL CHECK (amount <> 0),
    balance     bigint NOT NULL,             -- of the account, after this entry
    at          timestamptz NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX entries_of_account ON wallet.entries (account_id, entry_id DESC);

CREATE FUNCTION wallet.never() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is forbidden', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- Partitions for the months from p_from on; those that are there stay as they are. Called at every
-- start and once a day, so that there is always one to write to.
CREATE FUNCTION wallet.open_months(p_from timestamptz, p_count integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_month timestamptz;
    v_name text;
    v_made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('wallet.open_months'));
    FOR i IN 0 .. p_count - 1 LOOP
        v_month := date_trunc('month', p_from) + i * interval '1 month';
        v_name := 'entries_' || to_char(v_month, 'YYYY_MM');
        IF to_regclass(v_name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF entries FOR VALUES FROM (%L) TO (%L)',
                           v_name, v_month, v_month + interval '1 month');
            EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %I
                            FOR EACH STATEMENT EXECUTE FUNCTION never()', v_name);
            v_made := v_made + 1;
        END IF;
    END LOOP;
    RETURN v_made;
END $$;

SELECT wallet.open_months(month, 1)
  FROM (SELECT DISTINCT date_trunc('month', created_at, 'UTC') AS month FROM wallet.transfers) m;
SELECT wallet.open_months(now(), 3);

INSERT INTO wallet.entries (entry_id, transfer_id, account_id, amount, balance, at)
SELECT e.entry_id, e.transfer_id, e.account_id, e.amount, e.balance, t.created_at
  FROM wallet.entries_before e JOIN wallet.transfers t USING (transfer_id) ORDER BY entry_id;
SELECT setval('wallet.entry_ids', coalesce(max(entry_id), 0) + 1, false) FROM wallet.entries;
DROP TABLE wallet.entries_before;

-- The next link of a chain, over the rows of its batch in the order of their ids.
CREATE FUNCTION wallet.link(
    p_chain integer, p_at timestamptz, p_transfers bigint[], p_keys text[], p_payloads bytea[],
    p_kinds text[], p_tables text[], p_hands bigint[], p_epochs bigint[], p_amounts bigint[],
    p_of bigint[], p_accounts bigint[], p_moves bigint[], p_balances bigint[]
) RETURNS bigint
LANGUAGE plpgsql SET search_path = wallet, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_head chains;
    v_hash bytea;
    v_link bigint;
BEGIN
    INSERT INTO chains (chain) VALUES (p_chain) ON CONFLICT DO NOTHING;
    SELECT * INTO v_head FROM chains WHERE chain = p_chain FOR UPDATE;
    v_hash := digest_of(v_head.hash, p_at, p_transfers, p_keys, p_payloads, p_kinds, p_tables,
                        p_hands, p_epochs, p_amounts, p_of, p_accounts, p_moves, p_balances);
    UPDATE chains SET links = links + 1, hash = v_hash WHERE chain = p_chain;
    INSERT INTO links (chain, number, transfers, entries, hash, at)
    VALUES (p_chain, v_head.links + 1, cardinality(p_transfers), cardinality(p_of), v_hash, p_at)
    RETURNING link_id INTO v_link;
    RETURN v_link;
END $$;

CREATE FUNCTION wallet.digest_of(
    p_before bytea, p_at timestamptz, p_transfers bigint[], p_keys text[], p_payloads bytea[],
    p_kinds text[], p_tables text[], p_hands bigint[], p_epochs bigint[], p_amounts bigint[],
    p_of bigint[], p_accounts bigint[], p_moves bigint[], p_balances bigint[]
) RETURNS bytea
LANGUAGE sql STABLE SET search_path = wallet, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO'
SET bytea_output = 'hex' AS $$
    SELECT sha256(p_before || convert_to(concat_ws('|', p_at, p_transfers, p_keys, p_payloads,
        p_kinds, p_tables, p_hands, p_epochs, p_amounts, p_of, p_accounts, p_moves, p_balances),
        'UTF8'))
$$;

CREATE OR REPLACE FUNCTION wallet.seen(p_key text, p_payload bytea) RETURNS text
LANGUAGE plpgsql SET search_path = wallet, pg_temp AS $$
DECLARE
    v_payload bytea;
    v_code text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_key, 0));
    SELECT payload, 'duplicate' INTO v_payload, v_code FROM transfers WHERE key = p_key;
    IF NOT FOUND THEN
        SELECT payload, code INTO v_payload, v_code FROM refusals WHERE key = p_key;
    END IF;
    RETURN CASE WHEN v_payload = p_payload THEN v_code
                WHEN v_payload IS NOT NULL THEN 'payload_mismatch' END;
END $$;

-- Refuse for good.
CREATE FUNCTION wallet.refuse(p_key text, p_payload bytea, p_code text) RETURNS text
LANGUAGE sql SET search_path = wallet, pg_temp AS $$
    INSERT INTO refusals (key, payload, code) VALUES (p_key, p_payload, p_code) RETURNING code
$$;

-- As before, and in the chain: one of sixteen, so that single operations do not queue for one row.
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
ALTER TABLE wallet.transfers ALTER COLUMN transfer_id DROP IDENTITY;
CREATE SEQUENCE wallet.transfer_ids;
SELECT setval('wallet.transfer_ids', coalesce(max(transfer_id), 0) + 1, false)
  FROM wallet.transfers;

-- Hands of one settler, all of them or none: SD001 if any is not simply to be applied. The caller
-- has netted the moves by account and ordered them; all that is checked here once more.
--
-- A hand is (key, payload, table, hand, epoch, amount); its table is a place in p_names. An account
-- is (id, place of its table in p_names or 0 for the house, net, number of moves), ordered by id.
-- A move is (place of its hand, place of its account, amount, sum of the moves so far on this
-- account), ordered by account. Places count from 1.
CREATE FUNCTION wallet.settle_batch(
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
                  coalesce(a.floor, -9000000000000000000) AS floor,
                  CASE WHEN kind = 'house' THEN '' WHEN kind = 'stake' THEN table_id END AS at_table
    ) SELECT array_agg(before ORDER BY account_id), array_agg(floor ORDER BY account_id),
             array_agg(account_id ORDER BY account_id) = p_accounts
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

-- One hand by itself: tells why it is not applied. The watermark follows.
CREATE OR REPLACE FUNCTION wallet.settle(
    p_key text, p_payload bytea, p_table text, p_hand bigint, p_epoch bigint,
    p_sessions uuid[], p_changes bigint[], p_rake bigint
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_accounts bigint[];
    v_house bigint;
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
    SELECT array_agg(a.account_id ORDER BY s.place) INTO v_accounts
      FROM unnest(p_sessions) WITH ORDINALITY AS s (session, place)
      JOIN accounts a ON a.session = s.session AND a.kind = 'stake'
                     AND a.table_id = p_table AND NOT a.closed;
    IF coalesce(cardinality(v_accounts), 0) <> cardinality(p_sessions) THEN
        RETURN 'unknown_account';
    END IF;
    SELECT account_id INTO v_house FROM accounts WHERE kind = 'house' AND settler = 0;
    SELECT coalesce(sum(c), 0) INTO v_won FROM unnest(p_changes) c WHERE c > 0;
    v_code := post(p_key, p_payload, 'hand', p_table, p_hand, p_epoch, v_won + p_rake,
                   v_accounts || v_house, p_changes || p_rake);
    IF v_code = 'applied' THEN
        UPDATE fences SET settled = greatest(settled, p_hand) WHERE table_id = p_table;
    END IF;
    RETURN v_code;
END $$;

CREATE OR REPLACE FUNCTION wallet.buy_in(
    p_key text, p_payload bytea, p_owner uuid, p_table text, p_session uuid, p_amount bigint,
    p_epoch bigint
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_wallet accounts;
    v_stake accounts;
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    -- Shared: after a take-over no chips go to a table that nobody serves.
    PERFORM 1 FROM fences WHERE table_id = p_table FOR SHARE;
    IF EXISTS (SELECT 1 FROM fences WHERE table_id = p_table AND epoch > p_epoch) THEN
        RETURN 'stale_epoch';
    END IF;
    SELECT * INTO v_wallet FROM accounts WHERE kind = 'wallet' AND owner = p_owner
       FOR NO KEY UPDATE;
    SELECT * INTO v_stake FROM accounts WHERE kind = 'stake' AND session = p_session
       FOR NO KEY UPDATE;
    IF v_wallet.account_id IS NULL OR v_stake.closed OR v_stake.owner <> p_owner
       OR v_stake.table_id <> p_table THEN
        RETURN 'unknown_account';
    END IF;
    IF v_wallet.balance < p_amount THEN
        RETURN refuse(p_key, p_payload, 'insufficient');
    END IF;
    IF v_stake.account_id IS NULL THEN
        INSERT INTO accounts (kind, owner, session, table_id, floor)
        VALUES ('stake', p_owner, p_session, p_table, 0)
        ON CONFLICT (session) WHERE kind = 'stake' DO NOTHING
        RETURNING * INTO v_stake;
        IF v_stake.account_id IS NULL THEN
            -- Another key has opened it at this moment: look again.
            RETURN buy_in(p_key, p_payload, p_owner, p_table, p_session, p_amount, p_epoch);
        END IF;
    END IF;
    RETURN post(p_key, p_payload, 'buy_in', p_table, NULL, NULL, p_amount,
                ARRAY[v_wallet.account_id, v_stake.account_id], ARRAY[-p_amount, p_amount]);
END $$;

CREATE OR REPLACE FUNCTION wallet.cash_out(
    p_key text, p_payload bytea, p_owner uuid, p_table text, p_session uuid,
    OUT code text, OUT moved bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_stake accounts;
    v_wallet bigint;
BEGIN
    code := seen(p_key, p_payload);
    moved := 0;
    IF code = 'duplicate' THEN
        SELECT amount INTO moved FROM transfers WHERE key = p_key;
    END IF;
    IF code IS NOT NULL THEN
        RETURN;
    END IF;
    SELECT account_id INTO v_wallet FROM accounts WHERE kind = 'wallet' AND owner = p_owner;
    SELECT * INTO v_stake FROM accounts
     WHERE kind = 'stake' AND session = p_session AND owner = p_owner AND table_id = p_table;
    IF v_wallet IS NULL OR v_stake.account_id IS NULL THEN
        code := 'unknown_account';
        RETURN;
    END IF;
    PERFORM 1 FROM accounts WHERE account_id IN (v_wallet, v_stake.account_id)
      ORDER BY account_id FOR NO KEY UPDATE;
    SELECT * INTO v_stake FROM accounts WHERE account_id = v_stake.account_id;
    IF v_stake.closed THEN
        code := 'duplicate';  -- it has gone home under another key
        RETURN;
    END IF;
    moved := v_stake.balance;
    code := post(p_key, p_payload, 'cash_out', p_table, NULL, NULL, moved,
                 ARRAY[v_stake.account_id, v_wallet], ARRAY[-moved, moved]);
    UPDATE accounts SET closed = true WHERE account_id = v_stake.account_id;
END $$;

-- The house's account of one settler.
CREATE FUNCTION wallet.open_house(p_settler integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
    INSERT INTO accounts (kind, settler) VALUES ('house', p_settler) ON CONFLICT DO NOTHING;
    SELECT account_id FROM accounts WHERE kind = 'house' AND settler = p_settler
$$;

-- Entries, transfers and links are written once.
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON wallet.entries
    FOR EACH ROW EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON wallet.entries
    FOR EACH STATEMENT EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON wallet.transfers
    FOR EACH ROW EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON wallet.transfers
    FOR EACH STATEMENT EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON wallet.links
    FOR EACH ROW EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON wallet.links
    FOR EACH STATEMENT EXECUTE FUNCTION wallet.never();

-- What was written before there was a chain is its first link.
DO $$
DECLARE
    v_link bigint;
BEGIN
    IF EXISTS (SELECT 1 FROM wallet.transfers) THEN
        SELECT wallet.link(0, now(), array_agg(transfer_id), array_agg(key), array_agg(payload),
                           array_agg(kind), array_agg(table_id), array_agg(hand),
                           array_agg(epoch), array_agg(amount), e.of_, e.on_, e.moves, e.balances)
          INTO v_link
          FROM (SELECT * FROM wallet.transfers ORDER BY transfer_id) t,
               (SELECT coalesce(array_agg(transfer_id), '{}') AS of_,
                       coalesce(array_agg(account_id), '{}') AS on_,
                       coalesce(array_agg(amount), '{}') AS moves,
                       coalesce(array_agg(balance), '{}') AS balances
                  FROM (SELECT * FROM wallet.entries ORDER BY entry_id) e) e
         GROUP BY e.of_, e.on_, e.moves, e.balances;
        ALTER TABLE wallet.transfers DISABLE TRIGGER never_changed;
        UPDATE wallet.transfers SET link_id = v_link;
        ALTER TABLE wallet.transfers ENABLE TRIGGER never_changed;
    END IF;
END $$;
ALTER TABLE wallet.transfers ALTER COLUMN link_id SET NOT NULL;

-- Nobody can sign in as the owner of the books; the application calls functions and reads; reports
-- only read. Roles belong to the whole cluster: they may be there.
DO $$
DECLARE
    v_what record;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'squaredeal_owner') THEN
        CREATE ROLE squaredeal_owner NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'squaredeal_report') THEN
        CREATE ROLE squaredeal_report NOLOGIN;
    END IF;
    EXECUTE format('GRANT squaredeal_owner TO %I', current_user);
    ALTER SCHEMA wallet OWNER TO squaredeal_owner;
    FOR v_what IN
        SELECT c.oid::regclass AS name FROM pg_class c
         WHERE c.relnamespace = 'wallet'::regnamespace AND c.relkind IN ('r', 'p')
           AND c.relname <> 'migrations'
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO squaredeal_owner', v_what.name);
    END LOOP;
    ALTER SEQUENCE wallet.transfer_ids OWNER TO squaredeal_owner;
    ALTER SEQUENCE wallet.entry_ids OWNER TO squaredeal_owner;
    FOR v_what IN
        SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'wallet'::regnamespace
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO squaredeal_owner', v_what.name);
    END LOOP;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA wallet FROM PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA wallet TO squaredeal_app;
GRANT USAGE ON SCHEMA wallet TO squaredeal_report;
GRANT SELECT ON ALL TABLES IN SCHEMA wallet TO squaredeal_report;
GRANT EXECUTE ON FUNCTION wallet.digest_of TO squaredeal_report;
GRANT EXECUTE ON FUNCTION
    wallet.settle_batch, wallet.open_house, wallet.open_months, wallet.digest_of
TO squaredeal_app;
