"""Runs the `assistant` command as `python -m assistant.cli`."""

from assistant.cli import main

main()
