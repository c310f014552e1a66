"""The terminal player: ``squaredeal play``."""

from client.terminal.app import run

__all__ = ["run"]
