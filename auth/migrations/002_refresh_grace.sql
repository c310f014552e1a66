-- A refresh whose answer was lost may be repeated: the token must be known that came of the first.

-- The digest of the token that was traded for this one; none for the first of a session.
ALTER TABLE auth.refresh_tokens ADD COLUMN replaces bytea CHECK (length(replaces) = 32);

-- However often a token is traded, one living token comes of it.
CREATE UNIQUE INDEX refresh_tokens_living_successor ON auth.refresh_tokens (replaces)
WHERE used_at IS NULL;
