-- The seed each hand was dealt from: with it every proof of the hand can be made again. It shows
-- every card, as the events beside it do; nothing of a hand in play is here.
ALTER TABLE actors.hands ADD COLUMN seed bytea CHECK (octet_length(seed) = 32);
