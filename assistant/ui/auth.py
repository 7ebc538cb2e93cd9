"""Reads the names and passwords of the people who may use the page."""

from __future__ import annotations

from pathlib import Path

from assistant import SettingsError


def read(pair: str | None, file: Path | None) -> list[tuple[str, str]]:
    """Names and passwords from `name:password` and from the lines of a file; `#` starts a comment line there.

    Raises SettingsError, without repeating a password, for a line without a name or a password.
    """
    lines = [("--auth", pair)] if pair else []
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"the password file {file} cannot be read ({error}); check --auth-file") from error
        rows = [(f"{file}, line {i}", row.strip()) for i, row in enumerate(text.splitlines(), 1)]
        lines += [(where, row) for where, row in rows if row and not row.startswith("#")]
        if not lines:
            raise SettingsError(f"the password file {file} is empty; write a line `name:password` for each user")
    pairs = []
    for where, line in lines:
        name, colon, password = line.partition(":")
        if not (name and colon and password):
            raise SettingsError(f"{where}: expected `name:password`, with neither part empty")
        pairs.append((name, password))
    return pairs
