-- name: append(tables, seqs, epochs, hands, kinds, bodies, digests)$
SELECT actors.append(:tables, :seqs, :epochs, :hands, :kinds, :bodies, :digests);

-- name: take_over(table_id, owner, address, lease_ms, spec, reads, writes)^
SELECT epoch, last_hand, fault
FROM actors.take_over(:table_id, :owner, :address, :lease_ms, :spec, :reads, :writes);

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

-- name: keep_hands(tables, hands, epochs, events, voided, seeds, players, rules, times, platform)!
-- One after the other, in one transaction, and not waited for on disk: the journal has the hand until
-- a later append, which is waited for, has taken this one to disk as well. Lists come as JSON text:
-- they differ in length.
SELECT actors.keep_hand(h.table_id, h.hand, h.epoch, h.events::jsonb, h.voided, h.seed,
                        h.players::jsonb, h.rules::jsonb,
                        ARRAY(SELECT jsonb_array_elements_text(h.times::jsonb)::bigint),
                        h.platform::jsonb)
  FROM (SELECT set_config('synchronous_commit', 'off', true) OFFSET 0) AS fast,
       unnest(cast(:tables AS text[]), cast(:hands AS bigint[]), cast(:epochs AS bigint[]),
              cast(:events AS text[]), cast(:voided AS text[]), cast(:seeds AS bytea[]),
              cast(:players AS text[]), cast(:rules AS text[]), cast(:times AS text[]),
              cast(:platform AS text[]))
    AS h (table_id, hand, epoch, events, voided, seed, players, rules, times, platform);

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

-- name: hands_of(player_id, table_id, since, until, result, pot_min, before, count)
-- A player's hands, newest first, before a hand id; each condition may be null.
SELECT h.*, p.seat FROM actors.hand_players p JOIN actors.hands h USING (hand_id)
 WHERE p.player_id = :player_id AND h.hand_id < :before
   AND (:table_id::text IS NULL OR h.table_id = :table_id)
   AND (:since::timestamptz IS NULL OR h.ended_at >= :since)
   AND (:until::timestamptz IS NULL OR h.ended_at < :until)
   AND (:pot_min::bigint IS NULL OR p.pot >= :pot_min)
   AND CASE :result::text WHEN 'won' THEN p.net > 0 WHEN 'lost' THEN p.net < 0
                          WHEN 'even' THEN p.net = 0 WHEN 'void' THEN h.voided IS NOT NULL
                          ELSE true END
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
