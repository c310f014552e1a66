"""Signals of collusion and of bots in the record of hands: found, scored, looked at by a person."""
