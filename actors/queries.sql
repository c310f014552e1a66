-- name: append(tables, seqs, epochs, hands, kinds, bodies, digests)$
SELECT actors.append(:tables, :seqs, :epochs, :hands, :kinds, :bodies, :digests);

-- name: take_over(table_id, owner, address, lease_ms, spec)^
SELECT epoch, last_hand, fault FROM actors.take_over(:table_id, :owner, :address, :lease_ms, :spec);

-- name: renew(tables, epochs, lease_ms)$
SELECT actors.renew(:tables, :epochs, :lease_ms);

-- name: release(table_id, epoch)!
SELECT actors.release(:table_id, :epoch);

-- name: note_fault(table_id, epoch, fault)!
SELECT actors.note_fault(:table_id, :epoch, :fault);

-- name: journal_rows(table_id)
SELECT table_id, seq, epoch, hand, kind, body, digest FROM actors.journal
 WHERE table_id = :table_id
   AND seq >= coalesce((SELECT max(seq) FROM actors.journal
                         WHERE table_id = :table_id AND kind = 'Snapshot'), 0)
 ORDER BY seq;

-- name: prune(table_id)!
SELECT actors.prune(:table_id);

-- name: note_hand(hand, table_id, epoch)!
UPDATE actors.tables SET last_hand = :hand WHERE table_id = :table_id AND epoch = :epoch;

-- name: add_hand(table_id, hand, epoch, events, voided, seed)$
INSERT INTO actors.hands (table_id, hand, epoch, events, voided, seed)
VALUES (:table_id, :hand, :epoch, :events, :voided, :seed)
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
