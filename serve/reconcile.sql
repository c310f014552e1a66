-- name: sums()
-- Currencies whose accounts do not sum to zero.
SELECT currency, sum(balance) AS total FROM wallet.accounts
 GROUP BY currency HAVING sum(balance) <> 0;

-- name: held()
-- What each kind of account has, by currency.
SELECT currency, kind, sum(balance)::bigint AS balance FROM wallet.accounts GROUP BY currency, kind;

-- name: last_entries()
-- Open accounts whose balance is not what their last entry left.
SELECT a.account_id, a.kind, a.balance, a.floor, coalesce(e.balance, o.balance, 0) AS entries
  FROM wallet.accounts a
  LEFT JOIN LATERAL (SELECT balance FROM wallet.entries e
                      WHERE e.account_id = a.account_id
                      ORDER BY entry_id DESC LIMIT 1) e ON true
  LEFT JOIN wallet.openings o ON o.account_id = a.account_id
 WHERE NOT a.closed AND (a.balance <> coalesce(e.balance, o.balance, 0) OR a.balance < a.floor);

-- name: tables()
SELECT t.table_id, t.epoch, t.last_hand, t.spec::text AS spec, coalesce(f.settled, 0) AS settled,
       (SELECT max(hand) FROM actors.hands h
         WHERE h.table_id = t.table_id AND h.voided IS NULL) AS archived
  FROM actors.tables t LEFT JOIN wallet.fences f USING (table_id)
 ORDER BY t.table_id;

-- name: stakes(grace_s)
-- Open stakes, and whether chips came or went just now.
SELECT a.table_id, a.session, a.balance,
       coalesce(e.at > clock_timestamp() - :grace_s * interval '1 second', false) AS recent
  FROM wallet.accounts a
  LEFT JOIN LATERAL (SELECT at FROM wallet.entries e
                      WHERE e.account_id = a.account_id
                      ORDER BY entry_id DESC LIMIT 1) e ON true
 WHERE a.kind = 'stake' AND NOT a.closed;

-- name: done(keys)
SELECT key FROM wallet.transfers WHERE key = ANY (:keys);

-- name: not_archived(grace_s, looked_at_max, shown_max)
-- Hands that were settled a while ago and are in no archive, among the last ones: those before have
-- been looked at.
SELECT t.table_id, t.hand FROM wallet.transfers t
 WHERE t.kind = 'hand'
   AND t.transfer_id > coalesce((SELECT max(transfer_id) FROM wallet.transfers)
                                - :looked_at_max, 0)
   AND t.created_at BETWEEN clock_timestamp() - interval '1 day'
                        AND clock_timestamp() - :grace_s * interval '1 second'
   AND EXISTS (SELECT 1 FROM actors.tables s WHERE s.table_id = t.table_id)
   AND NOT EXISTS (SELECT 1 FROM actors.hands h
                    WHERE h.table_id = t.table_id AND h.hand = t.hand)
 ORDER BY t.transfer_id DESC LIMIT :shown_max;

-- name: overdue(grace_s)
-- Payments that should have ended by themselves.
SELECT key, kind, expires_at FROM wallet.payments
 WHERE state = 'pending' AND expires_at < clock_timestamp() - :grace_s * interval '1 second'
 ORDER BY expires_at;
