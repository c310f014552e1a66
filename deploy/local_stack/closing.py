"""Close the tables of a running cluster: hands in play may end, then every stake goes home."""

import logging
import sys
from pathlib import Path

import ray

from serve.cluster import close_tables
from serve.runtime import NAMESPACE
from serve.settings import read_settings


def main(config: Path) -> None:
    settings = read_settings([], config, "closing")
    ray.init(address="auto", namespace=NAMESPACE, log_to_driver=False, logging_level=logging.ERROR)
    close_tables(settings.drain_seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
