-- name: add_account(id, name, kind, password_hash, now)^
-- No row when the name is taken.
INSERT INTO auth.accounts (id, name, kind, password_hash, created_at)
VALUES (:id, :name, :kind, :password_hash, :now)
ON CONFLICT DO NOTHING
RETURNING id, name, kind, password_hash, disabled_at;

-- name: account_by_name(name)^
SELECT id, name, kind, password_hash, disabled_at
FROM auth.accounts
WHERE lower(name COLLATE "C") = lower(:name COLLATE "C");

-- name: set_password_hash(new_hash, id, old_hash)!
-- Only over the hash that was verified, so that a change of password in between wins.
UPDATE auth.accounts SET password_hash = :new_hash
WHERE id = :id AND password_hash = :old_hash;

-- name: has_password(id, password_hash)^
-- FOR SHARE makes this and a change of password take turns.
SELECT id FROM auth.accounts WHERE id = :id AND password_hash = :password_hash FOR SHARE;

-- name: disable_account(now, id)!
UPDATE auth.accounts SET disabled_at = coalesce(disabled_at, :now) WHERE id = :id;

-- name: add_session(id, address, device, now, expires_at, account)^
-- FOR SHARE makes this and closing or banning the account take turns; no row when it is.
INSERT INTO auth.sessions (id, account, address, device, created_at, expires_at, proved_at)
SELECT :id, a.id, :address, :device, :now, :expires_at, :now
FROM auth.accounts a
WHERE a.id = :account AND a.disabled_at IS NULL
  AND (a.banned_at IS NULL OR a.banned_until <= :now) FOR SHARE
RETURNING id;

-- name: keep_session(id, account, address, now, expires_at)!
INSERT INTO auth.sessions (id, account, address, created_at, expires_at)
VALUES (:id, :account, :address, :now, :expires_at)
ON CONFLICT (id) DO UPDATE
SET expires_at = excluded.expires_at, revoked_at = NULL, revoked_why = NULL;

-- name: add_refresh_token(digest, session, now, expires_at, replaces)!
INSERT INTO auth.refresh_tokens (digest, session, created_at, expires_at, replaces)
VALUES (:digest, :session, :now, :expires_at, :replaces);

-- name: use_refresh_token(now, digest)^
-- The row lock decides between two uses at once: the second finds used_at set and gets no row.
UPDATE auth.refresh_tokens SET used_at = :now
WHERE digest = :digest AND used_at IS NULL AND expires_at > :now
RETURNING session;

-- name: used_refresh_token(digest, now)^
-- FOR UPDATE makes repeats take turns, so that each sees the successor the one before it made.
SELECT session, used_at FROM auth.refresh_tokens
WHERE digest = :digest AND used_at IS NOT NULL AND expires_at > :now FOR UPDATE;

-- name: use_up_successor(now, digest)^
-- No row when it was used. Used up, it has no successor, so nothing excuses its use from now on.
UPDATE auth.refresh_tokens SET used_at = :now
WHERE replaces = :digest AND used_at IS NULL
RETURNING digest;

-- name: live_session(sid, now)^
SELECT s.id AS sid, s.expires_at, a.id, a.name, a.kind, a.password_hash, a.disabled_at
FROM auth.sessions s JOIN auth.accounts a ON a.id = s.account
WHERE s.id = :sid AND s.revoked_at IS NULL AND s.expires_at > :now;

-- name: revoke_session(now, why, sid)^
UPDATE auth.sessions SET revoked_at = :now, revoked_why = :why
WHERE id = :sid AND revoked_at IS NULL
RETURNING id;

-- name: revoke_sessions_of(now, why, account)
UPDATE auth.sessions SET revoked_at = :now, revoked_why = :why
WHERE account = :account AND revoked_at IS NULL AND expires_at > :now
RETURNING id;

-- name: ended_sessions(sids, now)
SELECT id FROM auth.sessions
WHERE id = ANY(:sids::uuid[]) AND (revoked_at IS NOT NULL OR expires_at <= :now);

-- name: sweep_refresh_tokens(now)!
DELETE FROM auth.refresh_tokens WHERE expires_at <= :now;

-- name: sweep_sessions(now)!
DELETE FROM auth.sessions WHERE expires_at <= :now;

-- name: account_by_id(id)^
SELECT id, name, kind, password_hash, disabled_at FROM auth.accounts WHERE id = :id;

-- name: add_launch(digest, request, account, now, expires_at)^
-- No row when the request has been here.
INSERT INTO auth.launches (digest, request, account, created_at, expires_at)
VALUES (:digest, :request, :account, :now, :expires_at)
ON CONFLICT DO NOTHING
RETURNING request;

-- name: use_launch(digest, now)^
-- The row lock decides between two uses at once.
UPDATE auth.launches l SET used_at = :now FROM auth.accounts a
WHERE l.digest = :digest AND l.used_at IS NULL AND l.expires_at > :now AND a.id = l.account
RETURNING a.id, a.name, a.kind, a.password_hash, a.disabled_at;

-- name: sweep_launches(before)!
DELETE FROM auth.launches WHERE expires_at <= :before;

-- name: readable()$
SELECT count(*) >= 0 FROM (SELECT 1 FROM auth.accounts LIMIT 1) AS any_account;

-- name: roles_of(account)
-- None of a closed account.
SELECT r.role FROM auth.roles r JOIN auth.accounts a ON a.id = r.account
WHERE r.account = :account AND a.disabled_at IS NULL;

-- name: all_roles()
SELECT a.name, r.role, r.granted_by, r.granted_at
FROM auth.roles r JOIN auth.accounts a ON a.id = r.account
ORDER BY a.name, r.role;

-- name: grant_role(name, role, by)$
SELECT auth.grant_role(:name, :role, :by);

-- name: revoke_role(name, role)$
SELECT auth.revoke_role(:name, :role);

-- name: lock_person(id)$
-- Of players and guests; house bots are the house's.
SELECT id FROM auth.accounts WHERE id = :id AND kind <> 'bot' FOR UPDATE;

-- name: has_role(account)$
SELECT EXISTS (SELECT FROM auth.roles WHERE account = :account);

-- name: ban_account(id, now, until, reason)^
-- What was before.
UPDATE auth.accounts a SET banned_at = :now, banned_until = :until, ban_reason = :reason
FROM auth.accounts b WHERE a.id = :id AND b.id = a.id
RETURNING b.banned_at, b.banned_until, b.ban_reason;

-- name: lift_ban(id)^
UPDATE auth.accounts a SET banned_at = NULL, banned_until = NULL, ban_reason = NULL
FROM (SELECT id, banned_at, banned_until, ban_reason FROM auth.accounts WHERE id = :id FOR UPDATE) b
WHERE a.id = b.id
RETURNING b.banned_at, b.banned_until, b.ban_reason;

-- name: keep_away(account, table, until, reason, sooner)!
-- One that ends sooner than the present one replaces it only if ``sooner``.
INSERT INTO auth.table_bans AS b (account, table_name, until, reason)
VALUES (:account, :table, :until, :reason)
ON CONFLICT (account, table_name) DO UPDATE SET until = excluded.until, reason = excluded.reason
WHERE :sooner OR b.until < excluded.until;

-- name: kept_away(account, table, now)$
SELECT until FROM auth.table_bans
WHERE account = :account AND table_name = :table AND until > :now;

-- name: sweep_table_bans(now)!
DELETE FROM auth.table_bans WHERE until <= :now;

-- name: sessions_of(account, now)
-- Those that live, with the instant of their last token.
SELECT s.id, s.device, s.address, s.created_at, s.expires_at,
       (SELECT max(t.created_at) FROM auth.refresh_tokens t WHERE t.session = s.id) AS used_at
FROM auth.sessions s
WHERE s.account = :account AND s.revoked_at IS NULL AND s.expires_at > :now
ORDER BY s.created_at DESC, s.id LIMIT 200;

-- name: revoke_own_session(now, sid, account)^
UPDATE auth.sessions SET revoked_at = :now, revoked_why = 'elsewhere'
WHERE id = :sid AND account = :account AND revoked_at IS NULL
RETURNING id;

-- name: find_players(prefix, count)
SELECT id, name, kind, created_at, disabled_at IS NOT NULL AS closed, banned_at, banned_until,
       ban_reason
FROM auth.accounts
WHERE kind <> 'bot' AND lower(name COLLATE "C") LIKE :prefix
ORDER BY lower(name COLLATE "C") LIMIT :count;

-- name: person(id)^
SELECT id, name, kind, created_at, disabled_at IS NOT NULL AS closed, banned_at, banned_until,
       ban_reason
FROM auth.accounts WHERE kind <> 'bot' AND id = :id;

-- name: factor(account)^
-- FOR UPDATE: two uses of one code take turns.
SELECT sealed, confirmed_at FROM auth.second_factors WHERE account = :account FOR UPDATE;

-- name: factor_state(account)^
SELECT EXISTS (SELECT FROM auth.second_factors
               WHERE account = :account AND confirmed_at IS NOT NULL) AS "on",
       (SELECT count(*) FROM auth.recovery_codes
        WHERE account = :account AND used_at IS NULL) AS codes;

-- name: enrol_factor(account, sealed, now)^
-- No row when one is in force.
INSERT INTO auth.second_factors AS f (account, sealed, made_at) VALUES (:account, :sealed, :now)
ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, made_at = excluded.made_at
WHERE f.confirmed_at IS NULL
RETURNING account;

-- name: confirm_factor(account, now, step)!
UPDATE auth.second_factors SET confirmed_at = :now, last_step = :step WHERE account = :account;

-- name: add_recovery_codes(account, digests)!
INSERT INTO auth.recovery_codes (account, digest) SELECT :account, unnest(:digests::bytea[]);

-- name: take_step(account, step)^
UPDATE auth.second_factors SET last_step = :step
WHERE account = :account AND last_step < :step
RETURNING account;

-- name: take_recovery_code(account, digest, now)^
UPDATE auth.recovery_codes SET used_at = :now
WHERE account = :account AND digest = :digest AND used_at IS NULL
RETURNING account;

-- name: remove_recovery_codes(account)!
DELETE FROM auth.recovery_codes WHERE account = :account;

-- name: remove_factor(account)!
DELETE FROM auth.second_factors WHERE account = :account;

-- name: prove_session(sid, now)!
UPDATE auth.sessions SET proved_at = :now WHERE id = :sid;

-- name: session_proved_at(sid)$
SELECT proved_at FROM auth.sessions WHERE id = :sid;

-- name: upgrade_guest(id, name, password_hash)^
-- No row when he is no guest.
SELECT id, name, kind, password_hash, disabled_at
FROM auth.upgrade_guest(:id, :name, :password_hash);

-- name: verify_email(id, email, now)^
-- What he had before. Of players only: guests become players first.
UPDATE auth.accounts a SET email = :email, email_verified_at = :now
FROM auth.accounts b
WHERE a.id = :id AND b.id = a.id AND a.kind = 'player' AND a.disabled_at IS NULL
RETURNING b.email AS before, a.name;

-- name: account_by_email(email)^
SELECT id, name, kind, password_hash, disabled_at, email FROM auth.accounts
WHERE lower(email) = lower(:email) AND email_verified_at IS NOT NULL AND disabled_at IS NULL;

-- name: email_of(id)^
SELECT email, email_verified_at FROM auth.accounts WHERE id = :id;

-- name: add_mail_token(digest, account, purpose, email, now, expires_at)!
INSERT INTO auth.mail_tokens (digest, account, purpose, email, created_at, expires_at)
VALUES (:digest, :account, :purpose, :email, :now, :expires_at);

-- name: use_mail_token(digest, purpose, now)^
-- The row lock decides between two uses at once.
UPDATE auth.mail_tokens SET used_at = :now
WHERE digest = :digest AND purpose = :purpose AND used_at IS NULL AND expires_at > :now
RETURNING account, email;

-- name: use_up_mail_tokens(account, purpose, now)!
UPDATE auth.mail_tokens SET used_at = :now
WHERE account = :account AND purpose = :purpose AND used_at IS NULL;

-- name: set_password(id, password_hash)^
UPDATE auth.accounts SET password_hash = :password_hash
WHERE id = :id AND kind = 'player' AND disabled_at IS NULL
RETURNING id, name, kind, password_hash, disabled_at;

-- name: sweep_mail_tokens(now)!
DELETE FROM auth.mail_tokens WHERE expires_at <= :now;

-- name: revoke_other_sessions(now, why, account, sid)
UPDATE auth.sessions SET revoked_at = :now, revoked_why = :why
WHERE account = :account AND id <> :sid AND revoked_at IS NULL AND expires_at > :now
RETURNING id;

-- name: use_once(digest, until)^
-- No row when it was used.
INSERT INTO auth.used_once (digest, expires_at) VALUES (:digest, :until)
ON CONFLICT DO NOTHING
RETURNING digest;

-- name: sweep_used_once(now)!
DELETE FROM auth.used_once WHERE expires_at <= :now;

-- name: passkeys_of(account)
SELECT id, name, created_at, used_at FROM auth.passkeys WHERE account = :account
ORDER BY created_at, id;

-- name: credentials_of(account)
SELECT credential FROM auth.passkeys WHERE account = :account;

-- name: count_passkeys(account)$
SELECT count(*) FROM auth.passkeys WHERE account = :account;

-- name: add_passkey(id, account, credential, public_key, sign_count, name, now)!
INSERT INTO auth.passkeys (id, account, credential, public_key, sign_count, name, created_at)
VALUES (:id, :account, :credential, :public_key, :sign_count, :name, :now);

-- name: rename_passkey(name, id, account)^
UPDATE auth.passkeys SET name = :name WHERE id = :id AND account = :account RETURNING id;

-- name: remove_passkey(id, account)^
DELETE FROM auth.passkeys WHERE id = :id AND account = :account RETURNING id;

-- name: passkey(credential)^
-- FOR UPDATE: two uses of one counter take turns.
SELECT id, account, public_key, sign_count FROM auth.passkeys
WHERE credential = :credential FOR UPDATE;

-- name: use_passkey(count, now, id)!
UPDATE auth.passkeys SET sign_count = :count, used_at = :now WHERE id = :id;

-- name: identity(issuer, subject)^
SELECT i.id AS identity, a.id, a.name, a.kind, a.password_hash, a.disabled_at
FROM auth.identities i JOIN auth.accounts a ON a.id = i.account
WHERE i.issuer = :issuer AND i.subject = :subject;

-- name: add_identity(id, account, provider, issuer, subject, now)^
-- No row when somebody has it.
INSERT INTO auth.identities (id, account, provider, issuer, subject, created_at)
VALUES (:id, :account, :provider, :issuer, :subject, :now)
ON CONFLICT (issuer, subject) DO NOTHING
RETURNING id;

-- name: use_identity(now, id)^
-- No row when it was removed.
UPDATE auth.identities SET used_at = :now WHERE id = :id RETURNING id;

-- name: identities_of(account)
SELECT id, provider, created_at, used_at FROM auth.identities WHERE account = :account
ORDER BY created_at, id;

-- name: remove_identity(id, account)^
DELETE FROM auth.identities WHERE id = :id AND account = :account RETURNING id;

-- name: has_way_in(account)$
SELECT a.password_hash IS NOT NULL
       OR EXISTS (SELECT FROM auth.passkeys p WHERE p.account = a.id)
       OR EXISTS (SELECT FROM auth.identities i WHERE i.account = a.id)
FROM auth.accounts a WHERE a.id = :account;

-- name: add_rescue(account, email, note, by, now)$
-- NULL when one waits.
INSERT INTO auth.rescues (account, email, note, proposer, proposed_at)
VALUES (:account, :email, :note, :by, :now)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: rescue(id)^
SELECT r.id, r.account, a.name, r.email, r.note, r.proposer, r.proposed_at, r.state
FROM auth.rescues r JOIN auth.accounts a ON a.id = r.account
WHERE r.id = :id FOR UPDATE OF r;

-- name: rescues(count)
SELECT r.id, r.account, a.name, r.email, r.note, r.proposer, r.proposed_at, r.state
FROM auth.rescues r JOIN auth.accounts a ON a.id = r.account
WHERE r.state = 'waiting' ORDER BY r.id LIMIT :count;

-- name: decide_rescue(state, by, now, id)!
UPDATE auth.rescues SET state = :state, decider = :by, decided_at = :now WHERE id = :id;

-- name: lock_money(until, id)!
UPDATE auth.accounts SET money_locked_until = :until WHERE id = :id;

-- name: money_locked_until(id)$
SELECT money_locked_until FROM auth.accounts WHERE id = :id FOR SHARE;

-- name: remove_passkeys(account)!
DELETE FROM auth.passkeys WHERE account = :account;

-- name: remove_identities(account)!
DELETE FROM auth.identities WHERE account = :account;

-- name: open_private_tables(host)$
SELECT count(*) FROM auth.private_tables WHERE host = :host AND closed_at IS NULL;

-- name: add_private_table(table, host, title, digest, now)!
INSERT INTO auth.private_tables (table_name, host, title, code_digest, opened_at)
VALUES (:table, :host, :title, :digest, :now);

-- name: private_tables_of(host)
SELECT table_name AS table, title, opened_at FROM auth.private_tables
WHERE host = :host AND closed_at IS NULL ORDER BY opened_at, table_name;

-- name: own_private_table(table, host)^
SELECT table_name FROM auth.private_tables
WHERE table_name = :table AND host = :host AND closed_at IS NULL;

-- name: private_table(table, account)^
SELECT t.host, t.code_digest, t.closed_at,
       EXISTS (SELECT FROM auth.private_guests g
                WHERE g.table_name = t.table_name AND g.account = :account) AS guest
FROM auth.private_tables t WHERE t.table_name = :table;

-- name: let_in(table, account)!
-- Not who has been sent away since he asked.
INSERT INTO auth.private_guests (table_name, account)
SELECT :table, cast(:account AS uuid)
 WHERE NOT EXISTS (SELECT FROM auth.table_bans
                    WHERE account = :account AND table_name = :table AND until > clock_timestamp())
ON CONFLICT DO NOTHING;

-- name: put_out(table, account)!
DELETE FROM auth.private_guests WHERE table_name = :table AND account = :account;

-- name: renew_code(digest, table)!
UPDATE auth.private_tables SET code_digest = :digest WHERE table_name = :table;

-- name: end_private_table(now, table)!
UPDATE auth.private_tables SET closed_at = coalesce(closed_at, :now) WHERE table_name = :table;
