"""The command line, a thin layer over the public API. Results go to stdout, progress and messages to stderr.

Each file holds one group of commands and registers them on `app` when it is imported.
"""

from assistant.cli import answers, checking, finding, following, library, models, questions, serving, tables, watches
from assistant.cli.app import app, main

__all__ = [
    "answers",
    "app",
    "checking",
    "finding",
    "following",
    "library",
    "main",
    "models",
    "questions",
    "serving",
    "tables",
    "watches",
]
