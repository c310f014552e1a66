"""The Python SDK, the bots and the terminal player."""
