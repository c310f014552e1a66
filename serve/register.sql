-- name: known()
-- Every table that was ever opened here, whether it is wanted, and the chips at it.
SELECT t.table_id, t.wanted, t.spec::text AS spec,
       (SELECT coalesce(sum(a.balance), 0)::bigint FROM wallet.accounts a
         WHERE a.table_id = t.table_id AND a.kind = 'stake' AND NOT a.closed) AS at_stake
  FROM actors.tables t ORDER BY t.table_id;

-- name: set_wanted(table_id, wanted)!
UPDATE actors.tables SET wanted = :wanted WHERE table_id = :table_id;

-- name: note_action(operator, approver, action, target, hand, reason, outcome)!
INSERT INTO actors.operator_actions (operator, approver, action, target, hand, reason, outcome)
VALUES (:operator, :approver, :action, :target, :hand, :reason, :outcome);

-- name: drained()
-- Actors and nodes that an operator wants empty, whatever came of it.
SELECT DISTINCT target FROM actors.operator_actions WHERE action = 'drain';

-- name: interrupted(nobody)
-- Hands that were dealt and neither settled nor voided, at tables that nobody serves now.
SELECT t.table_id, d.hand, d.at, t.epoch, t.lease_until
  FROM actors.tables t
  JOIN LATERAL (SELECT hand, at FROM actors.journal j
                 WHERE j.table_id = t.table_id AND j.kind = 'Deal'
                 ORDER BY seq DESC LIMIT 1) d ON true
 WHERE (:nobody OR t.lease_until < clock_timestamp())
   AND NOT EXISTS (SELECT 1 FROM actors.hands h
                    WHERE h.table_id = t.table_id AND h.hand = d.hand)
   AND NOT EXISTS (SELECT 1 FROM wallet.transfers w
                    WHERE w.key = 'hand:' || t.table_id || ':' || d.hand)
 ORDER BY t.table_id;

-- name: stakes_without_owner(nobody)
-- Chips in escrow at tables that nobody serves now.
SELECT a.table_id, a.owner, a.session, a.balance, a.opened_at,
       coalesce((SELECT n.name FROM auth.accounts n WHERE n.id = a.owner), '') AS name
  FROM wallet.accounts a LEFT JOIN actors.tables t USING (table_id)
 WHERE a.kind = 'stake' AND NOT a.closed
   AND (:nobody OR t.table_id IS NULL OR t.lease_until < clock_timestamp())
 ORDER BY a.table_id, a.account_id;

-- name: newest_form()$
SELECT coalesce(max(form), 0) FROM actors.tables;
