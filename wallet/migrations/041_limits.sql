-- What a player may do: his limits, his sittings, his days. One row a player is the lock under which
-- all of it is read and written; whoever takes money in or to a table holds it until he commits.

CREATE TABLE wallet.players (
    player         uuid PRIMARY KEY,
    excluded_until timestamptz,   -- 'infinity': for ever
    excluded_as    text CHECK (excluded_as IN ('self_exclusion', 'cooling_off')),
    excluded_by    text CHECK (excluded_by IN ('player', 'operator')),
    playing_since  timestamptz,   -- the beginning of his session of play
    played_until   timestamptz,   -- the end of his last sitting
    CHECK ((excluded_until IS NULL) = (excluded_as IS NULL)),
    CHECK ((excluded_until IS NULL) = (excluded_by IS NULL))
);

-- One stake from its first buy-in to its way home.
CREATE TABLE wallet.sittings (
    session  uuid PRIMARY KEY,
    player   uuid NOT NULL,
    table_id text NOT NULL,
    currency text NOT NULL,
    began_at timestamptz NOT NULL,
    brought  bigint NOT NULL,
    ended_at timestamptz,
    home     bigint,              -- what went back to the wallet
    CHECK ((ended_at IS NULL) = (home IS NULL))
);
CREATE INDEX sittings_open ON wallet.sittings (player) WHERE ended_at IS NULL;
CREATE INDEX sittings_at ON wallet.sittings (table_id) WHERE ended_at IS NULL;

-- What he did on a day (UTC). ``deposited`` counts what is pending; ``lost`` is the result of the
-- sittings that ended on that day, below zero if he won.
CREATE TABLE wallet.player_days (
    player    uuid NOT NULL,
    currency  text NOT NULL,
    day       date NOT NULL,
    deposited bigint NOT NULL DEFAULT 0,
    bought_in bigint NOT NULL DEFAULT 0,
    lost      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (player, currency, day)
);

-- ``amount`` is in minor units, of session time in seconds; NULL is no limit. A looser one waits
-- beside it until ``next_at``: no job is needed, whoever reads looks at the clock.
CREATE TABLE wallet.limits (
    player      uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('deposit', 'loss', 'buy_in', 'session')),
    span        text NOT NULL CHECK (span IN ('day', 'week', 'month', 'session')),
    currency    text NOT NULL,    -- '' of session time
    set_by      text NOT NULL CHECK (set_by IN ('player', 'operator')),
    amount      bigint CHECK (amount >= 0),
    next_amount bigint CHECK (next_amount >= 0),
    next_at     timestamptz,
    PRIMARY KEY (player, kind, span, currency, set_by),
    CHECK ((kind = 'session') = (span = 'session')),
    CHECK ((kind = 'session') = (currency = ''))
);

-- Every change of a limit and every exclusion, for those who ask later.
CREATE TABLE wallet.limit_changes (
    change_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    player       uuid NOT NULL,
    name         text NOT NULL,
    currency     text NOT NULL,
    set_by       text NOT NULL,
    who          text NOT NULL,
    reason       text NOT NULL,
    amount       bigint,
    effective_at timestamptz NOT NULL,
    until        timestamptz,
    at           timestamptz NOT NULL
);
CREATE INDEX limit_changes_of ON wallet.limit_changes (player, change_id);

-- What was refused by a limit says by which, what was left under it, and when it ends (NULL: never).
ALTER TABLE wallet.refusals ADD COLUMN limit_name text, ADD COLUMN room bigint,
    ADD COLUMN until timestamptz, ADD CHECK (limit_name IS NULL OR code = 'limit_reached');

-- From the books as they are.
INSERT INTO wallet.players (player)
SELECT DISTINCT owner FROM wallet.accounts WHERE owner IS NOT NULL;
INSERT INTO wallet.sittings
SELECT a.session, a.owner, a.table_id, a.currency, a.opened_at, coalesce(m.brought, 0),
       CASE WHEN a.closed THEN coalesce(m.home_at, m.last_at, a.opened_at) END,
       CASE WHEN a.closed THEN coalesce(m.home, 0) END
  FROM wallet.accounts a
  LEFT JOIN (SELECT e.account_id, sum(e.amount) FILTER (WHERE t.kind = 'buy_in') AS brought,
                    -sum(e.amount) FILTER (WHERE t.kind = 'cash_out') AS home,
                    max(e.at) FILTER (WHERE t.kind = 'cash_out') AS home_at, max(e.at) AS last_at
               FROM wallet.entries e JOIN wallet.transfers t USING (transfer_id)
              GROUP BY 1) m USING (account_id)
 WHERE a.kind = 'stake';
INSERT INTO wallet.player_days (player, currency, day, bought_in, lost)
SELECT player, currency, day, sum(bought_in), sum(lost)
  FROM (SELECT a.owner AS player, a.currency, (e.at AT TIME ZONE 'UTC')::date AS day,
               e.amount AS bought_in, 0 AS lost
          FROM wallet.entries e JOIN wallet.transfers t USING (transfer_id)
          JOIN wallet.accounts a USING (account_id)
         WHERE t.kind = 'buy_in' AND a.kind = 'stake'
        UNION ALL
        SELECT player, currency, (ended_at AT TIME ZONE 'UTC')::date, 0, brought - home
          FROM wallet.sittings WHERE ended_at IS NOT NULL) d
 GROUP BY 1, 2, 3;
UPDATE wallet.players p SET playing_since = s.since
  FROM (SELECT player, min(began_at) AS since FROM wallet.sittings WHERE ended_at IS NULL
         GROUP BY 1) s
 WHERE s.player = p.player;

DROP FUNCTION wallet.open_wallet(uuid);
CREATE FUNCTION wallet.open_wallet(p_owner uuid, p_currency text DEFAULT 'PLAY') RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
    INSERT INTO players (player) VALUES (p_owner) ON CONFLICT DO NOTHING;
    INSERT INTO accounts (kind, owner, floor, currency) VALUES ('wallet', p_owner, 0, p_currency)
    ON CONFLICT DO NOTHING
$$;

-- His row, which is there from now on and ours until we commit.
CREATE FUNCTION wallet.hold_player(p_player uuid) RETURNS wallet.players
LANGUAGE plpgsql SET search_path = wallet, pg_temp AS $$
DECLARE
    v_player players;
BEGIN
    SELECT * INTO v_player FROM players WHERE player = p_player FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO players (player) VALUES (p_player) ON CONFLICT DO NOTHING;
        SELECT * INTO v_player FROM players WHERE player = p_player FOR NO KEY UPDATE;
    END IF;
    RETURN v_player;
END $$;

CREATE FUNCTION wallet.count_day(
    p_player uuid, p_currency text, p_at timestamptz, p_deposited bigint, p_bought_in bigint,
    p_lost bigint
) RETURNS void
LANGUAGE sql SET search_path = wallet, pg_temp AS $$
    INSERT INTO player_days AS d
    VALUES (p_player, p_currency, (p_at AT TIME ZONE 'UTC')::date, p_deposited, p_bought_in, p_lost)
    ON CONFLICT (player, currency, day) DO UPDATE
       SET deposited = d.deposited + excluded.deposited,
           bought_in = d.bought_in + excluded.bought_in, lost = d.lost + excluded.lost
$$;

-- The limits in force. Both the player's and the operator's are there; the strictest counts.
CREATE FUNCTION wallet.limits_at(p_player uuid, p_at timestamptz) RETURNS TABLE (
    kind text, span text, currency text, set_by text, amount bigint
)
LANGUAGE sql STABLE SET search_path = wallet, pg_temp AS $$
    SELECT kind, span, currency, set_by, CASE WHEN next_at <= p_at THEN next_amount ELSE amount END
      FROM limits WHERE player = p_player
$$;

-- How many chips the limits of deposits, or of buy-ins and losses, leave him: one row a limit. A
-- calendar day, week (from Monday) and month of UTC. All that he has at tables may be lost, but no
-- more than he brought: what he brought to open sittings counts as lost already.
CREATE FUNCTION wallet.room(
    p_player uuid, p_currency text, p_kinds text[], p_at timestamptz
) RETURNS TABLE (limit_name text, room bigint, until timestamptz)
LANGUAGE sql STABLE SET search_path = wallet, pg_temp AS $$
    SELECT l.kind || '_' || l.span, l.amount - CASE l.kind WHEN 'deposit' THEN d.deposited
                                                           WHEN 'buy_in' THEN d.bought_in
                                                           ELSE d.lost + o.brought END,
           (w.first + ('1 ' || l.span)::interval) AT TIME ZONE 'UTC'
      FROM (SELECT kind, span, min(amount) AS amount FROM limits_at(p_player, p_at)
             WHERE currency = p_currency AND kind = ANY (p_kinds) AND amount IS NOT NULL
             GROUP BY 1, 2) l
     CROSS JOIN LATERAL (SELECT date_trunc(l.span, p_at AT TIME ZONE 'UTC') AS first) w
     CROSS JOIN LATERAL (
        SELECT coalesce(sum(deposited), 0)::bigint AS deposited,
               coalesce(sum(bought_in), 0)::bigint AS bought_in, coalesce(sum(lost), 0)::bigint AS lost
          FROM player_days
         WHERE player = p_player AND currency = p_currency AND day >= w.first::date) d
     CROSS JOIN LATERAL (
        SELECT coalesce(sum(brought), 0)::bigint AS brought FROM sittings
         WHERE player = p_player AND currency = p_currency AND ended_at IS NULL) o
$$;

-- A session of play goes on until he has been away from all tables for an hour.
CREATE FUNCTION wallet.session_break() RETURNS interval
LANGUAGE sql IMMUTABLE SET search_path = wallet, pg_temp AS $$ SELECT interval '1 hour' $$;

-- The instant at which his session of play has lasted as long as it may; NULL without a limit.
CREATE FUNCTION wallet.play_until(p_player wallet.players, p_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = wallet, pg_temp AS $$
    SELECT p_player.playing_since + min(amount) * interval '1 second'
      FROM limits_at(p_player.player, p_at) WHERE kind = 'session'
$$;

-- Write the refusal of a limit down, if there is one that forbids it: 'limit_reached', or NULL.
-- The caller holds the player's row.
CREATE FUNCTION wallet.limited(
    p_key text, p_payload bytea, p_player wallet.players, p_currency text, p_what text,
    p_amount bigint, p_at timestamptz
) RETURNS text
LANGUAGE plpgsql SET search_path = wallet, pg_temp AS $$
DECLARE
    v_name text;
    v_room bigint := 0;
    v_until timestamptz;
BEGIN
    IF p_player.excluded_until > p_at THEN
        v_name := p_player.excluded_as;
        v_until := nullif(p_player.excluded_until, 'infinity');
    ELSIF p_what = 'buy_in' AND play_until(p_player, p_at) <= p_at THEN
        v_name := 'session';
        v_until := CASE WHEN EXISTS (SELECT 1 FROM sittings WHERE player = p_player.player
                                        AND ended_at IS NULL) THEN p_at
                        ELSE p_player.played_until END + session_break();
    ELSE
        SELECT limit_name, greatest(room, 0), until INTO v_name, v_room, v_until
          FROM room(p_player.player, p_currency, CASE p_what WHEN 'deposit' THEN ARRAY['deposit']
                                                 ELSE ARRAY['buy_in', 'loss'] END, p_at)
         WHERE room < p_amount ORDER BY room, until DESC, limit_name LIMIT 1;
    END IF;
    IF v_name IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO refusals (key, payload, code, limit_name, room, until)
    VALUES (p_key, p_payload, 'limit_reached', v_name, v_room, v_until);
    RETURN 'limit_reached';
END $$;

-- As before, in a currency, and within the player's limits.
DROP FUNCTION wallet.buy_in(text, bytea, uuid, text, uuid, bigint, bigint);
CREATE FUNCTION wallet.buy_in(
    p_key text, p_payload bytea, p_owner uuid, p_table text, p_session uuid, p_amount bigint,
    p_epoch bigint, p_currency text DEFAULT 'PLAY'
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_code text := seen(p_key, p_payload);
    v_player players;
    v_wallet accounts;
    v_stake accounts;
    v_at timestamptz;
BEGIN
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    -- Shared: after a take-over no chips go to a table that nobody serves.
    PERFORM 1 FROM fences WHERE table_id = p_table FOR SHARE;
    IF EXISTS (SELECT 1 FROM fences WHERE table_id = p_table AND epoch > p_epoch) THEN
        RETURN 'stale_epoch';
    END IF;
    SELECT * INTO v_player FROM players WHERE player = p_owner FOR NO KEY UPDATE;
    v_at := clock_timestamp();
    SELECT * INTO v_wallet FROM accounts
     WHERE kind = 'wallet' AND owner = p_owner AND currency = p_currency FOR NO KEY UPDATE;
    SELECT * INTO v_stake FROM accounts WHERE kind = 'stake' AND session = p_session
       FOR NO KEY UPDATE;
    -- A table has one currency: whoever plays there already says which.
    IF v_wallet.account_id IS NULL OR v_stake.closed OR v_stake.owner <> p_owner
       OR v_stake.table_id <> p_table OR v_stake.currency <> p_currency
       OR EXISTS (SELECT 1 FROM accounts WHERE kind = 'stake' AND table_id = p_table
                     AND NOT closed AND currency <> p_currency) THEN
        RETURN 'unknown_account';
    END IF;
    IF v_wallet.balance < p_amount THEN
        RETURN refuse(p_key, p_payload, 'insufficient');
    END IF;
    IF v_stake.account_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM sittings WHERE player = p_owner AND ended_at IS NULL)
       AND coalesce(v_player.played_until, '-infinity') <= v_at - session_break() THEN
        v_player.playing_since := v_at;
    END IF;
    v_code := limited(p_key, p_payload, v_player, p_currency, 'buy_in', p_amount, v_at);
    IF v_code IS NOT NULL THEN
        RETURN v_code;
    END IF;
    IF v_stake.account_id IS NULL THEN
        INSERT INTO accounts (kind, owner, session, table_id, floor, currency)
        VALUES ('stake', p_owner, p_session, p_table, 0, p_currency)
        ON CONFLICT (session) WHERE kind = 'stake' DO NOTHING
        RETURNING * INTO v_stake;
        IF v_stake.account_id IS NULL THEN
            -- Another key has opened it at this moment: look again.
            RETURN buy_in(p_key, p_payload, p_owner, p_table, p_session, p_amount, p_epoch,
                          p_currency);
        END IF;
    END IF;
    v_code := post(p_key, p_payload, 'buy_in', p_table, NULL, NULL, p_amount,
                   ARRAY[v_wallet.account_id, v_stake.account_id], ARRAY[-p_amount, p_amount]);
    IF v_code = 'applied' THEN
        -- The day is that of its entries.
        SELECT created_at INTO v_at FROM transfers WHERE key = p_key;
        PERFORM count_day(p_owner, p_currency, v_at, 0, p_amount, 0);
        INSERT INTO sittings AS s (session, player, table_id, currency, began_at, brought)
        VALUES (p_session, p_owner, p_table, p_currency, v_at, p_amount)
        ON CONFLICT (session) DO UPDATE SET brought = s.brought + excluded.brought;
        UPDATE players SET playing_since = v_player.playing_since
         WHERE player = p_owner AND playing_since IS DISTINCT FROM v_player.playing_since;
    END IF;
    RETURN v_code;
END $$;

-- As before, and what the sitting cost is counted. No limit and no exclusion keeps chips at a table.
CREATE OR REPLACE FUNCTION wallet.cash_out(
    p_key text, p_payload bytea, p_owner uuid, p_table text, p_session uuid,
    OUT code text, OUT moved bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_stake accounts;
    v_wallet bigint;
    v_at timestamptz;
    v_brought bigint;
BEGIN
    code := seen(p_key, p_payload);
    moved := 0;
    IF code = 'duplicate' THEN
        SELECT amount INTO moved FROM transfers WHERE key = p_key;
    END IF;
    IF code IS NOT NULL THEN
        RETURN;
    END IF;
    SELECT * INTO v_stake FROM accounts
     WHERE kind = 'stake' AND session = p_session AND owner = p_owner AND table_id = p_table;
    v_wallet := wallet_of(p_owner, v_stake.currency);
    IF v_wallet IS NULL OR v_stake.account_id IS NULL THEN
        code := 'unknown_account';
        RETURN;
    END IF;
    PERFORM 1 FROM players WHERE player = p_owner FOR NO KEY UPDATE;
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
    SELECT created_at INTO v_at FROM transfers WHERE key = p_key;
    UPDATE sittings SET ended_at = v_at, home = moved WHERE session = p_session
    RETURNING brought INTO v_brought;
    PERFORM count_day(p_owner, v_stake.currency, v_at, 0, 0, v_brought - moved);
    UPDATE players SET played_until = v_at WHERE player = p_owner;
END $$;

-- Tighter counts at once, looser after 24 hours, of whoever set it. Answers 'at_once', 'later', or
-- 'same' for what is so already.
CREATE FUNCTION wallet.set_limit(
    p_player uuid, p_kind text, p_span text, p_currency text, p_by text, p_who text,
    p_reason text, p_amount bigint
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_old limits;
    v_at timestamptz;
    v_amount bigint;
    v_next timestamptz;
BEGIN
    PERFORM hold_player(p_player);
    v_at := clock_timestamp();
    SELECT * INTO v_old FROM limits
     WHERE player = p_player AND kind = p_kind AND span = p_span AND currency = p_currency
       AND set_by = p_by;
    v_amount := CASE WHEN v_old.next_at <= v_at THEN v_old.next_amount ELSE v_old.amount END;
    IF v_old.next_at > v_at AND v_old.next_amount IS NOT DISTINCT FROM p_amount THEN
        RETURN 'later';  -- asked again: it waits no longer for that
    END IF;
    IF v_amount IS NOT DISTINCT FROM p_amount AND coalesce(v_old.next_at <= v_at, true) THEN
        RETURN 'same';
    END IF;
    IF p_amount > v_amount OR (p_amount IS NULL AND v_amount IS NOT NULL) THEN
        v_next := v_at + interval '24 hours';
    ELSE
        v_amount := p_amount;
    END IF;
    INSERT INTO limits VALUES (p_player, p_kind, p_span, p_currency, p_by, v_amount,
                               CASE WHEN v_next IS NOT NULL THEN p_amount END, v_next)
    ON CONFLICT (player, kind, span, currency, set_by) DO UPDATE
       SET amount = excluded.amount, next_amount = excluded.next_amount,
           next_at = excluded.next_at;
    INSERT INTO limit_changes
        (player, name, currency, set_by, who, reason, amount, effective_at, at)
    VALUES (p_player, p_kind || CASE WHEN p_span = 'session' THEN '' ELSE '_' || p_span END,
            p_currency, p_by, p_who, p_reason, p_amount, coalesce(v_next, v_at), v_at);
    RETURN CASE WHEN v_next IS NULL THEN 'at_once' ELSE 'later' END;
END $$;

-- No deposits and no buy-ins until then. Nobody shortens it; a later end replaces an earlier one.
-- When this has committed, no buy-in that had not will.
CREATE FUNCTION wallet.exclude(
    p_player uuid, p_as text, p_by text, p_who text, p_reason text, p_until timestamptz
) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
DECLARE
    v_player players := hold_player(p_player);
    v_at timestamptz := clock_timestamp();
BEGIN
    IF p_until <= v_at OR p_until <= v_player.excluded_until THEN
        RETURN v_player.excluded_until;
    END IF;
    UPDATE players SET excluded_until = p_until, excluded_as = p_as, excluded_by = p_by
     WHERE player = p_player;
    INSERT INTO limit_changes
        (player, name, currency, set_by, who, reason, effective_at, until, at)
    VALUES (p_player, p_as, '', p_by, p_who, p_reason, v_at, p_until, v_at);
    RETURN p_until;
END $$;

-- Who must not be dealt into another hand at these tables: excluded, or his time is over.
CREATE FUNCTION wallet.barred(p_tables text[]) RETURNS TABLE (table_id text, player uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = wallet, pg_temp AS $$
    SELECT s.table_id, s.player FROM sittings s JOIN players p USING (player)
     WHERE s.table_id = ANY (p_tables) AND s.ended_at IS NULL
       AND (p.excluded_until > clock_timestamp()
            OR play_until(p, clock_timestamp()) <= clock_timestamp())
$$;

CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON wallet.limit_changes
    FOR EACH ROW EXECUTE FUNCTION wallet.never();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON wallet.limit_changes
    FOR EACH STATEMENT EXECUTE FUNCTION wallet.never();
