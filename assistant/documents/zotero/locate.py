"""Finds Zotero's data folder: the one that a profile names, or the default of the platform."""

from __future__ import annotations

import configparser
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import DocumentError

DATABASE = "zotero.sqlite"
BETTER_BIBTEX = "better-bibtex.sqlite"
NAME = "zotero"
"""The source of the papers of this computer's own Zotero."""
_SCHEME = "zotero:"
_PREFERENCE = re.compile(r'^\s*user_pref\("extensions\.zotero\.(dataDir|useDataDir)",\s*(.+)\);\s*$', re.M)
_WHERE = "Zotero shows its folder under Settings, Advanced, Files and Folders"


def address(given: str) -> Path | None:
    """The database that `zotero:` or `zotero:FOLDER` stands for; None for any other path.

    Raises DocumentError where there is none, with the places that were searched.
    """
    if given[: len(_SCHEME)].lower() != _SCHEME:
        return None
    rest = given[len(_SCHEME) :]
    if not rest:
        return own_database()
    path = Path(rest).expanduser()
    database = path / DATABASE if path.is_dir() else path
    if not database.is_file():
        raise DocumentError(f"Cannot read '{given}': {database} does not exist; {_WHERE}.")
    return database


def own_database() -> Path:
    """The database of this computer's Zotero. Raises DocumentError where there is none."""
    searched = []
    for folder, chosen in _data_folders():
        if (database := folder / DATABASE).is_file():
            return database
        if chosen:
            # Another library must never stand in for one on a disk that is not connected.
            raise DocumentError(
                f"Cannot read '{_SCHEME}': Zotero keeps its data in {folder}, but {DATABASE} is not there; connect the "
                "disk that holds it, or name its folder, as in zotero:/path/to/Zotero."
            )
        searched.append(str(folder))
    raise DocumentError(
        f"Cannot read '{_SCHEME}': no Zotero library in {', '.join(dict.fromkeys(searched))}; name its folder, as in "
        f"zotero:/path/to/Zotero. {_WHERE}."
    )


def other_databases() -> list[Path]:
    """Further databases of this computer, such as those of other profiles."""
    found = [folder / DATABASE for folder, _ in _data_folders() if (folder / DATABASE).is_file()]
    return [path for path in dict.fromkeys(found) if not path.samefile(found[0])]


def source_name(database: Path) -> str:
    """What `Paper.sources` calls a database: `zotero`, or its path where it is not this computer's own.

    Two databases never share a name: papers that one no longer holds must not count as gone from the other.
    """
    try:
        if database.samefile(own_database()):
            return NAME
    except (DocumentError, OSError):
        pass
    path = database.resolve()
    shown = path.parent if path.name == DATABASE else path
    return f"{NAME} ({os.fsencode(shown).decode('utf-8', 'replace')})"


def is_data_folder(folder: Path) -> bool:
    """Whether Zotero keeps its data in this folder: beside the database lie its attachments, which are no exports."""
    return (folder / DATABASE).is_file() and (folder / "storage").is_dir()


def is_own_file(path: Path) -> bool:
    """Whether the file belongs to a Zotero database beside it: a log, a backup, the citekeys of Better BibTeX."""
    belongs = path.name != DATABASE and path.name.startswith((f"{DATABASE}-", f"{DATABASE}.", "better-bibtex"))
    return belongs and (path.parent / DATABASE).is_file()


def _data_folders() -> Iterator[tuple[Path, bool]]:
    """The folders that may hold the data, likeliest first, and whether the user chose it in Zotero."""
    homes = [Path.home()]
    if sys.platform not in ("win32", "darwin"):
        # Packages in a sandbox have a home of their own.
        homes += [Path.home() / ".var/app/org.zotero.Zotero", Path.home() / "snap/zotero-snap/common"]
    profiles = [(home, profile) for home in homes for profile in _profiles(home)]
    for home, profile in profiles:
        chosen = _chosen_folder(profile)
        if chosen is not None:
            yield chosen, chosen != home / "Zotero"
    yield from ((home / "Zotero", False) for home in homes)
    yield from ((profile / "zotero", False) for _, profile in profiles)  # Zotero before version 5


def _profiles(home: Path) -> list[Path]:
    """Zotero's profiles, the default one first."""
    if sys.platform == "win32":
        root = Path(os.environ.get("APPDATA", home / "AppData/Roaming")) / "Zotero/Zotero"
    elif sys.platform == "darwin":
        root = home / "Library/Application Support/Zotero"
    else:
        root = home / ".zotero/zotero"
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        parser.read_string((root / "profiles.ini").read_text("utf-8", "replace"))
    except (OSError, configparser.Error):
        return []
    sections = [parser[name] for name in parser.sections() if "path" in parser[name]]
    sections.sort(key=lambda section: section.get("default") != "1")
    return [root / section["path"] for section in sections]  # an absolute path stays as it is


def _chosen_folder(profile: Path) -> Path | None:
    """The data folder that a profile names."""
    try:
        text = (profile / "prefs.js").read_text("utf-8", "replace")
    except OSError:
        return None
    values = dict(_PREFERENCE.findall(text))
    if values.get("useDataDir", "").strip() != "true":
        return None
    try:
        folder = json.loads(values.get("dataDir", ""))
    except ValueError:
        return None
    return Path(folder) if isinstance(folder, str) and folder else None
