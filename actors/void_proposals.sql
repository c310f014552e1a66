-- name: propose(table_id, hand, reason, proposer_id, proposer, proposed_at, expires_at)$
INSERT INTO actors.void_proposals
    (table_id, hand, reason, proposer_id, proposer, proposed_at, expires_at)
VALUES (:table_id, :hand, :reason, :proposer_id, :proposer, :proposed_at, :expires_at)
RETURNING proposal_id;

-- name: proposals(count)
SELECT * FROM actors.void_proposals ORDER BY proposal_id DESC LIMIT :count;

-- name: proposal(proposal_id)^
SELECT * FROM actors.void_proposals WHERE proposal_id = :proposal_id;

-- name: decide(proposal_id, state, decider_id, decided_by, now)^
-- The row lock decides between two at once; nobody agrees with himself.
UPDATE actors.void_proposals
   SET state = :state, decider_id = :decider_id, decided_by = :decided_by
 WHERE proposal_id = :proposal_id AND state = 'open' AND expires_at > :now
   AND (:state = 'rejected' OR proposer_id <> :decider_id)
RETURNING *;

-- name: note_outcome(proposal_id, outcome)!
UPDATE actors.void_proposals SET outcome = :outcome WHERE proposal_id = :proposal_id;
