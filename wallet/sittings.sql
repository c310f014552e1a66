-- name: sittings_of(player, table_id, since, until, before, count)
-- Newest first, those that began before the one named ``before``.
SELECT s.session, s.table_id, s.currency, s.began_at, s.ended_at, s.brought,
       coalesce(s.home, 0) AS home, coalesce(a.balance, 0) AS chips
  FROM wallet.sittings s
  LEFT JOIN wallet.accounts a ON a.session = s.session AND a.kind = 'stake'
 WHERE s.player = :player
   AND (:table_id::text IS NULL OR s.table_id = :table_id)
   AND (:since::timestamptz IS NULL OR s.began_at >= :since)
   AND (:until::timestamptz IS NULL OR s.began_at < :until)
   AND (:before::uuid IS NULL OR (s.began_at, s.session) < (
        SELECT b.began_at, b.session FROM wallet.sittings b
         WHERE b.session = :before AND b.player = :player))
 ORDER BY s.began_at DESC, s.session DESC
 LIMIT :count;

-- name: sitting(player, session)^
SELECT s.session, s.table_id, s.currency, s.began_at, s.ended_at, s.brought,
       coalesce(s.home, 0) AS home, coalesce(a.balance, 0) AS chips
  FROM wallet.sittings s
  LEFT JOIN wallet.accounts a ON a.session = s.session AND a.kind = 'stake'
 WHERE s.player = :player AND s.session = :session;

-- name: stack_summary(session)^
SELECT count(*) AS changes, count(*) FILTER (WHERE t.kind = 'hand') AS hands,
       coalesce(max(e.amount) FILTER (WHERE t.kind = 'hand'), 0) AS best,
       coalesce(min(e.amount) FILTER (WHERE t.kind = 'hand'), 0) AS worst
  FROM wallet.accounts a JOIN wallet.entries e USING (account_id)
  JOIN wallet.transfers t USING (transfer_id)
 WHERE a.session = :session AND a.kind = 'stake';

-- name: stack_points(session, every)
-- Each ``every``-th change, the first and the last.
SELECT at, kind, hand, amount, balance FROM (
    SELECT e.at, t.kind, t.hand, e.amount, e.balance, e.entry_id,
           row_number() OVER (ORDER BY e.entry_id) AS number, count(*) OVER () AS count
      FROM wallet.accounts a JOIN wallet.entries e USING (account_id)
      JOIN wallet.transfers t USING (transfer_id)
     WHERE a.session = :session AND a.kind = 'stake') AS every_change
 WHERE number = 1 OR number = count OR number % :every = 0
 ORDER BY entry_id;

-- name: purses(player)
SELECT currency, balance, CASE WHEN kind = 'stake' THEN table_id END AS table_id
  FROM wallet.accounts
 WHERE owner = :player AND NOT closed AND kind IN ('wallet', 'stake')
 ORDER BY currency, kind DESC, table_id;

-- name: seats(player)
SELECT table_id, min(began_at) AS since FROM wallet.sittings
 WHERE player = :player AND ended_at IS NULL
 GROUP BY table_id ORDER BY since;

-- name: house()
SELECT currency, sum(balance)::bigint AS balance FROM wallet.accounts
 WHERE kind = 'house' GROUP BY currency ORDER BY currency;
