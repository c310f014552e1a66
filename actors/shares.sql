-- name: lock_shares(player_id)!
-- Until the transaction ends: two links at once would both find room for one.
SELECT pg_advisory_xact_lock(hashtextextended('hand_shares:' || :player_id::uuid, 0));

-- name: add_share(share_id, digest, player_id, table_id, hand, made_at, expires_at, links_max)^
-- No row if he was not dealt in, or has so many links that work.
INSERT INTO actors.hand_shares (share_id, digest, player_id, hand_id, made_at, expires_at)
SELECT :share_id, :digest, p.player_id, p.hand_id, :made_at, :expires_at
  FROM actors.hand_players p JOIN actors.hands h USING (hand_id)
 WHERE p.player_id = :player_id AND h.table_id = :table_id AND h.hand = :hand
   AND (SELECT count(*) FROM actors.hand_shares s
         WHERE s.player_id = :player_id AND s.expires_at > :made_at) < :links_max
RETURNING share_id;

-- name: shares_of(player_id, now)
SELECT s.share_id, h.table_id, h.hand, s.made_at, s.expires_at
  FROM actors.hand_shares s JOIN actors.hands h USING (hand_id)
 WHERE s.player_id = :player_id AND s.expires_at > :now
 ORDER BY s.made_at DESC, s.share_id;

-- name: end_share(share_id, player_id)^
DELETE FROM actors.hand_shares WHERE share_id = :share_id AND player_id = :player_id
RETURNING share_id;

-- name: shared(digest, now)^
SELECT h.*, p.seat, s.expires_at
  FROM actors.hand_shares s
  JOIN actors.hands h USING (hand_id)
  JOIN actors.hand_players p USING (hand_id, player_id)
 WHERE s.digest = :digest AND s.expires_at > :now;

-- name: sweep_shares(now)!
DELETE FROM actors.hand_shares WHERE expires_at <= :now;
