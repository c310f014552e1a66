"""What crosses the socket: frames, codec, limits and codes."""
