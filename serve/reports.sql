-- name: standing()^
-- How old what a report says may be: on a replica that hears of nothing, or has not replayed all
-- that it heard of, as old as what it has replayed last.
SELECT pg_is_in_recovery() AS replica,
       CASE WHEN NOT pg_is_in_recovery()
              OR EXISTS (SELECT 1 FROM pg_stat_wal_receiver)
                 AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
            THEN clock_timestamp()
            ELSE coalesce(pg_last_xact_replay_timestamp(), 'epoch') END AS as_of;

-- name: journal(kind, table_id, player, since, until, before, count)
-- Every entry with its transfer, newest first.
SELECT e.entry_id, e.at, t.transfer_id, t.key, t.kind, t.table_id, t.hand, a.account_id,
       a.kind AS account, a.owner AS player, a.currency, e.amount, e.balance
  FROM wallet.entries e
  JOIN wallet.transfers t USING (transfer_id)
  JOIN wallet.accounts a USING (account_id)
 WHERE e.entry_id < :before
   AND (:kind::text IS NULL OR t.kind = :kind)
   AND (:table_id::text IS NULL OR t.table_id = :table_id)
   AND (:player::uuid IS NULL OR a.owner = :player)
   AND (:since::timestamptz IS NULL OR e.at >= :since)
   AND (:until::timestamptz IS NULL OR e.at < :until)
 ORDER BY e.entry_id DESC
 LIMIT :count;

-- name: trial_balance(until)
-- By currency and kind of account; with an instant from the entries before it, and what the detached
-- months summed to. Each currency's balances sum to zero.
SELECT currency, kind, count(*) AS accounts, sum(balance)::bigint AS balance
  FROM (SELECT a.currency, a.kind, a.balance FROM wallet.accounts a
         WHERE :until::timestamptz IS NULL AND (a.balance <> 0 OR NOT a.closed)
        UNION ALL
        SELECT a.currency, a.kind, coalesce(o.balance, 0) + coalesce(sum(e.amount), 0)
          FROM wallet.accounts a
          LEFT JOIN wallet.openings o USING (account_id)
          LEFT JOIN wallet.entries e ON e.account_id = a.account_id AND e.at < :until
         WHERE :until::timestamptz IS NOT NULL AND a.opened_at < :until
         GROUP BY a.account_id, o.balance
        HAVING coalesce(o.balance, 0) + coalesce(sum(e.amount), 0) <> 0 OR NOT a.closed) b
 GROUP BY currency, kind ORDER BY currency, kind;

-- name: kept_from()$
-- The instant before which entries have left: nothing can be said of then. NULL if none have.
SELECT (max(month) + interval '1 month') AT TIME ZONE 'UTC' FROM wallet.detached_months;

-- name: liability()
-- What the house owes its players: everything that is not on an account of its own.
SELECT currency, kind, count(*) AS accounts, count(DISTINCT owner) AS players,
       sum(balance)::bigint AS balance
  FROM wallet.accounts
 WHERE kind NOT IN ('house', 'cash', 'promotional') AND NOT closed
 GROUP BY currency, kind ORDER BY currency, kind;

-- name: revenue(table_id, since, until)
-- Rake by table, game and day (UTC). The spec of hold'em, our first game, names no type.
SELECT (t.created_at AT TIME ZONE 'UTC')::date AS day, t.table_id,
       coalesce(s.spec -> 'game' ->> 'type', 'nlhe') AS game, a.currency,
       count(*) AS raked_hands, sum(e.amount)::bigint AS rake
  FROM wallet.accounts a
  JOIN wallet.entries e USING (account_id)
  JOIN wallet.transfers t USING (transfer_id)
  LEFT JOIN actors.tables s ON s.table_id = t.table_id
 WHERE a.kind = 'house' AND t.kind = 'hand'
   AND (:table_id::text IS NULL OR t.table_id = :table_id)
   AND (:since::timestamptz IS NULL OR e.at >= :since)
   AND (:until::timestamptz IS NULL OR e.at < :until)
 GROUP BY 1, 2, 3, 4 ORDER BY 1 DESC, 2;

-- name: funds_in_play()
-- Stakes by table. ``interrupted_hand`` was dealt and is neither settled nor void, and nobody
-- serves its table now.
SELECT a.table_id, a.currency, count(*) AS stakes, sum(a.balance)::bigint AS chips,
       coalesce(t.lease_until >= clock_timestamp(), false) AS served,
       CASE WHEN t.lease_until < clock_timestamp() THEN
           (SELECT d.hand
              FROM (SELECT j.hand FROM actors.journal j
                     WHERE j.table_id = a.table_id AND j.kind = 'Deal'
                     ORDER BY j.seq DESC LIMIT 1) d
             WHERE NOT EXISTS (SELECT 1 FROM actors.hands h
                                WHERE h.table_id = a.table_id AND h.hand = d.hand)
               AND NOT EXISTS (SELECT 1 FROM wallet.transfers w
                                WHERE w.key = 'hand:' || a.table_id || ':' || d.hand))
       END AS interrupted_hand
  FROM wallet.accounts a
  LEFT JOIN actors.tables t USING (table_id)
 WHERE a.kind = 'stake' AND NOT a.closed
 GROUP BY a.table_id, a.currency, t.lease_until
 ORDER BY a.table_id, a.currency;
