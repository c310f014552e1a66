-- What the detectors found in the record of hands, for people to look at. Nothing here bans anybody.
CREATE TABLE actors.findings (
    finding_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL,
    players    uuid[] NOT NULL,
    score      int NOT NULL CHECK (score BETWEEN 0 AND 100),
    evidence   jsonb NOT NULL,
    since      timestamptz NOT NULL,
    until      timestamptz NOT NULL,
    found_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'dismissed', 'confirmed')),
    decided_by text,
    remark     text,
    CHECK ((state = 'open') = (decided_by IS NULL))
);
-- One open finding for the same people and kind: a later run brings it up to date.
CREATE UNIQUE INDEX findings_open ON actors.findings (kind, players) WHERE state = 'open';
CREATE INDEX findings_by_state ON actors.findings (state, score DESC);
GRANT SELECT, INSERT ON actors.findings TO squaredeal_app;
GRANT UPDATE (score, evidence, since, until, found_at, state, decided_by, remark)
    ON actors.findings TO squaredeal_app;

-- Nights (days since 1970, UTC) that were looked at.
CREATE TABLE actors.findings_runs (
    day      int PRIMARY KEY,
    hands    bigint NOT NULL,
    found    int NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT, INSERT ON actors.findings_runs TO squaredeal_app;
GRANT UPDATE (hands, found, ended_at) ON actors.findings_runs TO squaredeal_app;
