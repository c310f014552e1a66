-- What must hold of the books at any instant, written without a look at the ledger's own queries.
-- Each line of the answer is a violation.
SELECT 'sum zero: ' || sum(amount) AS violation FROM wallet.entries HAVING sum(amount) <> 0
UNION ALL
SELECT 'balance = sum of entries: account ' || account_id
  FROM (SELECT account_id, balance AS amount FROM wallet.accounts
        UNION ALL SELECT account_id, -amount FROM wallet.entries) x
 GROUP BY account_id HAVING sum(amount) <> 0
UNION ALL
SELECT 'floor: account ' || account_id FROM wallet.accounts
 WHERE kind IN ('wallet', 'stake') AND balance < 0
UNION ALL
SELECT 'a closed stake is empty: account ' || account_id FROM wallet.accounts
 WHERE closed AND balance <> 0
UNION ALL
SELECT 'entries and transfers agree: transfer ' || transfer_id
  FROM (SELECT transfer_id, amount AS moved, 0::bigint AS total, 1 AS known FROM wallet.transfers
        UNION ALL
        SELECT transfer_id, -greatest(amount, 0), amount, 0 FROM wallet.entries) x
 GROUP BY transfer_id HAVING sum(total) <> 0 OR sum(moved) <> 0 OR sum(known) <> 1
UNION ALL
SELECT 'one hand, one transfer: ' || table_id || '/' || hand FROM wallet.transfers
 WHERE kind = 'hand' GROUP BY table_id, hand HAVING count(*) > 1
UNION ALL
SELECT 'watermark: ' || f.table_id FROM wallet.fences f
 WHERE f.settled <> (SELECT coalesce(max(hand), 0) FROM wallet.transfers t
                      WHERE t.kind = 'hand' AND t.table_id = f.table_id)
UNION ALL
SELECT 'applied and refused: ' || r.key FROM wallet.refusals r JOIN wallet.transfers t USING (key)
UNION ALL
SELECT 'a chain is as long as it says: ' || c.chain FROM wallet.chains c
 WHERE c.links <> (SELECT count(*) FROM wallet.links l WHERE l.chain = c.chain)
UNION ALL
SELECT 'no transfer crosses currencies: ' || e.transfer_id
  FROM wallet.entries e JOIN wallet.accounts a USING (account_id)
 GROUP BY e.transfer_id HAVING count(DISTINCT a.currency) > 1
UNION ALL
SELECT 'every currency sums to zero: ' || a.currency
  FROM wallet.entries e JOIN wallet.accounts a USING (account_id)
 GROUP BY a.currency HAVING sum(e.amount) <> 0
UNION ALL
SELECT 'what is on its way out is what withdrawals say: ' || currency
  FROM (SELECT currency, balance AS amount FROM wallet.accounts WHERE kind = 'pending'
        UNION ALL
        SELECT currency, -amount FROM wallet.payments
         WHERE kind = 'withdrawal' AND state = 'pending') x
 GROUP BY currency HAVING sum(amount) <> 0
UNION ALL
SELECT 'a payment and its transfers: ' || p.key FROM wallet.payments p
 WHERE (SELECT coalesce(string_agg(t.kind || t.amount, ' ' ORDER BY t.transfer_id), '')
          FROM wallet.transfers t
         WHERE t.key IN (p.key, p.key || ':posted', p.key || ':voided')) <>
       CASE p.kind || ' ' || p.state
            WHEN 'deposit posted' THEN 'deposit' || p.amount
            WHEN 'withdrawal pending' THEN 'withdrawal' || p.amount
            WHEN 'withdrawal posted' THEN 'withdrawal' || p.amount || ' payout' || p.amount
            WHEN 'withdrawal voided'
                 THEN 'withdrawal' || p.amount || ' withdrawal_voided' || p.amount
            ELSE '' END
UNION ALL
SELECT 'a sitting is its stake: ' || session
  FROM wallet.accounts a FULL JOIN wallet.sittings s USING (session)
 WHERE (a.session IS NOT NULL AND a.kind = 'stake' AND s.player IS NULL)
    OR (s.player IS NOT NULL
        AND (a.owner, a.table_id, a.currency, a.closed)
            IS DISTINCT FROM (s.player, s.table_id, s.currency, s.ended_at IS NOT NULL))
UNION ALL
SELECT 'a sitting counts what was brought and what went home: ' || session
  FROM (SELECT session, -brought AS brought, -coalesce(home, 0) AS home FROM wallet.sittings
        UNION ALL
        SELECT a.session, CASE t.kind WHEN 'buy_in' THEN e.amount ELSE 0 END,
               CASE t.kind WHEN 'cash_out' THEN -e.amount ELSE 0 END
          FROM wallet.entries e JOIN wallet.transfers t USING (transfer_id)
          JOIN wallet.accounts a USING (account_id)
         WHERE a.kind = 'stake' AND t.kind IN ('buy_in', 'cash_out')) x
 GROUP BY session HAVING sum(brought) <> 0 OR sum(home) <> 0
UNION ALL
SELECT 'a day counts what was done on it: ' || player || ' ' || day
  FROM (SELECT player, currency, day, -deposited AS deposited, -bought_in AS bought_in,
               -lost AS lost FROM wallet.player_days
        UNION ALL
        SELECT a.owner, a.currency, (e.at AT TIME ZONE 'UTC')::date, 0, -e.amount, 0
          FROM wallet.entries e JOIN wallet.transfers t USING (transfer_id)
          JOIN wallet.accounts a USING (account_id)
         WHERE a.kind = 'wallet' AND t.kind = 'buy_in'
        UNION ALL
        SELECT player, currency, (begun_at AT TIME ZONE 'UTC')::date, amount, 0, 0
          FROM wallet.payments WHERE kind = 'deposit' AND state <> 'voided'
        UNION ALL
        SELECT player, currency, (ended_at AT TIME ZONE 'UTC')::date, 0, 0, brought - home
          FROM wallet.sittings WHERE ended_at IS NOT NULL) x
 GROUP BY player, currency, day
HAVING sum(deposited) <> 0 OR sum(bought_in) <> 0 OR sum(lost) <> 0
UNION ALL
SELECT 'an operation is its transfer: ' || o.operation_id FROM wallet.operations o
  LEFT JOIN wallet.transfers t
    ON t.key = CASE o.kind WHEN 'reversal' THEN 'reversal:' || o.reverses
                           ELSE o.kind || ':' || o.operation_id END AND t.payload = o.payload
 WHERE (o.state = 'applied' AND t.amount IS DISTINCT FROM abs(o.amount))
    OR (o.state <> 'applied' AND o.kind <> 'reversal' AND t.key IS NOT NULL)
UNION ALL
SELECT 'reversed once: ' || reverses FROM wallet.operations
 WHERE state = 'applied' AND kind = 'reversal' GROUP BY reverses HAVING count(*) <> 1;
