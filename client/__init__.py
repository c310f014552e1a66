"""The Python SDK, the bots and the terminal player."""

from client.api import Api
from client.errors import ApiError, RefusedError, TableClosed
from client.sdk import Client
from client.state import TableState
from client.table import Table

__all__ = ["Api", "ApiError", "Client", "RefusedError", "Table", "TableClosed", "TableState"]
