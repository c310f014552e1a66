"""Pure rules: no clock, no chance, no I/O. Time and the deck's seed arrive as arguments."""
