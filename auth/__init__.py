"""Accounts, passwords, tokens, sessions and seat tickets."""
