"""No-limit Texas hold'em, cash game, 2 to 10 seats."""
