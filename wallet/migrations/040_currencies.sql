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

-- The two functions that write entries look that all accounts have one currency. They stay as they
-- are but for these lines, whichever migration wrote them last; a line that is not found is an error.
CREATE FUNCTION wallet.amend(p_function text, p_line text, p_by text) RETURNS void
LANGUAGE plpgsql SET search_path = wallet, pg_temp AS $$
DECLARE
    v_text text;
BEGIN
    SELECT pg_get_functiondef(oid) INTO STRICT v_text FROM pg_proc
     WHERE pronamespace = 'wallet'::regnamespace AND proname = p_function;
    IF (length(v_text) - length(replace(v_text, p_line, ''))) <> length(p_line) THEN
        RAISE EXCEPTION 'wallet.% does not have this line once: %', p_function, p_line;
    END IF;
    EXECUTE replace(v_text, p_line, p_by);
END $$;
SELECT wallet.amend('post',
'    IF EXISTS (SELECT 1 FROM accounts WHERE account_id = ANY (p_accounts) AND closed) THEN',
$$    IF (SELECT count(DISTINCT currency) FROM accounts WHERE account_id = ANY (p_accounts)) > 1 THEN
        RAISE EXCEPTION 'entries of % cross currencies', p_key;
    END IF;
    IF EXISTS (SELECT 1 FROM accounts WHERE account_id = ANY (p_accounts) AND closed) THEN$$);
SELECT wallet.amend('settle_batch',
'                  coalesce(a.floor, -9000000000000000000) AS floor,',
'                  coalesce(a.floor, -9000000000000000000) AS floor, a.currency,');
SELECT wallet.amend('settle_batch',
'             array_agg(account_id ORDER BY account_id) = p_accounts',
'             min(currency) = max(currency)
             AND array_agg(account_id ORDER BY account_id) = p_accounts');
DROP FUNCTION wallet.amend;

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
