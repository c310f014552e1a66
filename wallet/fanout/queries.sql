-- name: lines(accounts)$
-- What players' accounts hold now, forty bytes each: see lines.py. A join, because the planner may
-- take a long "= ANY" of a parameter for a reason to read the whole table.
SELECT string_agg(uuid_send(owner) || int8send(account_id) || int8send(balance)
                  || int8send(version), ''::bytea)
  FROM unnest(cast(cast(:accounts AS text) AS bigint[])) AS n (account_id)
  JOIN wallet.accounts USING (account_id)
 WHERE owner IS NOT NULL;

-- name: untold(count)
-- Single operations that nobody has told of, the oldest of each chain.
SELECT c.chain, l.number, l.accounts
  FROM wallet.chains c LEFT JOIN wallet.published p USING (chain)
 CROSS JOIN LATERAL (
    SELECT number, accounts FROM wallet.links
     WHERE chain = c.chain AND number > coalesce(p.number, 0) ORDER BY number LIMIT :count
 ) l
 WHERE c.chain < 0 AND c.links > coalesce(p.number, 0)
 ORDER BY c.chain, l.number;

-- name: left_behind(age_s, count)
-- Chains that nobody is telling of any more, and where they end: batches whose settler died, and
-- more single operations than one round tells of.
SELECT c.chain, coalesce(p.number, 0) + 1 AS first, c.links AS last
  FROM wallet.chains c LEFT JOIN wallet.published p USING (chain)
  JOIN wallet.links l ON l.chain = c.chain AND l.number = coalesce(p.number, 0) + 1
 WHERE (c.chain >= 0 AND l.at <= clock_timestamp() - make_interval(secs => :age_s))
    OR (c.chain < 0 AND c.links > coalesce(p.number, 0) + :count)
 ORDER BY c.chain;

-- name: mark(chains, firsts, lasts)$
SELECT wallet.mark_published(:chains, :firsts, :lasts);

-- name: holdings(players)
-- Every account of these players that can still change, and how often the others did.
SELECT owner, account_id, kind = 'wallet' AS free, balance, version, currency
  FROM wallet.accounts
 WHERE owner = ANY (:players) AND NOT closed
UNION ALL
SELECT owner, 0, false, 0, sum(version)::bigint, currency
  FROM wallet.accounts
 WHERE owner = ANY (:players) AND closed
 GROUP BY owner, currency;
