-- name: claim_table(table_id, address)^
-- A new activation of a table: the next epoch, and where its hands left off. One number is
-- skipped: the last hand of the epoch before may have been settled and not yet archived.
INSERT INTO actors.tables (table_id, address) VALUES (:table_id, :address)
ON CONFLICT (table_id) DO UPDATE
    SET epoch = actors.tables.epoch + 1, last_hand = actors.tables.last_hand + 1,
        address = excluded.address, opened_at = now()
RETURNING epoch, last_hand;

-- name: note_hand(hand, table_id, epoch)!
UPDATE actors.tables SET last_hand = :hand WHERE table_id = :table_id AND epoch = :epoch;

-- name: add_hand(table_id, hand, epoch, events)$
INSERT INTO actors.hands (table_id, hand, epoch, events)
VALUES (:table_id, :hand, :epoch, :events)
ON CONFLICT (table_id, hand) DO NOTHING
RETURNING hand_id;

-- name: add_player(player_id, hand_id, seat, name)!
INSERT INTO actors.hand_players (player_id, hand_id, seat, name)
VALUES (:player_id, :hand_id, :seat, :name)
ON CONFLICT DO NOTHING;

-- name: hands_of(player_id, before, count)
-- A player's hands, newest first, before a hand id.
SELECT h.hand_id, h.table_id, h.hand, h.ended_at, h.events, p.seat,
       (SELECT jsonb_agg(jsonb_build_array(o.seat, o.name) ORDER BY o.seat)
          FROM actors.hand_players o WHERE o.hand_id = h.hand_id) AS players
  FROM actors.hand_players p JOIN actors.hands h USING (hand_id)
 WHERE p.player_id = :player_id AND h.hand_id < :before
 ORDER BY h.hand_id DESC
 LIMIT :count;
