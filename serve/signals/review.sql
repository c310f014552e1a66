-- name: add_finding(kind, players, score, evidence, since, until)!
INSERT INTO actors.findings (kind, players, score, evidence, since, until)
VALUES (:kind, :players, :score, :evidence, :since, :until)
ON CONFLICT (kind, players) WHERE state = 'open' DO UPDATE
SET score = excluded.score, evidence = excluded.evidence, since = excluded.since,
    until = excluded.until, found_at = clock_timestamp();

-- name: list_findings(state, before, count)
SELECT finding_id, kind, players, score, evidence::text AS evidence, since, until, found_at, state,
       decided_by, remark
FROM actors.findings
WHERE (:state::text IS NULL OR state = :state) AND finding_id < :before
ORDER BY finding_id DESC LIMIT :count;

-- name: decide_finding(id, state, by, remark)^
UPDATE actors.findings SET state = :state, decided_by = :by, remark = :remark
WHERE finding_id = :id AND state = 'open'
RETURNING finding_id;

-- name: finding_exists(id)$
SELECT EXISTS (SELECT FROM actors.findings WHERE finding_id = :id);

-- name: try_turn(day)$
-- One replica looks a night.
SELECT pg_try_advisory_xact_lock(hashtext('signals'), :day)
   AND NOT EXISTS (SELECT FROM actors.findings_runs WHERE day = :day);

-- name: note_run(day, hands, found)!
INSERT INTO actors.findings_runs (day, hands, found) VALUES (:day, :hands, :found)
ON CONFLICT (day) DO UPDATE SET hands = excluded.hands, found = excluded.found,
                                ended_at = clock_timestamp();

-- name: logins(since)
SELECT DISTINCT account, address, device FROM auth.sessions WHERE created_at >= :since;
