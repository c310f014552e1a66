"""Hours under load: nothing may grow."""
