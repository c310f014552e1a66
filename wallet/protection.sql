-- name: limits(player)
SELECT l.kind, l.span, l.currency, l.set_by, l.amount,
       CASE WHEN w.next_at > now() THEN w.next_amount END,
       CASE WHEN w.next_at > now() THEN w.next_at END
  FROM wallet.limits_at(:player, now()) l
  JOIN wallet.limits w ON (w.player, w.kind, w.span, w.currency, w.set_by)
                          = (:player, l.kind, l.span, l.currency, l.set_by)
 WHERE l.amount IS NOT NULL OR w.next_at > now()
 ORDER BY 1, 2, 3, 4;

-- name: rooms(player, currency)
SELECT limit_name, room, until
  FROM wallet.room(:player, :currency, ARRAY['deposit', 'buy_in', 'loss'], now())
 ORDER BY limit_name;

-- name: state(player)^
SELECT excluded_as, coalesce(excluded_until > now(), false) AS excluded,
       CASE WHEN excluded_until > now() THEN nullif(excluded_until, 'infinity') END
           AS excluded_until,
       CASE WHEN EXISTS (SELECT 1 FROM wallet.sittings s
                          WHERE s.player = p.player AND s.ended_at IS NULL)
            THEN (SELECT p.playing_since + min(amount) * interval '1 second'
                    FROM wallet.limits_at(:player, now()) WHERE kind = 'session') END AS play_until
  FROM wallet.players p WHERE player = :player;

-- name: set_limit(player, kind, span, currency, by, who, reason, amount)$
SELECT wallet.set_limit(:player, :kind, :span, :currency, :by, :who, :reason, :amount);

-- name: exclude(player, kind, by, who, reason, seconds)$
SELECT nullif(
    wallet.exclude(:player, :kind, :by, :who, :reason,
                   coalesce(clock_timestamp() + :seconds::float8 * interval '1 second',
                            'infinity')),
    'infinity');

-- name: barred(tables)
SELECT table_id, player FROM wallet.barred(:tables);
