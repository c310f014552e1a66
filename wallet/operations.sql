-- name: propose(key, payload, kind, player, currency, amount, reverses, reason, by)^
SELECT code, id FROM wallet.propose(:key, :payload, :kind, :player, :currency, :amount, :reverses,
                                    :reason, :by);

-- name: decide(id, approve, by, remark)$
SELECT wallet.decide(:id, :approve, :by, :remark);

-- name: operations(open_only, player, before, count)
SELECT operation_id, kind, player, currency, amount, reverses, reason, proposer, proposed_at, state,
       decided_by, decided_at, remark, result
  FROM wallet.operations
 WHERE operation_id < :before AND (NOT :open_only OR state = 'proposed')
   AND (:player::uuid IS NULL OR player = :player)
 ORDER BY operation_id DESC LIMIT :count;
