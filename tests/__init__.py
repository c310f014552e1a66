"""What shows that it works: against real parts wherever they can be had."""

import os

# Before Ray is imported. Otherwise whoever asks it anything without a cluster starts one, which
# lives, and works, as long as the tests.
os.environ["RAY_ENABLE_AUTO_CONNECT"] = "0"
