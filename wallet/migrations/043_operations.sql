-- What operators do to the books by hand: promotions alone, adjustments and reversals by two.

CREATE TABLE wallet.operations (
    operation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key          text NOT NULL UNIQUE,
    payload      bytea NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('promotion', 'adjustment', 'reversal')),
    player       uuid NOT NULL,
    currency     text NOT NULL,
    amount       bigint NOT NULL CHECK (amount <> 0),  -- of the player's wallet: up or down
    reverses     text,                                 -- the key of a transfer
    reason       text NOT NULL CHECK (btrim(reason) <> ''),
    proposer     text NOT NULL CHECK (btrim(proposer) <> ''),
    proposed_at  timestamptz NOT NULL,
    state        text NOT NULL DEFAULT 'proposed'
                 CHECK (state IN ('proposed', 'applied', 'rejected', 'refused')),
    decided_by   text,
    decided_at   timestamptz,
    remark       text NOT NULL DEFAULT '',
    result       text,
    CHECK ((state = 'proposed') = (decided_at IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
    -- Nobody decides what he has proposed; a promotion is nobody's decision but its giver's.
    CHECK (kind = 'promotion' OR state IN ('proposed', 'rejected')
           OR lower(btrim(decided_by)) <> lower(btrim(proposer)))
);
CREATE INDEX operations_open ON wallet.operations (operation_id) WHERE state = 'proposed';

CREATE TRIGGER never_decided_twice BEFORE UPDATE ON wallet.operations
    FOR EACH ROW WHEN (old.state <> 'proposed'
        OR (old.operation_id, old.key, old.payload, old.kind, old.player, old.currency, old.amount,
            old.reverses, old.reason, old.proposer, old.proposed_at)
           IS DISTINCT FROM
           (new.operation_id, new.key, new.payload, new.kind, new.player, new.currency, new.amount,
            new.reverses, new.reason, new.proposer, new.proposed_at))
    EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_deleted BEFORE DELETE ON wallet.operations
    FOR EACH ROW EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON wallet.operations
    FOR EACH STATEMENT EXECUTE FUNCTION wallet.never();

-- The wallet entry of a transfer that may be taken back: not one of a hand, of chips that went to a
-- table or came from it, or of a withdrawal, and no reversal.
CREATE FUNCTION wallet.reversible(p_key text, OUT player uuid, OUT currency text, OUT amount bigint)
LANGUAGE sql STABLE SET search_path = wallet, pg_temp AS $$
    SELECT a.owner, a.currency, e.amount
      FROM transfers t JOIN entries e ON e.transfer_id = t.transfer_id AND e.at = t.created_at
      JOIN accounts a USING (account_id)
     WHERE t.key = p_key AND t.kind IN ('grant', 'deposit', 'adjustment') AND a.kind = 'wallet'
       AND t.key NOT LIKE 'seamless:%'  -- that money is at an operator, who takes it back himself
$$;

-- 'proposed', 'duplicate', 'payload_mismatch', 'unknown_account' (no such wallet),
-- 'unknown_transfer', 'not_reversible', 'already_reversed'.
CREATE FUNCTION wallet.propose(
    p_key text, p_payload bytea, p_kind text, p_player uuid, p_currency text, p_amount bigint,
    p_reverses text, p_reason text, p_by text, OUT code text, OUT id bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_known operations;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_key, 0));
    SELECT * INTO v_known FROM operations o WHERE o.key = p_key;
    IF FOUND THEN
        id := v_known.operation_id;
        code := CASE WHEN v_known.payload = p_payload THEN 'duplicate' ELSE 'payload_mismatch' END;
        RETURN;
    END IF;
    IF p_kind = 'reversal' THEN
        IF NOT EXISTS (SELECT 1 FROM transfers WHERE key = p_reverses) THEN
            code := 'unknown_transfer';
            RETURN;
        END IF;
        SELECT r.player, r.currency, -r.amount INTO p_player, p_currency, p_amount
          FROM reversible(p_reverses) r;
        IF p_amount IS NULL THEN
            code := 'not_reversible';
            RETURN;
        END IF;
        IF EXISTS (SELECT 1 FROM transfers WHERE key = 'reversal:' || p_reverses) THEN
            code := 'already_reversed';
            RETURN;
        END IF;
    ELSIF wallet_of(p_player, p_currency) IS NULL THEN
        code := 'unknown_account';
        RETURN;
    END IF;
    INSERT INTO operations (key, payload, kind, player, currency, amount, reverses, reason,
                            proposer, proposed_at)
    VALUES (p_key, p_payload, p_kind, p_player, p_currency, p_amount, p_reverses, p_reason, p_by,
            clock_timestamp())
    RETURNING operation_id INTO id;
    code := 'proposed';
    IF p_kind = 'promotion' THEN
        code := carry_out(id, p_by, '');
    END IF;
END $$;

-- Write the transfer of an operation whose row the caller holds, and how it went.
CREATE FUNCTION wallet.carry_out(p_id bigint, p_by text, p_remark text) RETURNS text
LANGUAGE plpgsql SET search_path = wallet, pg_temp AS $$
DECLARE
    v_what operations;
    v_wallet bigint;
    v_contra bigint;
    v_key text;
    v_against text := 'house';
    v_kind text;
    v_code text;
BEGIN
    SELECT * INTO v_what FROM operations WHERE operation_id = p_id;
    CASE v_what.kind
        WHEN 'promotion' THEN
            v_key := 'promotion:' || v_what.operation_id;
            v_against := 'promotional';
            v_kind := 'grant';
        WHEN 'adjustment' THEN
            v_key := 'adjustment:' || v_what.operation_id;
            v_kind := 'adjustment';
        WHEN 'reversal' THEN
            -- Once a transfer: its key makes this one's. The other side is that of the transfer.
            v_key := 'reversal:' || v_what.reverses;
            v_kind := 'reversal';
            SELECT CASE kind WHEN 'grant' THEN 'promotional' WHEN 'deposit' THEN 'cash'
                             ELSE 'house' END INTO v_against
              FROM transfers WHERE key = v_what.reverses;
    END CASE;
    v_wallet := wallet_of(v_what.player, v_what.currency);
    v_contra := contra(v_against, v_what.currency);
    v_code := seen(v_key, v_what.payload);
    PERFORM 1 FROM accounts WHERE account_id IN (v_wallet, v_contra) ORDER BY account_id
       FOR NO KEY UPDATE;
    IF v_code IS NOT NULL THEN
        v_code := 'already_reversed';
    ELSIF (SELECT balance + v_what.amount < floor FROM accounts WHERE account_id = v_wallet) THEN
        v_code := 'insufficient';  -- of this operation, not of its key: there may be chips later
    ELSE
        v_code := post(v_key, v_what.payload, v_kind, NULL, NULL, NULL, abs(v_what.amount),
                       ARRAY[v_wallet, v_contra], ARRAY[v_what.amount, -v_what.amount]);
    END IF;
    UPDATE operations SET state = CASE v_code WHEN 'applied' THEN 'applied' ELSE 'refused' END,
                          decided_by = p_by, decided_at = clock_timestamp(), remark = p_remark,
                          result = v_code
     WHERE operation_id = p_id;
    RETURN v_code;
END $$;

-- 'applied', 'rejected', 'insufficient' and 'already_reversed' are final. 'unknown_operation',
-- 'already_decided' and 'own_proposal' change nothing.
CREATE FUNCTION wallet.decide(p_id bigint, p_approve boolean, p_by text, p_remark text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_what operations;
BEGIN
    SELECT * INTO v_what FROM operations WHERE operation_id = p_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown_operation';
    END IF;
    IF v_what.state <> 'proposed' THEN
        RETURN 'already_decided';
    END IF;
    IF NOT p_approve THEN
        -- Its proposer may take it back.
        UPDATE operations SET state = 'rejected', decided_by = p_by, remark = p_remark,
                              decided_at = clock_timestamp()
         WHERE operation_id = p_id;
        RETURN 'rejected';
    END IF;
    IF btrim(p_by) = '' OR lower(btrim(p_by)) = lower(btrim(v_what.proposer)) THEN
        RETURN 'own_proposal';
    END IF;
    RETURN carry_out(p_id, p_by, p_remark);
END $$;

-- Everything in here belongs to the owner of the books, also what migrations after 002 made.
DO $$
DECLARE
    v_what record;
BEGIN
    FOR v_what IN
        SELECT c.oid::regclass AS name FROM pg_class c
         WHERE c.relnamespace = 'wallet'::regnamespace AND c.relkind IN ('r', 'p')
           AND c.relname <> 'migrations'
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO squaredeal_owner', v_what.name);
    END LOOP;
    FOR v_what IN
        SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'wallet'::regnamespace
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO squaredeal_owner', v_what.name);
    END LOOP;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA wallet FROM PUBLIC;
GRANT SELECT ON wallet.currencies, wallet.players, wallet.sittings, wallet.player_days,
    wallet.limits, wallet.limit_changes, wallet.payments, wallet.operations
TO squaredeal_app, squaredeal_report;
GRANT EXECUTE ON FUNCTION
    wallet.open_currency, wallet.open_wallet, wallet.open_house, wallet.grant_chips, wallet.buy_in,
    wallet.cash_out, wallet.set_limit, wallet.exclude, wallet.barred, wallet.begin_payment,
    wallet.decide_payment, wallet.propose, wallet.decide, wallet.limits_at, wallet.room
TO squaredeal_app;
GRANT EXECUTE ON FUNCTION wallet.limits_at TO squaredeal_report;
