"""Composition root: settings, command line and the Serve deployments."""
