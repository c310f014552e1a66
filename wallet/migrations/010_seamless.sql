-- What is under way at an operator who keeps the money: one row a business action, never deleted.

CREATE TABLE wallet.seamless_players (
    player          uuid PRIMARY KEY,
    operator_player text NOT NULL UNIQUE,
    currency        text NOT NULL,
    token           text NOT NULL,  -- the operator's; not for the application to list
    bound_at        timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE wallet.seamless_transactions (
    key              text PRIMARY KEY,      -- the ledger's own key of the buy-in or cash-out
    transaction_uuid uuid NOT NULL UNIQUE,
    kind             text NOT NULL CHECK (kind IN ('debit', 'credit')),
    player           uuid NOT NULL REFERENCES wallet.seamless_players,
    operator_player  text NOT NULL,         -- as they were: money goes back where it came from
    currency         text NOT NULL,
    table_id         text NOT NULL,
    session          uuid NOT NULL,
    epoch            bigint NOT NULL,
    amount           bigint CHECK (amount >= 0),  -- of a credit: unknown until the stake is home
    state            text NOT NULL DEFAULT 'started',
    result           text,                  -- what the table is told; never changes once it is set
    attempts         integer NOT NULL DEFAULT 0,  -- calls at the operator in this state
    answer           text NOT NULL DEFAULT '',    -- the last thing that was heard
    in_play          boolean NOT NULL DEFAULT false,  -- a debit whose stake has no credit yet
    holder           uuid NOT NULL,         -- the process that is at it, until due_at
    due_at           timestamptz,           -- when somebody else may go on; NULL: nothing left to do
    started_at       timestamptz NOT NULL,
    changed_at       timestamptz NOT NULL,
    CHECK (kind = 'credit' OR amount > 0),
    CHECK (amount IS NOT NULL OR (kind = 'credit' AND state IN ('started', 'refused'))),
    CHECK ((due_at IS NULL) = (state IN ('done', 'refused', 'rolled_back'))),
    CHECK ((result IS NULL) = (state IN ('started', 'debited'))),
    CHECK (state IN ('started', 'done', 'refused')
           OR (kind = 'debit' AND state IN ('debited', 'reversing', 'rolling_back', 'rolled_back'))
           OR (kind = 'credit' AND state IN ('withdrawing', 'crediting')))
);
CREATE INDEX seamless_due ON wallet.seamless_transactions (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX seamless_session ON wallet.seamless_transactions (session);
CREATE INDEX seamless_in_play ON wallet.seamless_transactions (session) WHERE in_play;

-- Who a player is at the operator; again renews the token. 'mismatch' for somebody else's name,
-- 'has_chips' for a player whose wallet holds chips that never came from the operator.
CREATE FUNCTION wallet.seamless_bind(
    p_player uuid, p_operator_player text, p_currency text, p_token text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_known seamless_players;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_operator_player, 10));
    SELECT * INTO v_known FROM seamless_players
     WHERE player = p_player OR operator_player = p_operator_player FOR UPDATE;
    IF FOUND THEN
        IF (v_known.player, v_known.operator_player, v_known.currency)
           IS DISTINCT FROM (p_player, p_operator_player, p_currency) THEN
            RETURN 'mismatch';
        END IF;
        UPDATE seamless_players SET token = p_token WHERE player = p_player;
        RETURN 'bound';
    END IF;
    IF EXISTS (SELECT 1 FROM accounts WHERE owner = p_player AND balance <> 0) THEN
        RETURN 'has_chips';
    END IF;
    INSERT INTO seamless_players (player, operator_player, currency, token)
    VALUES (p_player, p_operator_player, p_currency, p_token);
    RETURN 'bound';
END $$;

CREATE FUNCTION wallet.seamless_player(
    p_player uuid, OUT operator_player text, OUT currency text, OUT token text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
    SELECT operator_player, currency, token FROM seamless_players WHERE player = p_player
$$;

-- Write a transaction down before anything is sent, or take it up again. 'new', 'claimed',
-- 'decided' (its result stands), 'held' (another process is at it), 'payload_mismatch',
-- 'unknown_account' (a debit of an unbound player), 'foreign' (a stake that never came from the
-- operator).
CREATE FUNCTION wallet.seamless_begin(
    p_key text, p_uuid uuid, p_kind text, p_player uuid, p_table text, p_session uuid,
    p_epoch bigint, p_amount bigint, p_holder uuid, p_now timestamptz, p_until timestamptz
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_who seamless_players;
    v_row seamless_transactions;
BEGIN
    SELECT * INTO v_row FROM seamless_transactions WHERE key = p_key FOR UPDATE;
    IF NOT FOUND THEN
        SELECT * INTO v_who FROM seamless_players WHERE player = p_player;
        IF NOT FOUND THEN
            RETURN CASE p_kind WHEN 'debit' THEN 'unknown_account' ELSE 'foreign' END;
        END IF;
        IF p_kind = 'credit' AND NOT EXISTS (
            SELECT 1 FROM seamless_transactions
             WHERE session = p_session AND kind = 'debit' AND player = p_player
        ) THEN
            RETURN 'foreign';
        END IF;
        INSERT INTO seamless_transactions (
            key, transaction_uuid, kind, player, operator_player, currency, table_id, session,
            epoch, amount, holder, due_at, started_at, changed_at
        ) VALUES (
            p_key, p_uuid, p_kind, p_player, v_who.operator_player, v_who.currency, p_table,
            p_session, p_epoch, p_amount, p_holder, p_until, p_now, p_now
        ) ON CONFLICT DO NOTHING;
        IF FOUND THEN
            UPDATE seamless_transactions SET in_play = false
             WHERE session = p_session AND in_play AND p_kind = 'credit';
            RETURN 'new';
        END IF;
        SELECT * INTO v_row FROM seamless_transactions WHERE key = p_key FOR UPDATE;
    END IF;
    IF (v_row.kind, v_row.player, v_row.table_id, v_row.session)
       IS DISTINCT FROM (p_kind, p_player, p_table, p_session)
       OR (p_kind = 'debit' AND v_row.amount <> p_amount) THEN
        RETURN 'payload_mismatch';
    END IF;
    UPDATE seamless_transactions SET in_play = false
     WHERE session = p_session AND in_play AND p_kind = 'credit';
    IF v_row.result IS NOT NULL THEN
        RETURN 'decided';
    END IF;
    IF v_row.due_at > p_now AND v_row.holder <> p_holder THEN
        RETURN 'held';
    END IF;
    UPDATE seamless_transactions SET holder = p_holder, due_at = p_until WHERE key = p_key;
    RETURN 'claimed';
END $$;

-- Count a call at the operator before it is made, and keep the claim for as long as it may take.
-- NULL: somebody else has the transaction by now.
CREATE FUNCTION wallet.seamless_attempt(
    p_key text, p_state text, p_holder uuid, p_until timestamptz
) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
    UPDATE seamless_transactions SET attempts = attempts + 1, due_at = p_until
     WHERE key = p_key AND state = p_state AND holder = p_holder
    RETURNING attempts
$$;

-- From one state to the next, if nobody else has: the only way a state changes.
CREATE FUNCTION wallet.seamless_advance(
    p_key text, p_from text, p_to text, p_holder uuid, p_result text, p_amount bigint,
    p_answer text, p_now timestamptz, p_until timestamptz
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
BEGIN
    IF p_from || ' ' || p_to NOT IN (
        'started debited', 'started refused', 'started rolling_back', 'debited done',
        'debited reversing', 'reversing rolling_back', 'rolling_back rolled_back',
        'started withdrawing', 'started done', 'withdrawing crediting', 'crediting done'
    ) THEN
        RAISE EXCEPTION 'seamless transaction %: no way from % to %', p_key, p_from, p_to;
    END IF;
    UPDATE seamless_transactions
       SET state = p_to, result = coalesce(result, p_result), amount = coalesce(amount, p_amount),
           answer = p_answer, attempts = 0, changed_at = p_now,
           in_play = (p_from = 'debited' AND p_to = 'done'),
           due_at = CASE WHEN p_to IN ('done', 'refused', 'rolled_back') THEN NULL ELSE p_until END
     WHERE key = p_key AND state = p_from AND holder = p_holder;
    RETURN FOUND;
END $$;

-- Nothing was decided: go on at p_until.
CREATE FUNCTION wallet.seamless_delay(
    p_key text, p_state text, p_holder uuid, p_answer text, p_until timestamptz
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
BEGIN
    UPDATE seamless_transactions SET answer = p_answer, due_at = p_until
     WHERE key = p_key AND state = p_state AND holder = p_holder;
    RETURN FOUND;
END $$;

-- Take up what is due and nobody is at. What has no result yet may still have somebody waiting
-- for it, who comes back with its key: it is left to him until p_orphans_before.
CREATE FUNCTION wallet.seamless_claim(
    p_holder uuid, p_now timestamptz, p_orphans_before timestamptz, p_until timestamptz,
    p_count integer
) RETURNS SETOF wallet.seamless_transactions
LANGUAGE sql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
    UPDATE seamless_transactions SET holder = p_holder, due_at = p_until
     WHERE key IN (
        SELECT key FROM seamless_transactions
         WHERE due_at <= p_now AND (result IS NOT NULL OR due_at <= p_orphans_before)
         ORDER BY due_at LIMIT p_count FOR UPDATE SKIP LOCKED
     )
    RETURNING *
$$;

REVOKE ALL ON FUNCTION
    wallet.seamless_bind, wallet.seamless_player, wallet.seamless_begin, wallet.seamless_attempt,
    wallet.seamless_advance, wallet.seamless_delay, wallet.seamless_claim
FROM PUBLIC;
GRANT SELECT ON wallet.seamless_transactions TO squaredeal_app;
GRANT EXECUTE ON FUNCTION
    wallet.seamless_bind, wallet.seamless_player, wallet.seamless_begin, wallet.seamless_attempt,
    wallet.seamless_advance, wallet.seamless_delay, wallet.seamless_claim
TO squaredeal_app;
