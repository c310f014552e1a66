-- name: append_audit(who, address, act, asked, outcome_of, outcome, answer, state)$
SELECT auth.append_audit(:who, :address, :act, :asked, :outcome_of, :outcome, :answer, :state);

-- name: search_audit(who, act, since, until, before, count)
SELECT a.number, a.at, a.who, a.address, a.act, a.asked, o.outcome, o.answer,
       a.state AS before, o.state AS after
FROM auth.audit a LEFT JOIN auth.audit o ON o.outcome_of = a.number
WHERE a.outcome_of IS NULL
  AND (:who::text IS NULL OR a.who = :who)
  AND (:act::text IS NULL OR strpos(a.act, :act) > 0)
  AND (:since::timestamptz IS NULL OR a.at >= :since)
  AND (:until::timestamptz IS NULL OR a.at < :until)
  AND (:before::bigint IS NULL OR a.number < :before)
ORDER BY a.number DESC LIMIT :count;

-- name: audit_end()^
SELECT number, hash FROM auth.audit ORDER BY number DESC LIMIT 1;

-- name: read_audit(after, count)
SELECT number, at, who, address, act, asked, outcome_of, outcome, answer, hash, state
FROM auth.audit WHERE number > :after ORDER BY number LIMIT :count;
