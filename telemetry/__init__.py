"""What a process says of itself while it works: its log, and the traces that it takes part in."""
