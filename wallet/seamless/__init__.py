"""Seamless wallet: the operator keeps the players' money, our ledger has it while it is in play."""
