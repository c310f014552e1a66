-- name: open_wallet(owner, currency)!
SELECT wallet.open_wallet(:owner, :currency);

-- name: grant_chips(key, payload, owner, amount)$
SELECT wallet.grant_chips(:key, :payload, :owner, :amount);

-- name: buy_in(key, payload, owner, table_id, session, amount, epoch, currency)$
SELECT wallet.buy_in(:key, :payload, :owner, :table_id, :session, :amount, :epoch, :currency);

-- name: refusal(key)^
SELECT limit_name, room, until FROM wallet.refusals WHERE key = :key;

-- name: settle(key, payload, table_id, hand, epoch, sessions, changes, rake)$
SELECT wallet.settle(:key, :payload, :table_id, :hand, :epoch, :sessions, :changes, :rake);

-- name: cash_out(key, payload, owner, table_id, session)^
SELECT code, moved FROM wallet.cash_out(:key, :payload, :owner, :table_id, :session);

-- name: raise_fence(table_id, epoch)$
SELECT wallet.raise_fence(:table_id, :epoch);

-- name: balance(owner, currency)^
SELECT coalesce(max(balance) FILTER (WHERE kind = 'wallet'), 0) AS amount,
       coalesce(sum(version), 0)::bigint AS version,
       coalesce(sum(balance) FILTER (WHERE kind = 'stake'), 0)::bigint AS at_tables
  FROM wallet.accounts WHERE owner = :owner AND currency = :currency;

-- name: open_stakes(table_id)
SELECT owner, session, balance FROM wallet.accounts
 WHERE table_id = :table_id AND kind = 'stake' AND NOT closed ORDER BY account_id;

-- name: buy_in_keys(table_id)
SELECT t.key FROM wallet.accounts a
  JOIN wallet.entries e USING (account_id)
  JOIN wallet.transfers t USING (transfer_id)
 WHERE a.table_id = :table_id AND a.kind = 'stake' AND NOT a.closed AND t.kind = 'buy_in';

-- name: statement(owner, before, count, kind, table_id, since, until)
SELECT e.entry_id, t.created_at, t.kind, a.kind AS account, t.table_id, t.hand,
       e.amount, e.balance
  FROM wallet.entries e
  JOIN wallet.accounts a USING (account_id)
  JOIN wallet.transfers t USING (transfer_id)
 WHERE a.owner = :owner AND e.entry_id < :before
   AND (:kind::text IS NULL OR t.kind = :kind)
   AND (:table_id::text IS NULL OR t.table_id = :table_id)
   AND (:since::timestamptz IS NULL OR e.at >= :since)
   AND (:until::timestamptz IS NULL OR e.at < :until)
 ORDER BY e.entry_id DESC
 LIMIT :count;

-- name: counts()^
SELECT (SELECT count(*) FROM wallet.accounts) AS accounts,
       (SELECT count(*) FROM wallet.transfers) AS transfers,
       (SELECT count(*) FROM wallet.entries) AS entries;

-- name: problems()
-- Everything that must hold and does not, one line each. Months that were detached count by what
-- they summed to.
SELECT format('all balances in %s sum to %s, not 0', currency, sum(balance)) AS problem
  FROM wallet.accounts GROUP BY currency HAVING sum(balance) <> 0
UNION ALL
SELECT format('transfer %s (%s): its entries are in %s currencies', t.transfer_id, t.key,
              count(DISTINCT a.currency))
  FROM wallet.transfers t JOIN wallet.entries e USING (transfer_id)
  JOIN wallet.accounts a USING (account_id)
 GROUP BY t.transfer_id HAVING count(DISTINCT a.currency) > 1
UNION ALL
SELECT format('transfer %s (%s): entries sum to %s', t.transfer_id, t.key, sum(e.amount))
  FROM wallet.transfers t JOIN wallet.entries e USING (transfer_id)
 GROUP BY t.transfer_id HAVING sum(e.amount) <> 0
UNION ALL
SELECT format('transfer %s (%s): %s says %s, its entries move %s', t.transfer_id, t.key,
              t.kind, t.amount, coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0))
  FROM wallet.transfers t LEFT JOIN wallet.entries e USING (transfer_id)
 WHERE NOT EXISTS (SELECT 1 FROM wallet.detached_months m
                    WHERE m.month = date_trunc('month', t.created_at, 'UTC')::date)
 GROUP BY t.transfer_id
HAVING coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0) <> t.amount
UNION ALL
SELECT format('account %s (%s): balance %s, its entries sum to %s', a.account_id, a.kind,
              a.balance, coalesce(o.balance, 0) + coalesce(sum(e.amount), 0))
  FROM wallet.accounts a
  LEFT JOIN wallet.openings o USING (account_id)
  LEFT JOIN wallet.entries e USING (account_id)
 GROUP BY a.account_id, o.account_id
HAVING a.balance <> coalesce(o.balance, 0) + coalesce(sum(e.amount), 0)
UNION ALL
SELECT format('account %s (%s): version %s, %s entries', a.account_id, a.kind, a.version,
              coalesce(o.entries, 0) + count(e.entry_id))
  FROM wallet.accounts a
  LEFT JOIN wallet.openings o USING (account_id)
  LEFT JOIN wallet.entries e USING (account_id)
 GROUP BY a.account_id, o.account_id
HAVING a.version <> coalesce(o.entries, 0) + count(e.entry_id)
UNION ALL
SELECT format('account %s (%s): balance %s is below its floor %s', account_id, kind, balance,
              floor)
  FROM wallet.accounts WHERE balance < floor
UNION ALL
SELECT format('entry %s: balance %s does not follow %s plus %s', entry_id, balance, before, amount)
  FROM (SELECT e.entry_id, e.balance, e.amount, lag(e.balance, 1, coalesce(o.balance, 0))
               OVER (PARTITION BY e.account_id ORDER BY e.entry_id) AS before
          FROM wallet.entries e LEFT JOIN wallet.openings o USING (account_id)) AS run
 WHERE balance <> before + amount;

-- name: open_months(count)$
SELECT wallet.open_months(now(), :count);

-- name: chain_problems()
-- Every row that is not what its link says, one line each. Links of months that were detached
-- stand by the links behind them.
WITH asked AS (
    SELECT link_id, array_agg(transfer_id ORDER BY transfer_id) AS ids,
           array_agg(key ORDER BY transfer_id) AS keys,
           array_agg(payload ORDER BY transfer_id) AS payloads,
           array_agg(kind ORDER BY transfer_id) AS kinds,
           array_agg(table_id ORDER BY transfer_id) AS tables,
           array_agg(hand ORDER BY transfer_id) AS hands,
           array_agg(epoch ORDER BY transfer_id) AS epochs,
           array_agg(amount ORDER BY transfer_id) AS amounts,
           min(created_at) AS first_at, max(created_at) AS last_at
      FROM wallet.transfers GROUP BY link_id
), moved AS (
    SELECT t.link_id, array_agg(e.transfer_id ORDER BY e.entry_id) AS of_,
           array_agg(e.account_id ORDER BY e.entry_id) AS on_,
           array_agg(e.amount ORDER BY e.entry_id) AS moves,
           array_agg(e.balance ORDER BY e.entry_id) AS balances,
           min(e.at) AS first_at, max(e.at) AS last_at
      FROM wallet.entries e JOIN wallet.transfers t USING (transfer_id) GROUP BY t.link_id
)
SELECT format('chain %s, link %s: its rows are not those that were written', l.chain, l.number)
       AS problem
  FROM wallet.links l
  LEFT JOIN wallet.links p ON p.chain = l.chain AND p.number = l.number - 1
  LEFT JOIN asked a ON a.link_id = l.link_id
  LEFT JOIN moved m ON m.link_id = l.link_id
 WHERE NOT EXISTS (SELECT 1 FROM wallet.detached_months d
                    WHERE d.month = date_trunc('month', l.at, 'UTC')::date
                       OR (l.chain = 0 AND d.month <= date_trunc('month', l.at, 'UTC')::date))
   AND (l.hash IS DISTINCT FROM wallet.digest_of(
           coalesce(p.hash, ''), l.at, a.ids, a.keys, a.payloads, a.kinds, a.tables, a.hands,
           a.epochs, a.amounts, coalesce(m.of_, '{}'), coalesce(m.on_, '{}'),
           coalesce(m.moves, '{}'), coalesce(m.balances, '{}'))
    OR (l.chain <> 0 AND (a.first_at <> l.at OR a.last_at <> l.at
                          OR coalesce(m.first_at, l.at) <> l.at
                          OR coalesce(m.last_at, l.at) <> l.at)))
UNION ALL
SELECT format('chain %s: link %s is missing', l.chain, l.number - 1)
  FROM wallet.links l
  LEFT JOIN wallet.links p ON p.chain = l.chain AND p.number = l.number - 1
 WHERE l.number > 1 AND p.link_id IS NULL
UNION ALL
SELECT format('chain %s: its end is link %s, there are %s', c.chain, c.links, count(l.link_id))
  FROM wallet.chains c LEFT JOIN wallet.links l USING (chain)
 GROUP BY c.chain
HAVING count(l.link_id) <> c.links
    OR c.hash <> coalesce((SELECT hash FROM wallet.links
                            WHERE chain = c.chain AND number = c.links), '')
UNION ALL
SELECT format('chain %s: %s links and no end', chain, count(*))
  FROM wallet.links l WHERE NOT EXISTS (SELECT 1 FROM wallet.chains WHERE chain = l.chain)
 GROUP BY chain
UNION ALL
SELECT format('transfer %s (%s): its link is missing', transfer_id, key)
  FROM wallet.transfers t WHERE NOT EXISTS (SELECT 1 FROM wallet.links WHERE link_id = t.link_id)
UNION ALL
SELECT format('entry %s: its transfer is missing', entry_id)
  FROM wallet.entries e
 WHERE NOT EXISTS (SELECT 1 FROM wallet.transfers WHERE transfer_id = e.transfer_id);

-- name: heads()
SELECT chain, links, hash FROM wallet.chains WHERE links > 0 ORDER BY chain;

-- name: links_at(chains, numbers)
SELECT p.chain, p.number, l.hash
  FROM unnest(:chains::integer[], :numbers::bigint[]) AS p (chain, number)
  LEFT JOIN wallet.links l USING (chain, number);

-- name: count_links()$
SELECT count(*) FROM wallet.links;
