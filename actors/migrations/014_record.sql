-- The record of a hand: complete in one row, with a digest over all of it, and never changed.
--
-- ``players`` are [seat, id, name, kind]; ``rules`` is the game with its rake as it was; ``times``
-- are milliseconds of the table's clock since the deal, one an event; ``platform`` are [number of
-- an event, why]: decisions that the table made for a player; ``settlement`` is the key of the
-- transfer in the ledger, none if the hand does not count.
ALTER TABLE actors.hands
    ADD COLUMN players    jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN rules      jsonb,
    ADD COLUMN times      bigint[] NOT NULL DEFAULT '{}',
    ADD COLUMN platform   jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN settlement text,
    ADD COLUMN digest     bytea;
CREATE INDEX hands_by_end ON actors.hands (ended_at);

CREATE FUNCTION actors.hand_digest(p_hand actors.hands) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = actors, pg_temp AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        p_hand.table_id, p_hand.hand, p_hand.epoch, p_hand.events, p_hand.voided,
        encode(p_hand.seed, 'hex'), p_hand.players, p_hand.rules, to_jsonb(p_hand.times),
        p_hand.platform, p_hand.settlement)::text, 'UTF8'))
$$;

UPDATE actors.hands h SET
    players = coalesce((SELECT jsonb_agg(jsonb_build_array(p.seat, p.player_id, p.name, '')
                                         ORDER BY p.seat)
                          FROM actors.hand_players p WHERE p.hand_id = h.hand_id), '[]'),
    settlement = CASE WHEN voided IS NULL THEN 'hand:' || table_id || ':' || hand END;
UPDATE actors.hands h SET digest = actors.hand_digest(h);
ALTER TABLE actors.hands ALTER COLUMN digest SET NOT NULL;

-- Keep a finished hand; false if it is there already: the first record of a hand stays.
CREATE FUNCTION actors.keep_hand(
    p_table text, p_hand bigint, p_epoch bigint, p_events jsonb, p_voided text, p_seed bytea,
    p_players jsonb, p_rules jsonb, p_times bigint[], p_platform jsonb
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = actors, pg_temp AS $$
DECLARE
    v_row hands;
BEGIN
    v_row.table_id := p_table;
    v_row.hand := p_hand;
    v_row.epoch := p_epoch;
    v_row.events := p_events;
    v_row.voided := p_voided;
    v_row.seed := p_seed;
    v_row.players := p_players;
    v_row.rules := p_rules;
    v_row.times := p_times;
    v_row.platform := p_platform;
    v_row.settlement := CASE WHEN p_voided IS NULL THEN 'hand:' || p_table || ':' || p_hand END;
    INSERT INTO hands (table_id, hand, epoch, events, voided, seed, players, rules, times,
                       platform, settlement, digest)
    VALUES (p_table, p_hand, p_epoch, p_events, p_voided, p_seed, p_players, p_rules, p_times,
            p_platform, v_row.settlement, hand_digest(v_row))
    ON CONFLICT (table_id, hand) DO NOTHING
    RETURNING hand_id INTO v_row.hand_id;
    IF v_row.hand_id IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO hand_players (player_id, hand_id, seat, name)
    SELECT (each ->> 1)::uuid, v_row.hand_id, (each ->> 0)::integer, each ->> 2
      FROM jsonb_array_elements(p_players) AS each
    ON CONFLICT DO NOTHING;
    UPDATE tables SET last_hand = p_hand WHERE table_id = p_table AND epoch = p_epoch;
    RETURN true;
END $$;

-- Forget hands that ended before an instant, at most so many; how many they were. Only this
-- function may delete.
CREATE FUNCTION actors.retire_hands(p_before timestamptz, p_count integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = actors, pg_temp AS $$
DECLARE
    v_ids bigint[];
BEGIN
    PERFORM set_config('actors.retiring', 'on', true);
    SELECT coalesce(array_agg(hand_id), '{}') INTO v_ids FROM (
        SELECT hand_id FROM hands WHERE ended_at < p_before
         ORDER BY ended_at LIMIT p_count FOR UPDATE SKIP LOCKED) AS old;
    DELETE FROM hand_players WHERE hand_id = ANY (v_ids);
    DELETE FROM hands WHERE hand_id = ANY (v_ids);
    PERFORM set_config('actors.retiring', 'off', true);
    RETURN cardinality(v_ids);
END $$;

CREATE FUNCTION actors.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = actors, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('actors.retiring', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a hand''s record is never changed (% of %)', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON actors.hands
    FOR EACH ROW EXECUTE FUNCTION actors.refuse_change();
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON actors.hand_players
    FOR EACH ROW EXECUTE FUNCTION actors.refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON actors.hands
    FOR EACH STATEMENT EXECUTE FUNCTION actors.refuse_change();

REVOKE ALL ON FUNCTION actors.keep_hand, actors.retire_hands, actors.hand_digest,
    actors.refuse_change FROM PUBLIC;
REVOKE INSERT, UPDATE ON actors.hands, actors.hand_players FROM squaredeal_app;
REVOKE UPDATE (last_hand) ON actors.tables FROM squaredeal_app;
GRANT EXECUTE ON FUNCTION actors.keep_hand, actors.retire_hands, actors.hand_digest
TO squaredeal_app;
