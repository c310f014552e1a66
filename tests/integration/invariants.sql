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
 WHERE c.links <> (SELECT count(*) FROM wallet.links l WHERE l.chain = c.chain);
