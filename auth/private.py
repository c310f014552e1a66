"""Which files are private enough for a key."""

import os
from pathlib import Path
from typing import Final

OURS: Final = 0o600
MOUNTED: Final = 0o640
"""Of root, for a process that is not: secrets are mounted so, readable by its group. PostgreSQL has
the same rule for its own key file."""


def is_private(path: Path) -> bool:
    """Whether others can't read it: only its owner, or root and our group. Raises OSError."""
    stat = path.stat()
    allowed = MOUNTED if stat.st_uid == 0 and os.geteuid() != 0 else OURS
    return not stat.st_mode & 0o777 & ~allowed
