"""Other servers for the six-seat workload, a floor in C, and the generators that drive them all."""
