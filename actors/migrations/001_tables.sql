-- Tables and their finished hands. The epoch grows with every activation of a table.
CREATE TABLE actors.tables (
    table_id  text PRIMARY KEY,
    epoch     bigint NOT NULL DEFAULT 1 CHECK (epoch > 0),
    last_hand bigint NOT NULL DEFAULT 0 CHECK (last_hand >= 0),
    address   text NOT NULL DEFAULT '',
    opened_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE actors.hands (
    hand_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_id text NOT NULL REFERENCES actors.tables,
    hand     bigint NOT NULL,
    epoch    bigint NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT now(),
    events   jsonb NOT NULL,
    UNIQUE (table_id, hand)
);

CREATE TABLE actors.hand_players (
    player_id uuid NOT NULL,
    hand_id   bigint NOT NULL REFERENCES actors.hands,
    seat      integer NOT NULL,
    name      text NOT NULL,
    PRIMARY KEY (player_id, hand_id)
);
CREATE INDEX ON actors.hand_players (hand_id);

GRANT USAGE ON SCHEMA actors TO squaredeal_app;
GRANT SELECT, INSERT, UPDATE ON actors.tables TO squaredeal_app;
GRANT SELECT, INSERT ON actors.hands, actors.hand_players TO squaredeal_app;
