"""The edge: HAProxy before everything, which forwards each ticket to the table that it names."""
