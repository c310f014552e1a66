-- name: begin(key, payload, kind, owner, currency, amount, provider, expires_s)$
SELECT wallet.begin_payment(:key, :payload, :kind, :owner, :currency, :amount, :provider,
                            now() + :expires_s * interval '1 second');

-- name: decide(key, state, by, why, reference)$
SELECT wallet.decide_payment(:key, :state, :by, :why, :reference);

-- name: payment(key)^
SELECT payment_id, key, kind, player, currency, amount, provider, state, reference, why,
       decided_by, begun_at, expires_at, decided_at
  FROM wallet.payments WHERE key = :key;

-- name: payments(player, before, count)
SELECT payment_id, key, kind, player, currency, amount, provider, state, reference, why,
       decided_by, begun_at, expires_at, decided_at
  FROM wallet.payments WHERE player = :player AND payment_id < :before
 ORDER BY payment_id DESC LIMIT :count;

-- name: pending(before, count)
SELECT payment_id, key, kind, player, currency, amount, provider, state, reference, why,
       decided_by, begun_at, expires_at, decided_at
  FROM wallet.payments WHERE state = 'pending' AND payment_id < :before
 ORDER BY payment_id DESC LIMIT :count;

-- name: waiting(player, kind)$
SELECT count(*) FROM wallet.payments
 WHERE player = :player AND kind = :kind AND state = 'pending';

-- name: due(provider, after, count)
SELECT payment_id, key, kind, player, currency, amount, provider, state, reference, why,
       decided_by, begun_at, expires_at, decided_at
  FROM wallet.payments WHERE state = 'pending' AND expires_at <= now() AND provider = :provider AND payment_id > :after
 ORDER BY payment_id LIMIT :count;
