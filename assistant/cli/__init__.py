"""The command line: a thin face on the public names. Results go to stdout, progress and messages to stderr.

One file per group of commands; each registers its commands on `app` when it is imported.
"""

from assistant.cli import answers, library, models, questions, serving
from assistant.cli.app import app, main

__all__ = ["answers", "app", "library", "main", "models", "questions", "serving"]
