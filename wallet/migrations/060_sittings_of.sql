-- A player looks through his sittings.
CREATE INDEX sittings_of ON wallet.sittings (player, began_at DESC, session DESC);
