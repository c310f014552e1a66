-- What a hand meant to each of its players, beside the record, so that he can look for it; and links
-- by which he shows a hand to others.

-- What each seat won or lost, and the pot, of a hand's events. Nothing of a hand that does not count.
CREATE FUNCTION actors.hand_results(p_events jsonb)
RETURNS TABLE (seat integer, net bigint, pot bigint)
LANGUAGE sql IMMUTABLE SET search_path = actors, pg_temp AS $$
    SELECT s.seat::integer, s.after::bigint - s.before::bigint,
           (SELECT coalesce(sum(a::bigint), 0)::bigint FROM jsonb_array_elements_text(
                jsonb_path_query_array(p_events, '$[*] ? (@.type == "pot_awarded").amount')) AS a)
      FROM (SELECT jsonb_path_query_first(p_events, '$[*] ? (@.type == "hand_started")') AS began,
                   jsonb_path_query_first(p_events, '$[*] ? (@.type == "hand_ended")') AS over) AS e,
           ROWS FROM (jsonb_array_elements_text(e.began -> 'seats'),
                      jsonb_array_elements_text(e.began -> 'stacks'),
                      jsonb_array_elements_text(e.over -> 'stacks')) AS s (seat, before, after)
     WHERE e.over IS NOT NULL
$$;

ALTER TABLE actors.hand_players ADD COLUMN net bigint, ADD COLUMN pot bigint;
ALTER TABLE actors.hand_players DISABLE TRIGGER never_changed;
UPDATE actors.hand_players p SET net = r.net, pot = r.pot
  FROM actors.hands h, actors.hand_results(h.events) r
 WHERE h.hand_id = p.hand_id AND h.voided IS NULL AND r.seat = p.seat;
ALTER TABLE actors.hand_players ENABLE TRIGGER never_changed;

-- As in 014, with the results.
CREATE OR REPLACE FUNCTION actors.keep_hand(
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
    INSERT INTO hand_players (player_id, hand_id, seat, name, net, pot)
    SELECT (each ->> 1)::uuid, v_row.hand_id, (each ->> 0)::integer, each ->> 2, r.net, r.pot
      FROM jsonb_array_elements(p_players) AS each
      LEFT JOIN hand_results(p_events) r ON r.seat = (each ->> 0)::integer AND p_voided IS NULL
    ON CONFLICT DO NOTHING;
    UPDATE tables SET last_hand = p_hand WHERE table_id = p_table AND epoch = p_epoch;
    RETURN true;
END $$;

-- ``digest`` is of the token in the link, which is told once and kept nowhere.
CREATE TABLE actors.hand_shares (
    share_id   uuid PRIMARY KEY,
    digest     bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    player_id  uuid NOT NULL,
    hand_id    bigint NOT NULL REFERENCES actors.hands ON DELETE CASCADE,
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (player_id, hand_id) REFERENCES actors.hand_players ON DELETE CASCADE
);
CREATE INDEX hand_shares_of ON actors.hand_shares (player_id, made_at);
CREATE INDEX hand_shares_hand ON actors.hand_shares (hand_id);

-- A void that waits for a second operator. ``proposer_id`` is an account: names are for people.
CREATE TABLE actors.void_proposals (
    proposal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_id    text NOT NULL,
    hand        bigint NOT NULL,
    reason      text NOT NULL CHECK (btrim(reason) <> ''),
    proposer_id uuid NOT NULL,
    proposer    text NOT NULL,
    proposed_at timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'rejected')),
    decider_id  uuid,
    decided_by  text,
    outcome     text,
    CHECK ((state = 'open') = (decider_id IS NULL)),
    CHECK (state <> 'approved' OR decider_id <> proposer_id)
);

REVOKE ALL ON FUNCTION actors.hand_results FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON actors.hand_shares TO squaredeal_app;
GRANT SELECT, INSERT ON actors.void_proposals TO squaredeal_app;
GRANT UPDATE (state, decider_id, decided_by, outcome) ON actors.void_proposals TO squaredeal_app;
