-- What the seamless wallet needs of the ledger: chips that come in from the operator and go out to
-- him, cash against wallet. Everything that knows the ledger's own tables is in this one file.

ALTER TABLE wallet.transfers DROP CONSTRAINT transfers_kind_check;
ALTER TABLE wallet.transfers ADD CONSTRAINT transfers_kind_check
    CHECK (kind IN ('grant', 'buy_in', 'hand', 'cash_out', 'deposit', 'withdrawal'));

-- Cash to the player's wallet, which is opened if need be.
CREATE FUNCTION wallet.seamless_deposit(
    p_key text, p_payload bytea, p_owner uuid, p_amount bigint
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_wallet bigint;
    v_cash bigint;
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    PERFORM open_wallet(p_owner);
    SELECT account_id INTO v_wallet FROM accounts WHERE kind = 'wallet' AND owner = p_owner;
    SELECT account_id INTO v_cash FROM accounts WHERE kind = 'cash';
    RETURN post(p_key, p_payload, 'deposit', NULL, NULL, NULL, p_amount,
                ARRAY[v_wallet, v_cash], ARRAY[p_amount, -p_amount]);
END $$;

-- The player's wallet to cash.
CREATE FUNCTION wallet.seamless_withdraw(
    p_key text, p_payload bytea, p_owner uuid, p_amount bigint
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_wallet bigint;
    v_cash bigint;
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    SELECT account_id INTO v_wallet FROM accounts WHERE kind = 'wallet' AND owner = p_owner;
    IF NOT FOUND THEN
        RETURN 'unknown_account';
    END IF;
    SELECT account_id INTO v_cash FROM accounts WHERE kind = 'cash';
    RETURN post(p_key, p_payload, 'withdrawal', NULL, NULL, NULL, p_amount,
                ARRAY[v_wallet, v_cash], ARRAY[-p_amount, p_amount]);
END $$;

-- Stakes that came from the operator and went home past the adapter, as a table's recovery sends
-- them: the key that sent each home, for its credit. Reads no more than the stakes in play.
CREATE FUNCTION wallet.seamless_strays(
    p_count integer, OUT key text, OUT player uuid, OUT table_id text, OUT session uuid
) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
BEGIN
    -- A stake that was lost at the table goes home without an entry: nothing is owed.
    UPDATE seamless_transactions d SET in_play = false
      FROM accounts s
     WHERE d.in_play AND s.session = d.session AND s.kind = 'stake' AND s.closed
       AND NOT EXISTS (SELECT 1 FROM entries e JOIN transfers o USING (transfer_id)
                        WHERE e.account_id = s.account_id AND o.kind = 'cash_out');
    RETURN QUERY
    SELECT o.key, s.owner, s.table_id, s.session
      FROM (SELECT DISTINCT d.session FROM seamless_transactions d WHERE d.in_play) AS playing
      JOIN accounts s ON s.session = playing.session AND s.kind = 'stake' AND s.closed
      JOIN entries e ON e.account_id = s.account_id
      JOIN transfers o ON o.transfer_id = e.transfer_id AND o.kind = 'cash_out'
     LIMIT p_count;
END $$;

REVOKE ALL ON FUNCTION
    wallet.seamless_deposit, wallet.seamless_withdraw, wallet.seamless_strays
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    wallet.seamless_deposit, wallet.seamless_withdraw, wallet.seamless_strays
TO squaredeal_app;
