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

-- name: stakes_of(owner)
SELECT table_id, balance, currency FROM wallet.accounts
 WHERE owner = :owner AND kind = 'stake' AND NOT closed ORDER BY account_id;

-- name: buy_in_keys(table_id)
SELECT t.key FROM wallet.accounts a
  JOIN wallet.entries e USING (account_id)
  JOIN wallet.transfers t USING (transfer_id)
 WHERE a.table_id = :table_id AND a.kind = 'stake' AND NOT a.closed AND t.kind = 'buy_in';

-- name: statement(owner, before, count, kind, table_id, since, until, currency)
SELECT e.entry_id, t.created_at, t.kind, a.kind AS account, t.table_id, t.hand,
       e.amount, e.balance, a.currency
  FROM wallet.entries e
  JOIN wallet.accounts a USING (account_id)
  JOIN wallet.transfers t USING (transfer_id)
 WHERE a.owner = :owner AND e.entry_id < :before
   AND (:kind::text IS NULL OR t.kind = :kind)
   AND (:table_id::text IS NULL OR t.table_id = :table_id)
   AND (:since::timestamptz IS NULL OR e.at >= :since)
   AND (:until::timestamptz IS NULL OR e.at < :until)
   AND (:currency::text IS NULL OR a.currency = :currency)
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
 WHERE balance <> before + amount
UNION ALL
SELECT format('transfer %s (%s): a %s moves account %s (%s, table %s)', t.transfer_id, t.key,
              t.kind, a.account_id, a.kind, a.table_id)
  FROM wallet.transfers t JOIN wallet.entries e USING (transfer_id)
  JOIN wallet.accounts a USING (account_id)
 WHERE a.kind <> ALL (CASE t.kind
           WHEN 'grant' THEN ARRAY['wallet', 'promotional'] WHEN 'hand' THEN ARRAY['stake', 'house']
           WHEN 'buy_in' THEN ARRAY['wallet', 'stake'] WHEN 'cash_out' THEN ARRAY['wallet', 'stake']
           WHEN 'deposit' THEN ARRAY['wallet', 'cash'] WHEN 'payout' THEN ARRAY['pending', 'cash']
           WHEN 'withdrawal' THEN ARRAY['wallet', 'pending', 'cash']
           WHEN 'withdrawal_voided' THEN ARRAY['wallet', 'pending']
           WHEN 'adjustment' THEN ARRAY['wallet', 'house']
           ELSE ARRAY['wallet', 'house', 'cash', 'promotional'] END)
    OR (a.kind = 'stake' AND a.table_id IS DISTINCT FROM t.table_id)
UNION ALL
SELECT format('account %s (%s): its floor is %s', account_id, kind, coalesce(floor::text, 'gone'))
  FROM wallet.accounts
 WHERE floor IS DISTINCT FROM CASE WHEN kind IN ('wallet', 'stake', 'pending') THEN 0 END
UNION ALL
SELECT format('sitting %s: it is not its stake', session)
  FROM (SELECT * FROM wallet.accounts WHERE kind = 'stake') a FULL JOIN wallet.sittings s
       USING (session)
 WHERE (a.owner, a.table_id, a.currency, a.closed)
       IS DISTINCT FROM (s.player, s.table_id, s.currency, s.ended_at IS NOT NULL)
UNION ALL
SELECT format('table %s: settled up to hand %s, its last transfer is of hand %s', f.table_id,
              f.settled, coalesce(max(t.hand), 0))
  FROM wallet.fences f
  LEFT JOIN wallet.transfers t ON t.table_id = f.table_id AND t.kind = 'hand'
 GROUP BY f.table_id HAVING f.settled <> coalesce(max(t.hand), 0)
UNION ALL
SELECT format('pending in %s: %s, pending withdrawals are %s', currency, sum(held), sum(asked))
  FROM (SELECT currency, balance AS held, 0 AS asked FROM wallet.accounts WHERE kind = 'pending'
        UNION ALL
        SELECT currency, 0, amount FROM wallet.payments
         WHERE kind = 'withdrawal' AND state = 'pending') p
 GROUP BY currency HAVING sum(held) <> sum(asked)
UNION ALL
SELECT format('payment %s: %s, its transfer is missing', p.key, p.state) FROM wallet.payments p
 WHERE (p.kind = 'withdrawal' OR p.state = 'posted')
   AND NOT EXISTS (SELECT 1 FROM wallet.transfers t WHERE t.amount = p.amount
                      AND t.key = p.key || CASE p.state WHEN 'pending' THEN ''
                                                        ELSE ':' || p.state END)
UNION ALL
SELECT format('operation %s: applied, its transfer is missing', o.operation_id)
  FROM wallet.operations o
 WHERE o.state = 'applied' AND NOT EXISTS (
       SELECT 1 FROM wallet.transfers t WHERE t.amount = abs(o.amount)
          AND t.key = CASE o.kind WHEN 'reversal' THEN 'reversal:' || o.reverses
                                  ELSE o.kind || ':' || o.operation_id END);

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
    OR l.transfers <> cardinality(a.ids) OR l.entries <> coalesce(cardinality(m.of_), 0)
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
 WHERE NOT EXISTS (SELECT 1 FROM wallet.transfers WHERE transfer_id = e.transfer_id)
UNION ALL
-- A month that is noted as detached and is not would hide what its links say.
SELECT format('month %s: noted as detached, its entries are here', d.month)
  FROM wallet.detached_months d
 WHERE EXISTS (SELECT 1 FROM wallet.entries WHERE at >= d.month::timestamp AT TIME ZONE 'UTC'
                  AND at < (d.month + interval '1 month') AT TIME ZONE 'UTC')
UNION ALL
SELECT format('month %s: detached with %s entries, its links are of %s', d.month, d.entries,
              coalesce(sum(l.entries), 0))
  FROM wallet.detached_months d
  LEFT JOIN wallet.links l ON d.month = date_trunc('month', l.at, 'UTC')::date
 WHERE NOT EXISTS (SELECT 1 FROM wallet.links WHERE chain = 0)
 GROUP BY d.month HAVING d.entries <> coalesce(sum(l.entries), 0)
UNION ALL
-- Whose an account is, no link says; but what was asked does, by its digest (wallet.batch.digest).
SELECT format('transfer %s (%s): it was asked for somebody else, or another stake', transfer_id,
              key)
  FROM (SELECT t.transfer_id, t.key, t.payload, t.kind, t.amount, min(to_json(t.table_id)::text)
                   AS at_table, array_remove(array_agg(DISTINCT a.owner), NULL) AS owners,
               max(a.session::text) AS session, min(a.currency) AS currency
          FROM wallet.transfers t JOIN wallet.entries e USING (transfer_id)
          JOIN wallet.accounts a USING (account_id)
         WHERE t.kind IN ('grant', 'buy_in', 'cash_out', 'deposit', 'withdrawal',
                          'withdrawal_voided') AND t.key NOT LIKE 'promotion:%'
         GROUP BY t.transfer_id) x
 WHERE cardinality(owners) <> 1 OR payload <> sha256(convert_to(CASE kind
       WHEN 'grant' THEN format('["grant","%s","%s"]', owners[1], right(key, 10))
       WHEN 'buy_in' THEN format('["buy_in","%s",%s,"%s",%s%s]', owners[1], at_table, session,
            amount, CASE currency WHEN 'PLAY' THEN '' ELSE ',"' || currency || '"' END)
       WHEN 'cash_out' THEN format('["cash_out","%s",%s,"%s"]', owners[1], at_table, session)
       ELSE format('["%s","%s",%s%s]', split_part(kind, '_', 1), owners[1],
            CASE WHEN key LIKE 'seamless:%' THEN '' ELSE '"' || currency || '",' END, amount)
       END, 'UTF8'));

-- name: heads()
SELECT chain, links, hash FROM wallet.chains WHERE links > 0 ORDER BY chain;

-- name: links_at(chains, numbers)
SELECT p.chain, p.number, l.hash
  FROM unnest(:chains::integer[], :numbers::bigint[]) AS p (chain, number)
  LEFT JOIN wallet.links l USING (chain, number);

-- name: count_links()$
SELECT count(*) FROM wallet.links;
