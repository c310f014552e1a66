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

-- name: keep_hand(table_id, hand, epoch, events, voided, seed, players, rules, times, platform)$
SELECT actors.keep_hand(:table_id, :hand, :epoch, :events, :voided, :seed, :players, :rules,
                        :times, :platform);

-- name: retire_hands(before, count)$
SELECT actors.retire_hands(:before, :count);

-- name: altered_hands()
-- Records that are not what their digest says.
SELECT table_id, hand FROM actors.hands h WHERE h.digest <> actors.hand_digest(h)
 ORDER BY table_id, hand;

-- name: count_hands()$
SELECT count(*) FROM actors.hands;

-- name: hand(table_id, hand)^
SELECT h.* FROM actors.hands h WHERE h.table_id = :table_id AND h.hand = :hand;

-- name: hands_of(player_id, before, count)
-- A player's hands, newest first, before a hand id.
SELECT h.*, p.seat FROM actors.hand_players p JOIN actors.hands h USING (hand_id)
 WHERE p.player_id = :player_id AND h.hand_id < :before
 ORDER BY h.hand_id DESC
 LIMIT :count;

-- name: search_hands(table_id, player, since, until, before, count)
-- Newest first; each condition may be null. ``player`` is a name or an id.
SELECT h.* FROM actors.hands h
 WHERE h.hand_id < :before
   AND (:table_id::text IS NULL OR h.table_id = :table_id)
   AND (:since::timestamptz IS NULL OR h.ended_at >= :since)
   AND (:until::timestamptz IS NULL OR h.ended_at < :until)
   AND (:player::text IS NULL OR EXISTS (
        SELECT 1 FROM actors.hand_players p
         WHERE p.hand_id = h.hand_id
           AND (lower(p.name) = lower(:player) OR p.player_id::text = lower(:player))))
 ORDER BY h.hand_id DESC
 LIMIT :count;
