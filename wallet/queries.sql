-- name: open_wallet(owner)!
SELECT wallet.open_wallet(:owner);

-- name: grant_chips(key, payload, owner, amount)$
SELECT wallet.grant_chips(:key, :payload, :owner, :amount);

-- name: buy_in(key, payload, owner, table_id, session, amount, epoch)$
SELECT wallet.buy_in(:key, :payload, :owner, :table_id, :session, :amount, :epoch);

-- name: settle(key, payload, table_id, hand, epoch, sessions, changes, rake)$
SELECT wallet.settle(:key, :payload, :table_id, :hand, :epoch, :sessions, :changes, :rake);

-- name: cash_out(key, payload, owner, table_id, session)^
SELECT code, moved FROM wallet.cash_out(:key, :payload, :owner, :table_id, :session);

-- name: raise_fence(table_id, epoch)$
SELECT wallet.raise_fence(:table_id, :epoch);

-- name: balance(owner)^
SELECT coalesce(max(balance) FILTER (WHERE kind = 'wallet'), 0) AS amount,
       coalesce(sum(version), 0)::bigint AS version,
       coalesce(sum(balance) FILTER (WHERE kind = 'stake'), 0)::bigint AS at_tables
  FROM wallet.accounts WHERE owner = :owner;

-- name: open_stakes(table_id)
SELECT owner, session, balance FROM wallet.accounts
 WHERE table_id = :table_id AND kind = 'stake' AND NOT closed ORDER BY account_id;

-- name: buy_in_keys(table_id)
SELECT t.key FROM wallet.accounts a
  JOIN wallet.entries e USING (account_id)
  JOIN wallet.transfers t USING (transfer_id)
 WHERE a.table_id = :table_id AND a.kind = 'stake' AND NOT a.closed AND t.kind = 'buy_in';

-- name: statement(owner, before, count)
SELECT e.entry_id, t.created_at, t.kind, a.kind AS account, t.table_id, t.hand,
       e.amount, e.balance
  FROM wallet.entries e
  JOIN wallet.accounts a USING (account_id)
  JOIN wallet.transfers t USING (transfer_id)
 WHERE a.owner = :owner AND e.entry_id < :before
 ORDER BY e.entry_id DESC
 LIMIT :count;

-- name: counts()^
SELECT (SELECT count(*) FROM wallet.accounts) AS accounts,
       (SELECT count(*) FROM wallet.transfers) AS transfers,
       (SELECT count(*) FROM wallet.entries) AS entries;

-- name: problems()
-- Everything that must hold and does not, one line each.
SELECT format('all balances sum to %s, not 0', sum(balance)) AS problem
  FROM wallet.accounts HAVING coalesce(sum(balance), 0) <> 0
UNION ALL
SELECT format('transfer %s (%s): entries sum to %s', t.transfer_id, t.key, sum(e.amount))
  FROM wallet.transfers t JOIN wallet.entries e USING (transfer_id)
 GROUP BY t.transfer_id HAVING sum(e.amount) <> 0
UNION ALL
SELECT format('transfer %s (%s): %s says %s, its entries move %s', t.transfer_id, t.key,
              t.kind, t.amount, coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0))
  FROM wallet.transfers t LEFT JOIN wallet.entries e USING (transfer_id)
 GROUP BY t.transfer_id
HAVING coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0) <> t.amount
UNION ALL
SELECT format('account %s (%s): balance %s, its entries sum to %s', a.account_id, a.kind,
              a.balance, coalesce(sum(e.amount), 0))
  FROM wallet.accounts a LEFT JOIN wallet.entries e USING (account_id)
 GROUP BY a.account_id HAVING a.balance <> coalesce(sum(e.amount), 0)
UNION ALL
SELECT format('account %s (%s): version %s, %s entries', a.account_id, a.kind, a.version,
              count(e.entry_id))
  FROM wallet.accounts a LEFT JOIN wallet.entries e USING (account_id)
 GROUP BY a.account_id HAVING a.version <> count(e.entry_id)
UNION ALL
SELECT format('account %s (%s): balance %s is below its floor %s', account_id, kind, balance,
              floor)
  FROM wallet.accounts WHERE balance < floor
UNION ALL
SELECT format('entry %s: balance %s does not follow %s plus %s', entry_id, balance, before, amount)
  FROM (SELECT entry_id, balance, amount, lag(balance, 1, 0::bigint)
               OVER (PARTITION BY account_id ORDER BY entry_id) AS before
          FROM wallet.entries) AS run
 WHERE balance <> before + amount;
