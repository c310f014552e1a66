"""The Ray actors that hold the tables, and the machine inside them."""
