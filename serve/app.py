"""What Ray Serve imports, from a config file of Serve's or a RayService of KubeRay:

applications:
  - name: squaredeal
    import_path: serve.app:build
    args: {config: /etc/squaredeal/settings.toml}
"""

from pathlib import Path

from pydantic import BaseModel
from ray.serve import Application

from serve.cluster import application
from serve.compose import compose_given
from serve.settings import read_settings


class Args(BaseModel):
    """``config`` is the file of settings, there on every node of the cluster."""

    config: Path


def build(args: Args) -> Application:
    """Everything over stores, keys and secrets that are there. Raises SettingWrong."""
    return application(compose_given(read_settings([], args.config, "serve.app:build")))
