-- The ledger: double entry, integers in minor units, written only by the functions below.

CREATE TABLE wallet.accounts (
    account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL
               CHECK (kind IN ('wallet', 'stake', 'house', 'cash', 'promotional')),
    owner      uuid,
    session    uuid,
    table_id   text,
    currency   text NOT NULL DEFAULT 'PLAY',
    -- A balance never goes below its floor; contra accounts have none.
    floor      bigint,
    balance    bigint NOT NULL DEFAULT 0,
    version    bigint NOT NULL DEFAULT 0,
    closed     boolean NOT NULL DEFAULT false,
    opened_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (floor IS NULL OR balance >= floor),
    CHECK (NOT closed OR balance = 0),
    CHECK ((kind IN ('wallet', 'stake')) = (owner IS NOT NULL)),
    CHECK ((kind IN ('wallet', 'stake')) = (floor IS NOT NULL)),
    CHECK ((kind = 'stake') = (session IS NOT NULL AND table_id IS NOT NULL))
);
CREATE UNIQUE INDEX one_wallet ON wallet.accounts (owner, currency) WHERE kind = 'wallet';
CREATE UNIQUE INDEX one_stake ON wallet.accounts (session) WHERE kind = 'stake';
CREATE UNIQUE INDEX one_contra ON wallet.accounts (kind, currency)
    WHERE kind IN ('house', 'cash', 'promotional');
CREATE INDEX open_stakes ON wallet.accounts (table_id) WHERE kind = 'stake' AND NOT closed;
CREATE INDEX stakes_of ON wallet.accounts (owner);

INSERT INTO wallet.accounts (kind) VALUES ('house'), ('cash'), ('promotional');

CREATE TABLE wallet.transfers (
    transfer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         text NOT NULL UNIQUE,   -- natural: the same event has the same key
    payload     bytea NOT NULL,         -- SHA-256 of what was asked
    kind        text NOT NULL CHECK (kind IN ('grant', 'buy_in', 'hand', 'cash_out')),
    table_id    text,
    hand        bigint,
    epoch       bigint,
    amount      bigint NOT NULL CHECK (amount >= 0),
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE wallet.entries (
    entry_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id bigint NOT NULL REFERENCES wallet.transfers,
    account_id  bigint NOT NULL REFERENCES wallet.accounts,
    amount      bigint NOT NULL CHECK (amount <> 0),
    balance     bigint NOT NULL             -- of the account, after this entry
);
CREATE INDEX entries_of_account ON wallet.entries (account_id, entry_id DESC);
CREATE INDEX entries_of_transfer ON wallet.entries (transfer_id);

-- The epoch below which no settlement of a table is accepted any more.
CREATE TABLE wallet.fences (
    table_id text PRIMARY KEY,
    epoch    bigint NOT NULL
);

-- Whether a key was used: 'duplicate', 'payload_mismatch', or NULL. Holds the key until the
-- transaction ends, so that two callers with one key are served one after the other.
CREATE FUNCTION wallet.seen(p_key text, p_payload bytea) RETURNS text
LANGUAGE plpgsql SET search_path = wallet, pg_temp AS $$
DECLARE
    before bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_key, 0));
    SELECT payload INTO before FROM transfers WHERE key = p_key;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN CASE WHEN before = p_payload THEN 'duplicate' ELSE 'payload_mismatch' END;
END $$;

-- Write one transfer. Accounts are locked in the order of their ids: no deadlocks. Returns
-- 'applied', or 'insufficient' with nothing written.
CREATE FUNCTION wallet.post(
    p_key text, p_payload bytea, p_kind text, p_table text, p_hand bigint, p_epoch bigint,
    p_amount bigint, p_accounts bigint[], p_amounts bigint[]
) RETURNS text
LANGUAGE plpgsql SET search_path = wallet, pg_temp AS $$
DECLARE
    v_transfer bigint;
    v_line record;
BEGIN
    IF (SELECT coalesce(sum(a), 0) FROM unnest(p_amounts) a) <> 0 THEN
        RAISE EXCEPTION 'entries of % do not sum to zero', p_key;
    END IF;
    PERFORM 1 FROM accounts WHERE account_id = ANY (p_accounts) ORDER BY account_id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM unnest(p_accounts, p_amounts) AS l (account_id, amount)
          JOIN accounts USING (account_id)
         WHERE balance + l.amount < floor
    ) THEN
        RETURN 'insufficient';
    END IF;
    INSERT INTO transfers (key, payload, kind, table_id, hand, epoch, amount)
    VALUES (p_key, p_payload, p_kind, p_table, p_hand, p_epoch, p_amount)
    RETURNING transfer_id INTO v_transfer;
    FOR v_line IN
        SELECT account_id, amount FROM unnest(p_accounts, p_amounts) AS l (account_id, amount)
         WHERE amount <> 0 ORDER BY account_id
    LOOP
        UPDATE accounts SET balance = balance + v_line.amount, version = version + 1
         WHERE account_id = v_line.account_id;
        INSERT INTO entries (transfer_id, account_id, amount, balance)
        SELECT v_transfer, account_id, v_line.amount, balance
          FROM accounts WHERE account_id = v_line.account_id;
    END LOOP;
    RETURN 'applied';
END $$;

CREATE FUNCTION wallet.open_wallet(p_owner uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
    INSERT INTO accounts (kind, owner, floor) VALUES ('wallet', p_owner, 0)
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION wallet.grant_chips(p_key text, p_payload bytea, p_owner uuid, p_amount bigint)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_wallet bigint;
    v_promotional bigint;
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    SELECT account_id INTO v_wallet FROM accounts WHERE kind = 'wallet' AND owner = p_owner;
    IF NOT FOUND THEN
        RETURN 'unknown_account';
    END IF;
    SELECT account_id INTO v_promotional FROM accounts WHERE kind = 'promotional';
    RETURN post(p_key, p_payload, 'grant', NULL, NULL, NULL, p_amount,
                ARRAY[v_wallet, v_promotional], ARRAY[p_amount, -p_amount]);
END $$;

CREATE FUNCTION wallet.buy_in(
    p_key text, p_payload bytea, p_owner uuid, p_table text, p_session uuid, p_amount bigint,
    p_epoch bigint
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_wallet bigint;
    v_stake accounts;
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    -- Shared, as in settle: after a take-over no chips go to a table that nobody serves.
    PERFORM 1 FROM fences WHERE table_id = p_table FOR SHARE;
    IF EXISTS (SELECT 1 FROM fences WHERE table_id = p_table AND epoch > p_epoch) THEN
        RETURN 'stale_epoch';
    END IF;
    SELECT account_id INTO v_wallet FROM accounts WHERE kind = 'wallet' AND owner = p_owner
       FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown_account';
    END IF;
    IF (SELECT balance FROM accounts WHERE account_id = v_wallet) < p_amount THEN
        RETURN 'insufficient';
    END IF;
    INSERT INTO accounts (kind, owner, session, table_id, floor)
    VALUES ('stake', p_owner, p_session, p_table, 0)
    ON CONFLICT (session) WHERE kind = 'stake' DO NOTHING;
    SELECT * INTO v_stake FROM accounts WHERE kind = 'stake' AND session = p_session FOR UPDATE;
    IF v_stake.closed OR v_stake.owner <> p_owner OR v_stake.table_id <> p_table THEN
        RETURN 'unknown_account';
    END IF;
    RETURN post(p_key, p_payload, 'buy_in', p_table, NULL, NULL, p_amount,
                ARRAY[v_wallet, v_stake.account_id], ARRAY[-p_amount, p_amount]);
END $$;

CREATE FUNCTION wallet.settle(
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
    -- Shared: a take-over waits for this settlement, or this one sees the take-over.
    PERFORM 1 FROM fences WHERE table_id = p_table FOR SHARE;
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
    SELECT account_id INTO v_house FROM accounts WHERE kind = 'house';
    SELECT coalesce(sum(c), 0) INTO v_won FROM unnest(p_changes) c WHERE c > 0;
    RETURN post(p_key, p_payload, 'hand', p_table, p_hand, p_epoch, v_won + p_rake,
                v_accounts || v_house, p_changes || p_rake);
END $$;

CREATE FUNCTION wallet.cash_out(
    p_key text, p_payload bytea, p_owner uuid, p_table text, p_session uuid,
    OUT code text, OUT moved bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_stake accounts;
    v_wallet bigint;
BEGIN
    code := seen(p_key, p_payload);
    IF code IS NOT NULL THEN
        SELECT amount INTO moved FROM transfers WHERE key = p_key;
        RETURN;
    END IF;
    moved := 0;
    SELECT account_id INTO v_wallet FROM accounts WHERE kind = 'wallet' AND owner = p_owner;
    SELECT * INTO v_stake FROM accounts
     WHERE kind = 'stake' AND session = p_session AND owner = p_owner AND table_id = p_table;
    IF v_wallet IS NULL OR v_stake.account_id IS NULL THEN
        code := 'unknown_account';
        RETURN;
    END IF;
    PERFORM 1 FROM accounts WHERE account_id IN (v_wallet, v_stake.account_id)
      ORDER BY account_id FOR UPDATE;
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

CREATE FUNCTION wallet.raise_fence(p_table text, p_epoch bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
BEGIN
    INSERT INTO fences (table_id, epoch) VALUES (p_table, p_epoch)
    ON CONFLICT (table_id) DO UPDATE SET epoch = excluded.epoch
        WHERE fences.epoch < excluded.epoch;
    RETURN FOUND;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA wallet FROM PUBLIC;
GRANT USAGE ON SCHEMA wallet TO squaredeal_app;
GRANT SELECT ON ALL TABLES IN SCHEMA wallet TO squaredeal_app;
GRANT EXECUTE ON FUNCTION
    wallet.open_wallet, wallet.grant_chips, wallet.buy_in, wallet.settle, wallet.cash_out,
    wallet.raise_fence
TO squaredeal_app;
