-- name: bind(player, operator_player, currency, token)$
SELECT wallet.seamless_bind(:player, :operator_player, :currency, :token);

-- name: player(player)^
SELECT operator_player, currency, token FROM wallet.seamless_player(:player);

-- name: begin(key, uuid, kind, player, table_id, session, epoch, amount, holder, now, until)$
SELECT wallet.seamless_begin(
    :key, :uuid, :kind, :player, :table_id, :session, :epoch, :amount, :holder, :now, :until);

-- name: read(key)^
SELECT * FROM wallet.seamless_transactions WHERE key = :key;

-- name: attempt(key, state, holder, until)$
SELECT wallet.seamless_attempt(:key, :state, :holder, :until);

-- name: advance(key, before, after, holder, result, amount, answer, now, until)$
SELECT wallet.seamless_advance(
    :key, :before, :after, :holder, :result, :amount, :answer, :now, :until);

-- name: delay(key, state, holder, answer, until)$
SELECT wallet.seamless_delay(:key, :state, :holder, :answer, :until);

-- name: claim(holder, now, orphans_before, until, count)
SELECT * FROM wallet.seamless_claim(:holder, :now, :orphans_before, :until, :count);

-- name: strays(count)
SELECT key, player, table_id, session FROM wallet.seamless_strays(:count);

-- name: outstanding()
SELECT kind, state, count(*) AS transactions, coalesce(sum(amount), 0)::bigint AS amount,
       min(started_at) AS oldest
  FROM wallet.seamless_transactions WHERE due_at IS NOT NULL
 GROUP BY kind, state ORDER BY kind, state;

-- name: deposit(key, payload, owner, amount)$
SELECT wallet.seamless_deposit(:key, :payload, :owner, :amount);

-- name: withdraw(key, payload, owner, amount)$
SELECT wallet.seamless_withdraw(:key, :payload, :owner, :amount);
