-- Money that comes from outside and goes there: pending until the payment provider has said.

CREATE TABLE wallet.payments (
    payment_id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    key        text PRIMARY KEY,
    payload    bytea NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('deposit', 'withdrawal')),
    player     uuid NOT NULL,
    currency   text NOT NULL REFERENCES wallet.currencies,
    amount     bigint NOT NULL CHECK (amount > 0),
    provider   text NOT NULL,
    state      text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'posted', 'voided')),
    reference  text NOT NULL DEFAULT '',  -- the provider's own
    why        text NOT NULL DEFAULT '',
    decided_by text NOT NULL DEFAULT '',  -- the provider's name, or an operator's
    begun_at   timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    decided_at timestamptz,
    CHECK ((state = 'pending') = (decided_at IS NULL))
);
CREATE INDEX payments_due ON wallet.payments (expires_at) WHERE state = 'pending';
CREATE INDEX payments_of ON wallet.payments (player, payment_id DESC);

-- What is decided stays.
CREATE TRIGGER never_decided_twice BEFORE UPDATE ON wallet.payments
    FOR EACH ROW WHEN (old.state <> 'pending') EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_deleted BEFORE DELETE ON wallet.payments
    FOR EACH ROW EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON wallet.payments
    FOR EACH STATEMENT EXECUTE FUNCTION wallet.never();

-- A deposit counts under its limit from here on and credits nothing yet; a withdrawal takes the
-- money from the wallet at once.
CREATE FUNCTION wallet.begin_payment(
    p_key text, p_payload bytea, p_kind text, p_owner uuid, p_currency text, p_amount bigint,
    p_provider text, p_expires_at timestamptz
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_wallet bigint := wallet_of(p_owner, p_currency);
    v_before bytea;
    v_player players;
    v_at timestamptz;
BEGIN
    SELECT payload INTO v_before FROM payments WHERE key = p_key;
    IF FOUND THEN
        RETURN CASE WHEN v_before = p_payload THEN 'duplicate' ELSE 'payload_mismatch' END;
    END IF;
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    IF v_wallet IS NULL THEN
        RETURN 'unknown_account';
    END IF;
    v_player := hold_player(p_owner);
    v_at := clock_timestamp();
    IF p_kind = 'deposit' THEN
        v_code := limited(p_key, p_payload, v_player, p_currency, 'deposit', p_amount, v_at);
        IF v_code IS NOT NULL THEN
            RETURN v_code;
        END IF;
        PERFORM count_day(p_owner, p_currency, v_at, p_amount, 0, 0);
    ELSE
        v_code := post(p_key, p_payload, 'withdrawal', NULL, NULL, NULL, p_amount,
                       ARRAY[v_wallet, contra('pending', p_currency)],
                       ARRAY[-p_amount, p_amount]);
        IF v_code <> 'applied' THEN
            RETURN v_code;
        END IF;
    END IF;
    INSERT INTO payments (key, payload, kind, player, currency, amount, provider, begun_at,
                          expires_at)
    VALUES (p_key, p_payload, p_kind, p_owner, p_currency, p_amount, p_provider, v_at,
            p_expires_at);
    RETURN 'applied';
END $$;

-- Posted or voided, once: 'duplicate' if it was so decided, 'payload_mismatch' if otherwise.
CREATE FUNCTION wallet.decide_payment(
    p_key text, p_state text, p_by text, p_why text, p_reference text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_payment payments;
    v_code text;
    v_key text := p_key || CASE p_state WHEN 'posted' THEN ':posted' ELSE ':voided' END;
    v_kind text;
    v_accounts bigint[];
BEGIN
    SELECT * INTO v_payment FROM payments WHERE key = p_key FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown_account';
    END IF;
    IF v_payment.state <> 'pending' THEN
        RETURN CASE v_payment.state WHEN p_state THEN 'duplicate' ELSE 'payload_mismatch' END;
    END IF;
    PERFORM hold_player(v_payment.player);
    IF v_payment.kind = 'withdrawal' THEN
        v_kind := CASE p_state WHEN 'posted' THEN 'payout' ELSE 'withdrawal_voided' END;
        v_accounts := ARRAY[CASE p_state WHEN 'posted' THEN contra('cash', v_payment.currency)
                                ELSE wallet_of(v_payment.player, v_payment.currency) END,
                            contra('pending', v_payment.currency)];
    ELSIF p_state = 'posted' THEN
        v_kind := 'deposit';
        v_accounts := ARRAY[wallet_of(v_payment.player, v_payment.currency),
                            contra('cash', v_payment.currency)];
    ELSE
        PERFORM count_day(v_payment.player, v_payment.currency, v_payment.begun_at,
                          -v_payment.amount, 0, 0);
    END IF;
    IF v_kind IS NOT NULL THEN
        v_code := post(v_key, v_payment.payload, v_kind, NULL, NULL, NULL, v_payment.amount,
                       v_accounts, ARRAY[v_payment.amount, -v_payment.amount]);
        IF v_code <> 'applied' THEN
            RAISE EXCEPTION 'payment % can not be %: %', p_key, p_state, v_code;
        END IF;
    END IF;
    UPDATE payments SET state = p_state, decided_by = p_by, why = p_why, reference = p_reference,
                        decided_at = clock_timestamp()
     WHERE key = p_key;
    RETURN 'applied';
END $$;
