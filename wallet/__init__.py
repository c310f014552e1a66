"""The ledger: every chip, in double entry."""
