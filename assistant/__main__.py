"""Runs the `assistant` command, also as `python -m assistant`."""

from assistant.process import begin


def main() -> None:
    """Runs the command that the arguments name, and ends the process."""
    begin()
    from assistant.cli import main as run  # what is loaded here takes most of a second

    run()


if __name__ == "__main__":
    main()
