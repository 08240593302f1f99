"""The commands: one module each, with a click command `command` that returns the exit code."""
