"""Real hold'em tables on real stores and sockets, and many players for them."""
