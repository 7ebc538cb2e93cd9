"""Runs the `assistant` command as `python -m assistant`."""

from assistant.cli import main

main()
