"""The core from a command line: one file a command."""
